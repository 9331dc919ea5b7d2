import { Assessment, Cloudauth, Decision, DecisionPolicy, Document } from "@effect-cloudauth/core"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { DateTime, Effect, ManagedRuntime } from "effect"

// What Initialize asked for; with TransactionStore.awaitStored the store knows it.
const expect = { document: Document.HongKongIdentityCard, idSpoof: true }

const decide = (merchantBizId: string, transactionId: string) =>
  Effect.gen(function* () {
    const result = yield* Cloudauth.awaitResult({ merchantBizId, transactionId, expect })
    const assessed = Assessment.assess(result, { now: yield* DateTime.now })
    return Decision.match(Decision.of(DecisionPolicy.standard, assessed), {
      accept: () => `Welcome, ${Document.reveal(result.ocr)?.englishName}`,
      retake: ({ userText }) => userText.en, // may be shown
      review: ({ userText }) => userText.en, // the findings are for your reviewer
      decline: ({ userText }) => userText.en
    })
  }).pipe(Effect.catchTag("TransactionIdInvalid", () => Effect.succeed("Please start again.")))

const live = NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT }) // undefined: the vendor's, in Hong Kong
const runtime = ManagedRuntime.make(live) // one for the process: one connection pool, one quota
const transactionId = process.argv[2] ?? "hksb-passed-hong-kong-identity-card"
runtime.runPromise(decide("order1", transactionId)).then(console.log)
