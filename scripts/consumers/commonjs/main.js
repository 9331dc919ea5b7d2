// CommonJS: the Promise facade against a service of this process's own.
const { Verdict } = require("@effect-cloudauth/core")
const Server = require("@effect-cloudauth/emulator/Server")
const { createClient, reveal } = require("@effect-cloudauth/node/Client")

const main = async () => {
  const { gateway, url, close } = await Server.start()
  const { accessKeyId, accessKeySecret } = gateway
  const client = createClient({ url, credentials: { accessKeyId, accessKeySecret } })
  const result = await client.checkResult({
    merchantBizId: "order1",
    transactionId: "hksb-passed-global-passport",
    document: "GlobalPassport"
  })
  const line = Verdict.match(result.verdict, {
    Passed: () => `Passed ${reveal(result.ocr)?.nationality}`,
    Rejected: ({ subCode }) => subCode.userText,
    Inconclusive: () => "We will contact you."
  })
  console.log(line)
  await client.close()
  await close()
}

main()
