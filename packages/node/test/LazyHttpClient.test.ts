/** An `HttpClient` whose module is loaded when it is used; Effect's own says what is right. */
import { inspect } from "node:util"
import * as Transport from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { LazyHttpClient } from "../src/internal/LazyHttpClient.ts"

const echo = (request: HttpClientRequest.HttpClientRequest) =>
  Effect.succeed(
    HttpClientResponse.fromWeb(
      request,
      new Response(JSON.stringify([request.method, request.url, request.urlParams.params, request.headers]))
    )
  )

const effects = HttpClient.makeWith<never, never, HttpClientError, never>(Effect.flatMap(echo), Effect.succeed)

const lazy = () => {
  let loads = 0
  const client = new LazyHttpClient(async () => {
    loads++
    return { makeRequest: HttpClientRequest.make, send: echo }
  })
  return { client, loads: () => loads }
}

const url = "http://127.0.0.1/a"
const options = { urlParams: { b: "c" }, headers: { d: "e" } }

/** All ways to use a client, as texts. */
const uses = (client: HttpClient.HttpClient) =>
  Effect.gen(function* () {
    const doubled = HttpClient.mapRequest(client, HttpClientRequest.setHeader("f", "g"))
    const replaced: HttpClient.HttpClient = Object.assign(Object.create(client), {
      execute: (request: HttpClientRequest.HttpClientRequest) => client.execute(HttpClientRequest.setUrl(request, "/h"))
    })
    const all = [
      client.execute(HttpClientRequest.put(url, options)),
      client.get(url, options),
      client.query(url),
      client.head(url),
      client.post(new URL(url)),
      client.patch(url),
      client.put(url),
      client.del(url, options),
      client.options(url),
      client.pipe(HttpClient.tapRequest(() => Effect.void)).get(url),
      doubled.post(url),
      replaced.get(url),
      client.postprocess(client.preprocess(HttpClientRequest.get(url)))
    ]
    return [
      ...(yield* Effect.forEach(all, (one) => Effect.flatMap(one, (response) => response.text))),
      HttpClient.isHttpClient(client),
      String(client),
      JSON.stringify(client),
      inspect(client)
    ]
  })

describe("an HttpClient that is loaded when it is used", () => {
  it.effect("does what Effect's own does", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* uses(lazy().client), yield* uses(effects))
    })
  )

  it.effect("is loaded once, and not before", () =>
    Effect.gen(function* () {
      const { client, loads } = lazy()
      HttpClient.mapRequest(client, (request) => request)
      assert.strictEqual(loads(), 0)
      yield* client.get(url)
      yield* client.get(url)
      assert.strictEqual(loads(), 1)
    })
  )

  it("has the key of Effect's own", () => {
    assert.strictEqual(Transport.HttpClient.key, HttpClient.HttpClient.key)
  })
})
