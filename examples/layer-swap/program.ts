/** The program knows what it asks for, never whom. */
import { Assessment, Cloudauth, Decision, DecisionPolicy, Document } from "@effect-cloudauth/core"
import { DateTime, Effect } from "effect"

const transactionId = process.argv[2] ?? "hksb-passed-hong-kong-identity-card" // stored at Initialize

export const program = Cloudauth.checkResult({
  merchantBizId: "order1",
  transactionId,
  expect: { document: Document.HongKongIdentityCard, idSpoof: true }
}).pipe(
  Effect.zipWith(DateTime.now, (result, now) => Assessment.assess(result, { now })),
  Effect.map(Decision.of(DecisionPolicy.standard)),
  Effect.map(({ _tag, userText }) => (_tag === "accept" ? "accepted" : userText.en)),
  Effect.tap((decision) => Effect.sync(() => console.log(`order1: ${decision}`)))
)
