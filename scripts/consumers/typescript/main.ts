// Every package in one program, with the declarations of all of them checked.
import { Report } from "@effect-cloudauth/cli"
import { Quota } from "@effect-cloudauth/cluster"
import { Advice, Cloudauth, type CloudauthError, Credentials, Document, Verdict } from "@effect-cloudauth/core"
import * as Callback from "@effect-cloudauth/core/Callback"
import * as TransactionStoreSql from "@effect-cloudauth/core/TransactionStoreSql"
import { Emulator } from "@effect-cloudauth/emulator"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { TestTelemetry } from "@effect-cloudauth/otel"
import { Effect, Layer } from "effect"

export const parts = [Report, Quota, Callback, TransactionStoreSql]

const program: Effect.Effect<string, CloudauthError.CloudauthError, Cloudauth> = Cloudauth.checkResult({
  merchantBizId: "order1",
  transactionId: "hksb-passed-global-passport",
  document: Document.GlobalPassport
}).pipe(
  Effect.map((result) =>
    Verdict.match(result.verdict, {
      Passed: () => `Passed ${Document.reveal(result.ocr)?.nationality}`,
      Rejected: ({ subCode }) => Advice.ofSubCode(subCode).user.en,
      Inconclusive: () => "We will contact you."
    })
  )
)

// @ts-expect-error a transaction id is needed
export const withoutId = () => Cloudauth.checkResult({ merchantBizId: "order1" })

const live = Layer.unwrap(
  Effect.map(Emulator, ({ accessKeyId, accessKeySecret, url }) =>
    NodeCloudauth.layer({ url, credentials: Credentials.layerStatic({ accessKeyId, accessKeySecret }) })
  )
).pipe(Layer.provide(Emulator.layer()))

console.log(await Effect.runPromise(program.pipe(Effect.provide(Layer.merge(live, TestTelemetry.layer)))))
