import { Cloudauth } from "@effect-cloudauth/core"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { Effect, Schedule } from "effect"
import * as VaultCredentials from "./VaultCredentials.ts"

const live = NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT, credentials: VaultCredentials.layer })

/** Eight checks at once: the first of them fetches a key, the others wait for the same one. */
const eightChecks = Effect.forEach(
  Array.from({ length: 8 }, (_, index) => `hksb-passed-global-passport-${index}`),
  (transactionId) => Cloudauth.checkResult({ merchantBizId: "order1", transactionId }),
  { concurrency: "unbounded" }
).pipe(Effect.tap((results) => Effect.sync(() => console.log(results.map(({ verdict }) => verdict._tag).join(" ")))))

await Effect.runPromise(
  eightChecks.pipe(Effect.repeat(Schedule.spaced("700 millis").pipe(Schedule.upTo({ times: 4 }))), Effect.provide(live))
)
