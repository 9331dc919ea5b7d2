// A server bundled whole: undici and the vendor's credential chain are in it.
import { createClient, reveal } from "@effect-cloudauth/node/Client"

export const check = async ({ url, accessKeyId, accessKeySecret }) => {
  const client = createClient({ url, credentials: { accessKeyId, accessKeySecret } })
  const result = await client.checkResult({
    merchantBizId: "order1",
    transactionId: "hksb-passed-global-passport",
    document: "GlobalPassport"
  })
  await client.close()
  return `${result.verdict._tag} ${reveal(result.ocr)?.nationality}`
}
