import { once } from "node:events"
import { createServer } from "node:http"
import { createClient, Decision, DecisionPolicy, DocType, nodeHandler, reveal } from "@effect-cloudauth/node/Client"

const callbackToken = process.env.CLOUDAUTH_CALLBACK_TOKEN

// The access key comes from the environment. In production `store` is your database: { dialect, query }.
const client = createClient({ url: process.env.CLOUDAUTH_ENDPOINT, store: "memory" })

// The platform calls when the user is done. The result comes from CheckResult, once, however often it calls.
const callback = client.callbackHandler({
  callbackToken,
  onResult: async ({ result, transaction }) => {
    const decision = Decision.of(DecisionPolicy.standard, result)
    const findings = decision.findings.map(({ code }) => code)
    console.log(`${transaction.merchantBizId}: ${decision._tag}, because of ${[...new Set(findings)].join()}`)
    setImmediate(end)
  }
})
const server = createServer(nodeHandler(callback)).listen(process.env.PORT)
await once(server, "listening")

const end = async () => {
  server.close()
  await client.close()
}

// Begins the check and stores it. Then the user's browser goes to the vendor's page.
const { transactionUrl } = await client.initialize({
  merchantBizId: "order4711",
  merchantUserId: "5e884898da28047151d0e56f8dc6292773603d0d", // a hash of your user's id
  docType: DocType.GlobalPassport,
  idSpoof: true,
  callbackUrl: `${process.env.PUBLIC_URL}/cloudauth/callback`,
  callbackToken
})
console.log("send the user to", new URL(reveal(transactionUrl)).protocol)
