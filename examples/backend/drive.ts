/** Starts the backend and does what a front end would, through a client that is made from the same definition. */
import { Config, Effect, Layer, References, Schedule } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { Api } from "./Api.ts"
import * as server from "./server.ts"

const say = (line: string) => Effect.sync(() => console.log(line))

const drive = Effect.gen(function* () {
  const baseUrl = yield* Config.URL("PUBLIC_URL")
  const { verifications } = yield* HttpApiClient.make(Api, { baseUrl })

  const page = yield* HttpClient.get(new URL("/docs", baseUrl))
  yield* say(`GET  /docs → ${page.status}, the API's page`)

  const { id, url } = yield* verifications.begin({ payload: { userId: "user-4711", document: "GlobalPassport" } })
  yield* say(`POST /verifications → ${id}; the browser goes to ${new URL(url).origin}`)

  const read = Effect.tap(verifications.read({ params: { id } }), ({ status }) =>
    say(`GET  /verifications/${id} → ${status}`)
  )
  yield* read.pipe(
    Effect.repeat({ while: ({ status }) => status === "pending", schedule: Schedule.spaced("250 millis") })
  )

  const unknown = yield* Effect.flip(verifications.read({ params: { id: "0".repeat(32) } }))
  yield* say(`GET  /verifications/000… → ${unknown._tag}`)
}).pipe(Effect.timeout("30 seconds"))

await Effect.runPromise(
  drive.pipe(
    Effect.provide(Layer.merge(server.layer, FetchHttpClient.layer)),
    Effect.provideService(References.MinimumLogLevel, "Warn") // the lines above say it all
  )
)
