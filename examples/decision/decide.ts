/** A decision for a user who has finished: the verdict and the findings in, an outcome with its reasons out. */
import { Decision, DecisionPolicy, TransactionStore } from "@effect-cloudauth/core"
import { Effect } from "effect"

export const decide = Effect.gen(function* () {
  const result = yield* TransactionStore.awaitStored({ merchantBizId: "order4711" }) // held against what Initialize asked for
  return Decision.of(DecisionPolicy.standard, result) // pure: verdict and findings in, reasons out
})

export const answer = decide.pipe(
  Effect.map(
    Decision.match({
      accept: () => "Welcome",
      retake: ({ userText }) => userText.en, // may be shown
      review: ({ findings }) => `case opened: ${findings.map(({ code }) => code).join(", ")}`,
      decline: ({ userText }) => userText.en
    })
  ),
  Effect.catchTag("TransactionExpired", () => Effect.succeed("Please start again"))
)
