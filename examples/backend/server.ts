import { createServer } from "node:http"
import { type Cloudauth, TransactionStore } from "@effect-cloudauth/core"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { NodeHttpServer } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { HttpApiBuilder, HttpApiScalar } from "effect/http-api"
import { Api } from "./Api.ts"
import { Decisions } from "./Decisions.ts"
import * as Verifications from "./Verifications.ts"

const routes = Layer.mergeAll(
  HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(
    Layer.provide([Verifications.verifications, Verifications.decisions]),
    Layer.provide(Verifications.ownership)
  ),
  HttpApiScalar.layer(Api, { path: "/docs" }),
  Verifications.callback
)

/** In production both stores are your database: `TransactionStoreSql.layer`, and a table for the decisions. */
const stores = Layer.merge(TransactionStore.layerMemory, Decisions.layerMemory)

/** The whole application over a client. */
export const application = <E>(client: Layer.Layer<Cloudauth, E>) => {
  const services = Layer.merge(stores, client)
  return routes.pipe(HttpRouter.provideRequest(services), Layer.provide(services))
}

const httpServer = Layer.unwrap(
  Effect.map(Config.Port("PORT"), (port) => NodeHttpServer.layer(createServer, { port, host: "127.0.0.1" }))
)

/** The application on a port. Without `CLOUDAUTH_ENDPOINT` the service is the vendor's own. */
export const layer = HttpRouter.serve(application(NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT }))).pipe(
  Layer.provide(httpServer)
)
