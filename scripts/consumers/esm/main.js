// ECMAScript modules: the client as a layer, traced.
import { Cloudauth, Document, Verdict } from "@effect-cloudauth/core"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { TestTelemetry } from "@effect-cloudauth/otel"
import { Effect, Layer } from "effect"

const program = Effect.gen(function* () {
  const telemetry = yield* TestTelemetry
  const result = yield* Cloudauth.checkResult({
    merchantBizId: "order1",
    transactionId: "hksb-passed-global-passport",
    document: Document.GlobalPassport
  })
  const spans = yield* telemetry.spans
  if (spans.length === 0) return "no span"
  return Verdict.match(result.verdict, {
    Passed: () => `Passed ${Document.reveal(result.ocr)?.nationality}`,
    Rejected: ({ subCode }) => subCode.userText,
    Inconclusive: () => "We will contact you."
  })
})

const client = NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT })
console.log(await Effect.runPromise(program.pipe(Effect.provide(Layer.merge(client, TestTelemetry.layer)))))
