// ECMAScript modules: one call over undici, and one over an HttpClient of Effect's.
import { Cloudauth, Credentials } from "@effect-cloudauth/core"
import { NodeTransport } from "@effect-cloudauth/node"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"

const options = { url: process.env.CLOUDAUTH_ENDPOINT }
const clients = [
  Layer.provide(Cloudauth.layerTransport(options), NodeTransport.layer()),
  Layer.provide(Cloudauth.layer(options), FetchHttpClient.layer)
]

const call = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb-passed-global-passport" })

const over = (client) =>
  call.pipe(
    Effect.map(({ verdict }) => verdict._tag),
    Effect.provide(Layer.provide(client, Credentials.layerConfig()))
  )

console.log((await Effect.runPromise(Effect.forEach(clients, over))).join(" "))
