/** One process that asks as fast as its quota lets it, until a message ends it: `load.ts URL ACCOUNT LIMIT FLIGHT`. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
import * as Quota from "@effect-cloudauth/cluster/Quota"
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { redisUrl } from "./servers.ts"

const [url, account = "load", limit = "10", flight = "1000"] = process.argv.slice(2)

const options = { limit: Number(limit), flight: Number(flight) }
const quota = Quota.layerRedis({ ...options, account }).pipe(
  Layer.provide(NodeRedis.layer({ url: redisUrl, name: "effect-cloudauth-quota", disableOfflineQueue: true }))
)
const live = NodeCloudauth.layer({
  url,
  credentials: Credentials.layerStatic({
    accessKeyId: "emulator-access-key-id",
    accessKeySecret: Redacted.make("emulator-access-key-secret")
  }),
  transport: Quota.layerTransport.pipe(Layer.provide([NodeTransport.layer(), quota]))
})

const ask = Effect.suspend(() =>
  Cloudauth.checkResult({ merchantBizId: "load1", transactionId: `load${process.pid}` })
).pipe(Effect.ignore, Effect.repeat(Schedule.forever))

process.on("disconnect", () => process.exit(0))
await Effect.runPromise(
  Effect.all(
    Array.from({ length: 16 }, () => ask),
    { concurrency: "unbounded", discard: true }
  ).pipe(Effect.provide(live))
)
