// ECMAScript modules: one call over each transport.
import { Cloudauth, Credentials } from "@effect-cloudauth/core"
import { NodeCrypto, NodeTransport } from "@effect-cloudauth/node"
import { Effect, Layer } from "effect"

const transports = [NodeTransport.layer(), NodeTransport.layerNodeHttp(), NodeTransport.layerFetch]

const call = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb-passed-global-passport" })

const over = (transport) =>
  call.pipe(
    Effect.map(({ verdict }) => verdict._tag),
    Effect.provide(
      Cloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT }).pipe(
        Layer.provide([Credentials.layerConfig, NodeCrypto.layer, transport])
      )
    )
  )

console.log((await Effect.runPromise(Effect.forEach(transports, over))).join(" "))
