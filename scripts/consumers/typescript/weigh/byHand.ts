// The same call with Effect alone: its service, its errors, its schemas.
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

class ProcessNotCompleted extends Schema.TaggedError<ProcessNotCompleted>()("ProcessNotCompleted", {
  code: Schema.String
}) {}

class Throttled extends Schema.TaggedError<Throttled>()("Throttled", { code: Schema.String }) {}

const Passport = Schema.Struct({ surname: Schema.optional(Schema.String), passportNo: Schema.optional(Schema.String) })
const ExtIdInfo = Schema.Struct({ ocrIdInfo: Schema.fromJsonString(Passport) })
const Answer = Schema.Struct({
  Code: Schema.String,
  Result: Schema.Struct({
    Passed: Schema.Literals(["Y", "N", "P"]),
    SubCode: Schema.String,
    ExtIdInfo: Schema.fromJsonString(ExtIdInfo)
  })
})

type Check = (id: string) => Effect.Effect<typeof Answer.Type, ProcessNotCompleted | Throttled>

class Client extends Context.Service<Client, { readonly check: Check }>()("Client") {
  static readonly layer = Layer.effect(
    Client,
    Effect.gen(function* () {
      const http = yield* HttpClient.HttpClient
      const key = yield* Config.Redacted("KEY")
      const check: Check = (id) =>
        HttpClientRequest.post(`https://service.example/?TransactionId=${id}`).pipe(
          HttpClientRequest.setHeader("authorization", Redacted.value(key)),
          http.execute,
          Effect.flatMap(HttpClientResponse.schemaBodyJson(Answer)),
          Effect.scoped,
          Effect.orDie
        )
      return { check }
    })
  )
}

const program = Effect.gen(function* () {
  const client = yield* Client
  const { Result } = yield* client.check("hksb0000")
  return Result.ExtIdInfo.ocrIdInfo.passportNo
}).pipe(
  Effect.catchTag("ProcessNotCompleted", () => Effect.undefined),
  Effect.catchTag("Throttled", () => Effect.undefined),
  Effect.provide(Layer.provide(Client.layer, FetchHttpClient.layer))
)

export const run = (): Promise<string | undefined> => Effect.runPromise(program)
