/** Starts the backend and does what a front end would, through a client that is made from the same definition. */
import { Config, Effect, Layer, References, Schedule } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { Api } from "./Api.ts"
import { run } from "./program.ts"
import * as server from "./server.ts"

const say = (line: string) => Effect.sync(() => console.log(line))

const drive = Effect.gen(function* () {
  const baseUrl = yield* Config.URL("PUBLIC_URL")
  const as = (user: string) =>
    HttpApiClient.make(Api, {
      baseUrl,
      transformClient: HttpClient.mapRequest(HttpClientRequest.setHeader("x-user-id", user))
    })
  const { cloudauth, decisions } = yield* as("user-4711")

  const page = yield* HttpClient.get(new URL("/docs", baseUrl))
  yield* say(`GET  /docs → ${page.status}, the API's page`)

  const { id, url = "" } = yield* cloudauth.begin({ payload: { document: "HongKongIdentityCard" } })
  yield* say(`POST /verifications → ${id}; the browser goes to ${new URL(url).origin}`)

  const state = Effect.tap(cloudauth.state({ params: { id } }), ({ state }) =>
    say(`GET  /verifications/${id} → ${state}`)
  )
  yield* state.pipe(
    Effect.repeat({ while: ({ state }) => state !== "collected", schedule: Schedule.spaced("250 millis") })
  )

  const { verdict } = yield* cloudauth.result({ params: { id } })
  yield* say(`GET  /verifications/${id}/result → ${verdict._tag}`)
  const { outcome, text } = yield* decisions.read({ params: { id } })
  yield* say(`GET  /verifications/${id}/decision → ${outcome}: ${text.en}`)

  const stranger = yield* as("user-0815")
  const refused = yield* Effect.flip(stranger.cloudauth.state({ params: { id } }))
  yield* say(`GET  /verifications/${id} as another user → ${refused._tag}`)
}).pipe(Effect.timeout("30 seconds"))

run(
  drive.pipe(
    Effect.provide(Layer.merge(server.layer, FetchHttpClient.layer)),
    Effect.provideService(References.MinimumLogLevel, "Warn") // the lines above say it all
  )
)
