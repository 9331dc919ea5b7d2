import { createServer } from "node:http"
import { type Cloudauth, TransactionStore } from "@effect-cloudauth/core"
import * as TransactionStoreSql from "@effect-cloudauth/core/TransactionStoreSql"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { NodeHttpServer } from "@effect/platform-node"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Config, Effect, Layer, Option } from "effect"
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

const inMemory = Layer.merge(TransactionStore.layerMemory, Decisions.layerMemory)

const inPostgres = Layer.merge(TransactionStoreSql.layer, Decisions.layerSql).pipe(
  Layer.provide(
    PgClient.layerConfig({ url: Config.Redacted("DATABASE_URL"), applicationName: Config.succeed("backend") })
  )
)

/** The PostgreSQL of `DATABASE_URL`; in memory without it. */
export const stores = Layer.unwrap(
  Effect.map(Config.option(Config.Redacted("DATABASE_URL")), (url) => (Option.isSome(url) ? inPostgres : inMemory))
)

/** The whole application over its services. */
export const application = <E>(services: Layer.Layer<Cloudauth | TransactionStore | Decisions, E>) =>
  routes.pipe(HttpRouter.provideRequest(services), Layer.provide(services))

const httpServer = Layer.unwrap(
  Effect.map(
    Config.all({ port: Config.Port("PORT"), host: Config.withDefault(Config.String("HOST"), "127.0.0.1") }),
    (address) => NodeHttpServer.layer(createServer, address)
  )
)

/** Without `CLOUDAUTH_ENDPOINT` the service is the vendor's own. */
const services = Layer.merge(stores, NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT }))

/** The application on a port, which opens after the services: what comes in before the routes are there gets no answer. */
export const layer = HttpRouter.serve(application(services)).pipe(Layer.provide(httpServer), Layer.provide(services))
