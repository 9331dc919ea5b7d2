// A backend on Express: each route checks an order, through the Effect client and through the Promise client.
import { once } from "node:events"
import { Cloudauth } from "@effect-cloudauth/core"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { createClient, nodeHandler } from "@effect-cloudauth/node/Client"
import { Effect, Layer, ManagedRuntime } from "effect"
import express from "express"
import { telemetry } from "./telemetry.mjs"

const { CALLBACK_TOKEN: callbackToken, CLOUDAUTH_ENDPOINT: url, ID_SUFFIX: suffix } = process.env

const runtime = ManagedRuntime.make(Layer.merge(NodeCloudauth.layer({ url }), telemetry))
const client = createClient({ url, store: "memory" })

const request = (order) => ({
  merchantBizId: `order${suffix}`,
  transactionId: `hksb-${order}-${suffix}`,
  isReturnImage: true
})

const answer = (response, promise) =>
  promise.then(
    (result) => response.json({ verdict: result.verdict._tag }),
    (error) => response.status(502).json({ error: error._tag })
  )

const app = express()
app.post("/effect/:order", ({ params }, response) =>
  answer(response, runtime.runPromise(Cloudauth.checkResult(request(params.order))))
)
app.post("/promise/:order", ({ params }, response) => answer(response, client.checkResult(request(params.order))))
app.all("/cloudauth/callback", nodeHandler(client.callbackHandler({ callbackToken, onResult: () => {} })))

const server = app.listen(0, "127.0.0.1")
await once(server, "listening")
await runtime.runPromise(Effect.void) // builds the layers, with their warnings
console.log(`listening on ${server.address().port}`)

process.once("SIGTERM", async () => {
  server.close()
  await runtime.dispose()
  await client.close()
})
