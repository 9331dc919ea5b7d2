/** The program knows what it asks for, never whom. */
import { Cloudauth, Document, Verdict } from "@effect-cloudauth/core"
import { Effect } from "effect"

const transactionId = process.argv[2] ?? "hksb-passed-global-passport" // stored at Initialize

export const program = Cloudauth.checkResult({
  merchantBizId: "order1",
  transactionId,
  document: Document.GlobalPassport
}).pipe(
  Effect.map(({ verdict }) =>
    Verdict.match(verdict, {
      Passed: () => "accepted",
      Rejected: ({ subCode }) => subCode.userText,
      Inconclusive: () => "We will contact you."
    })
  ),
  Effect.tap((decision) => Effect.sync(() => console.log(`order1: ${decision}`)))
)
