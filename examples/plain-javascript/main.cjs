const {
  createClient,
  ProcessNotCompleted,
  TransactionIdInvalid,
  Verdict,
  reveal
} = require("@effect-cloudauth/node/Client")

const transactionId = process.argv[2] ?? "hksb-passed-global-passport"

// The access key comes from the environment. Create a client once, and close it at the end.
const client = createClient({ url: process.env.CLOUDAUTH_ENDPOINT })

const decide = (result) =>
  Verdict.match(result.verdict, {
    Passed: () => `accepted: a passport of ${reveal(result.ocr)?.countryCode}`,
    Rejected: ({ subCode }) => subCode.userText,
    Inconclusive: () => "We will contact you."
  })

const explain = (error) => {
  if (error instanceof ProcessNotCompleted) return "the user has not finished: ask later, or use awaitResult"
  if (error instanceof TransactionIdInvalid) return "Please start again."
  throw error
}

client
  .checkResult({ merchantBizId: "order1", transactionId, document: "GlobalPassport" })
  .then(decide, explain)
  .then(console.log)
  .finally(() => client.close())
