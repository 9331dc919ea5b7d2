// The same backend without Express and without the Promise client: Effect's own HTTP server.
import { createServer } from "node:http"
import { Cloudauth, TransactionStore } from "@effect-cloudauth/core"
import * as Callback from "@effect-cloudauth/core/Callback"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Effect, Layer, Redacted } from "effect"
import { HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import { telemetry } from "./telemetry.mjs"

const { CALLBACK_TOKEN: callbackToken, CLOUDAUTH_ENDPOINT: url, ID_SUFFIX: suffix } = process.env

const check = Effect.gen(function* () {
  const { order } = yield* HttpRouter.params
  const result = yield* Cloudauth.checkResult({
    merchantBizId: `order${suffix}`,
    transactionId: `hksb-${order}-${suffix}`,
    isReturnImage: true
  })
  return yield* HttpServerResponse.json({ verdict: result.verdict._tag })
}).pipe(Effect.catch((error) => HttpServerResponse.json({ error: error._tag }, { status: 502 })))

const routes = Layer.merge(
  HttpRouter.add("POST", "/effect/:order", check),
  Callback.layer({ callbackToken: Redacted.make(callbackToken), onResult: () => Effect.void })
)

const listening = Layer.effectDiscard(
  Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer
    console.log(`listening on ${address.port}`)
  })
)

Layer.merge(HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }), listening).pipe(
  Layer.provide(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })),
  Layer.provide([TransactionStore.layerMemory, NodeCloudauth.layer({ url })]),
  Layer.provide(telemetry),
  Layer.launch,
  NodeRuntime.runMain
)
