// One call, as a program would make it.
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Document from "@effect-cloudauth/core/Document"
import * as Verdict from "@effect-cloudauth/core/Verdict"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import * as Effect from "effect/Effect"

const program = Effect.gen(function* () {
  const result = yield* Cloudauth.checkResult({
    merchantBizId: "order1",
    transactionId: "hksb0000",
    document: Document.GlobalPassport
  })
  return Verdict.match(result.verdict, {
    Passed: () => Document.reveal(result.ocr)?.passportNo,
    Rejected: ({ subCode }) => subCode.code,
    Inconclusive: () => undefined
  })
}).pipe(
  Effect.catchTag("ProcessNotCompleted", () => Effect.undefined),
  Effect.catchTag("Throttled", () => Effect.undefined),
  Effect.provide(NodeCloudauth.layer({ region: "cn-hongkong" }))
)

export const run = (): Promise<string | undefined> => Effect.runPromise(program)
