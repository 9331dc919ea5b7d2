import { createClient, ProcessNotCompleted, TransactionIdInvalid, Verdict, reveal } from "@effect-cloudauth/node/Client"

const transactionId = process.argv[2] ?? "hksb-passed-global-passport"

// The access key comes from the environment. Create a client once, and close it at the end.
const client = createClient({ url: process.env.CLOUDAUTH_ENDPOINT })

try {
  const result = await client.checkResult(
    { merchantBizId: "order1", transactionId, document: "GlobalPassport" },
    { signal: AbortSignal.timeout(20_000) }
  )
  console.log(
    Verdict.match(result.verdict, {
      Passed: () => `accepted: a passport of ${reveal(result.ocr)?.countryCode}`,
      Rejected: ({ subCode }) => subCode.userText,
      Inconclusive: () => "We will contact you."
    })
  )
} catch (error) {
  if (error instanceof ProcessNotCompleted) console.log("the user has not finished: ask later, or use awaitResult")
  else if (error instanceof TransactionIdInvalid) console.log("Please start again.")
  else throw error
} finally {
  await client.close()
}
