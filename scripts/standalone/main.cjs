// CommonJS: the same by require.
const { createClient, reveal, TransactionIdInvalid } = require("@effect-cloudauth/client")
const Advice = require("@effect-cloudauth/client/Advice")

const main = async () => {
  // What is loaded later: a key that is fetched, and the store in memory.
  const credentials = async () => ({
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET
  })
  const client = createClient({ url: process.env.CLOUDAUTH_ENDPOINT, credentials, store: "memory" })
  const request = { merchantBizId: "order1", transactionId: "hksb-passed-global-passport", document: "GlobalPassport" }
  const result = await client.checkResult(request)
  const unknown = { merchantBizId: "order1", transactionId: "hksb-error-TransactionIdInvalid" }
  const error = await client.checkResult(unknown).catch((error) => error)
  if (!(error instanceof TransactionIdInvalid) || !Advice.ofError(error).zhHant) throw error
  await client.close()
  console.log(result.verdict._tag, reveal(result.ocr).nationality)
}

main()
