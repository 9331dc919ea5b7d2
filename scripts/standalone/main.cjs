// CommonJS: the same by require.
const { createClient, reveal, TransactionIdInvalid } = require("@effect-cloudauth/client")

const main = async () => {
  const client = createClient({ url: process.env.CLOUDAUTH_ENDPOINT })
  const request = { merchantBizId: "order1", transactionId: "hksb-passed-global-passport", document: "GlobalPassport" }
  const result = await client.checkResult(request)
  const unknown = { merchantBizId: "order1", transactionId: "hksb-error-TransactionIdInvalid" }
  const error = await client.checkResult(unknown).catch((error) => error)
  if (!(error instanceof TransactionIdInvalid)) throw error
  await client.close()
  console.log(result.verdict._tag, reveal(result.ocr).nationality)
}

main()
