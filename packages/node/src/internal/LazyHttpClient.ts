/**
 * What `HttpClient.makeWith` makes, without its module: this package's client asks for round trips and never needs it.
 * For whoever uses the `HttpClient` otherwise, what that takes is loaded with the first request.
 */
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import type { HttpMethod } from "effect/http/HttpMethod"
import * as Inspectable from "effect/Inspectable"
import { pipeArguments } from "effect/Pipeable"

/** What is loaded. */
export interface Loaded {
  readonly makeRequest: typeof HttpClientRequest.make
  readonly send: (request: HttpClientRequest.HttpClientRequest) => Effect.Effect<HttpClientResponse, HttpClientError>
}

type Method = HttpClient["get"]

export class LazyHttpClient extends Inspectable.Class implements HttpClient {
  readonly "~effect/http/HttpClient" = "~effect/http/HttpClient"
  readonly preprocess: HttpClient["preprocess"]
  readonly postprocess: HttpClient["postprocess"]
  readonly execute: HttpClient["execute"]
  readonly get: Method
  readonly query: Method
  readonly head: Method
  readonly post: Method
  readonly patch: Method
  readonly put: Method
  readonly del: Method
  readonly options: Method
  /** Waits until the requests that wait for what is loaded have gone on. */
  readonly caughtUp: Effect.Effect<void>

  constructor(load: () => Promise<Loaded>) {
    super()
    let known: Loaded | undefined
    let loading: Promise<Loaded> | undefined
    const loaded = Effect.suspend(() =>
      known === undefined
        ? Effect.map(
            Effect.promise(() => (loading = load())),
            (now) => (known = now)
          )
        : Effect.succeed(known)
    )
    this.caughtUp = Effect.suspend(() =>
      known !== undefined || loading === undefined
        ? Effect.void
        : // Settled, not fulfilled: should it fail, those requests are told.
          Effect.asVoid(Effect.promise(() => Promise.allSettled([loading])))
    )
    this.preprocess = (request) => Effect.succeed(request)
    this.postprocess = Effect.flatMap((request) => Effect.flatMap(loaded, ({ send }) => send(request)))
    this.execute = (request) => this.postprocess(this.preprocess(request))
    // As Effect's own, by `execute` of whoever inherits this: a client that wraps another may replace it.
    const by = (method: HttpMethod): Method =>
      function (this: HttpClient, url, options) {
        return Effect.flatMap(loaded, ({ makeRequest }) => this.execute(makeRequest(method)(url, options)))
      }
    this.get = by("GET")
    this.query = by("QUERY")
    this.head = by("HEAD")
    this.post = by("POST")
    this.patch = by("PATCH")
    this.put = by("PUT")
    this.del = by("DELETE")
    this.options = by("OPTIONS")
  }

  override toJSON(): unknown {
    return { _id: "effect/HttpClient" }
  }

  pipe() {
    return pipeArguments(this, arguments)
  }
}
