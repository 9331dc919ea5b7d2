import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { HttpRouter, HttpServer, HttpServerRequest } from "effect/http"
import { HttpApi, HttpApiBuilder, HttpApiError, OpenApi } from "effect/http-api"
import * as Layer from "effect/Layer"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as CloudauthApi from "../src/CloudauthApi.ts"
import * as Document from "../src/Document.ts"
import { TransactionStore } from "../src/TransactionStore.ts"

const Api = HttpApi.make("backend").add(CloudauthApi.group)

/** The user is what a header says: enough for a test. */
const ownership = Layer.succeed(
  CloudauthApi.Ownership,
  Effect.fnUntraced(function* (route) {
    const id = (yield* HttpServerRequest.HttpServerRequest).headers["x-user"]
    if (!id) return yield* new HttpApiError.Unauthorized()
    return yield* Effect.provideService(route, CloudauthApi.Owner, { id, merchantUserId: `hash${id}` })
  })
)

const client = Cloudauth.layerTest((request) =>
  request.transactionId.endsWith("pending")
    ? Canned.error("ProcessNotCompleted")
    : Canned.passed(Document.GlobalPassport)
)

/** Serves the API in memory and sends it requests. */
const serve = Effect.gen(function* () {
  const services = Layer.merge(client, TransactionStore.layerMemory)
  const routes = HttpApiBuilder.layer(Api).pipe(
    Layer.provide(CloudauthApi.layer(Api)),
    Layer.provide(ownership),
    HttpRouter.provideRequest(services),
    Layer.provide([services, HttpServer.layerServices])
  )
  const { dispose, handler } = HttpRouter.toWebHandler(routes, { disableLogger: true })
  yield* Effect.addFinalizer(() => Effect.promise(() => dispose()))
  return (method: string, path: string, user: string, body?: unknown) =>
    Effect.promise(async () => {
      const response = await handler(
        new Request(`http://backend.example${path}`, {
          method,
          headers: { "x-user": user, "content-type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) })
        }),
        Context.empty() as never // the routes have all that they need
      )
      const text = await response.text()
      return { status: response.status, text, json: text === "" ? undefined : JSON.parse(text) }
    })
})

describe("CloudauthApi", () => {
  it.live("lets an owner begin a verification, see its state, and read its result without the person", () =>
    Effect.gen(function* () {
      const send = yield* serve
      const begun = yield* send("POST", "/verifications", "ada", { document: "GlobalPassport" })
      assert.strictEqual(begun.status, 200, begun.text)
      assert.match(begun.json.url, /^https:/)
      const state = yield* send("GET", `/verifications/${begun.json.id}`, "ada")
      assert.strictEqual(state.json.state, "waiting")
      const result = yield* send("GET", `/verifications/${begun.json.id}/result`, "ada")
      assert.strictEqual(result.status, 200, result.text)
      assert.strictEqual(result.json.verdict._tag, "Passed")
      assert.strictEqual(result.json.spoof.front._tag, "Clear")
      assert.notInclude(result.text, "SPECIMEN")
      assert.notInclude(result.text, "L898902C3")
    }).pipe(Effect.scoped)
  )

  it.live("answers 404 to a caller who is not the owner, as for what does not exist", () =>
    Effect.gen(function* () {
      const send = yield* serve
      const { json } = yield* send("POST", "/verifications", "ada", { document: "GlobalPassport" })
      for (const path of [`/verifications/${json.id}`, `/verifications/${json.id}/result`, "/verifications/none"]) {
        const stranger = yield* send("GET", path, "eve")
        assert.strictEqual(stranger.status, 404, path)
        assert.strictEqual(stranger.json._tag, "VerificationNotFound")
      }
    }).pipe(Effect.scoped)
  )

  it.live("answers 401 to a caller whom the application does not know, and its OpenAPI document says so", () =>
    Effect.gen(function* () {
      const send = yield* serve
      const begun = yield* send("POST", "/verifications", "", { document: "GlobalPassport" })
      assert.deepStrictEqual([begun.status, begun.text], [401, ""])
      for (const path of ["/verifications/none", "/verifications/none/result"]) {
        assert.strictEqual((yield* send("GET", path, "")).status, 401, path)
      }
      const operations = Object.values(OpenApi.fromApi(Api).paths).flatMap(({ get, post }) => [get, post])
      for (const operation of operations) if (operation !== undefined) assert.property(operation.responses, "401")
    }).pipe(Effect.scoped)
  )

  it("carries the vendor's words in its OpenAPI document", () => {
    const text = JSON.stringify(OpenApi.fromApi(Api))
    assert.include(text, "/verifications/{id}/result")
    assert.include(text, "CheckResultView")
    assert.include(text, "ProcessNotCompleted")
  })
})
