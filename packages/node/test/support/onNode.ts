/** The facade on the Node that runs this, against the service at ENDPOINT. Prints one line of JSON. */
import { createRequire } from "node:module"
import { createClient, ProcessNotCompleted, reveal } from "@effect-cloudauth/node/Client"

const required: unknown = createRequire(import.meta.url)("@effect-cloudauth/node/Client")

const client = createClient({ url: process.env["ENDPOINT"] })
const result = await client.checkResult({ merchantBizId: "order1", transactionId: "hksb1", isReturnImage: true })
const state: unknown = await client
  .checkResult({ merchantBizId: "order1", transactionId: "hksb2" })
  .catch((error: unknown) => error)
await client.close()

// oxlint-disable-next-line no-console -- the line that the test reads
console.log(
  JSON.stringify({
    node: process.versions.node.split(".")[0],
    verdict: result.verdict._tag,
    image: reveal(result.images.front)?.byteLength === result.images.front?.size,
    state: state instanceof ProcessNotCompleted,
    requireIsImport:
      typeof required === "object" &&
      required !== null &&
      "createClient" in required &&
      required.createClient === createClient
  })
)
