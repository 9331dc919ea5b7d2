import { Cloudauth, Document, Verdict } from "@effect-cloudauth/core"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { Effect } from "effect"

const decide = (merchantBizId: string, transactionId: string) =>
  Cloudauth.awaitResult({ merchantBizId, transactionId, document: Document.HongKongIdentityCard }).pipe(
    Effect.map((result) =>
      Verdict.match(result.verdict, {
        Passed: () => `accepted: ${Document.reveal(result.ocr)?.idNumber}`,
        Rejected: ({ subCode }) => subCode.userText,
        Inconclusive: () => "We will contact you."
      })
    ),
    Effect.catchTag("TransactionIdInvalid", () => Effect.succeed("Please start again."))
  )

const live = NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT }) // undefined: the vendor's, in Hong Kong
const transactionId = process.argv[2] ?? "hksb-passed-hong-kong-identity-card"
Effect.runPromise(decide("order1", transactionId).pipe(Effect.provide(live))).then(console.log)
