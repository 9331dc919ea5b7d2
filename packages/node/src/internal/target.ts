/** Where a request goes, and what it carries, in the terms of Node's HTTP clients. */
import { Readable } from "node:stream"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

export interface Target {
  /** Scheme, host and port. */
  readonly origin: string
  /** Path and query. */
  readonly path: string
}

// What the client sends: a canonical query behind "/". Such a URL is its own normal form and needs no parser.
const canonical = /^(https?:\/\/[a-z0-9.-]+(?::\d{1,5})?)(\/(?:\?[\w\-.~%&=]*)?)$/

/** Splits the request's URL. `undefined` where it is not an absolute `http:` or `https:` URL. */
export const ofRequest = (request: HttpClientRequest.HttpClientRequest): Target | undefined => {
  if (request.urlParams.params.length === 0) {
    const [, origin, path] = canonical.exec(request.url) ?? []
    if (origin !== undefined && path !== undefined) return { origin, path }
  }
  const url = Option.getOrUndefined(HttpClientRequest.toUrl(request))
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined
  return { origin: url.origin, path: url.pathname + url.search }
}

export const invalidUrl = (request: HttpClientRequest.HttpClientRequest): HttpClientError.HttpClientError =>
  new HttpClientError.HttpClientError({ reason: new HttpClientError.InvalidUrlError({ request }) })

export interface Payload {
  readonly headers: Headers.Headers
  readonly body: Uint8Array | Readable | null
}

/** The body as Node's clients take it, and the headers that go with it. */
export const payload = (
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<Payload, HttpClientError.HttpClientError> => {
  const { body, headers } = request
  const encodeError = (cause: unknown) =>
    new HttpClientError.HttpClientError({ reason: new HttpClientError.EncodeError({ request, cause }) })
  switch (body._tag) {
    case "Empty":
      return Effect.succeed({ headers, body: null })
    case "Uint8Array":
      return Effect.succeed({ headers, body: body.body })
    case "Raw":
    case "FormData": {
      const source = body._tag === "Raw" ? body.body : body.formData
      return Effect.tryPromise({
        try: async () => {
          // `Response` takes what fetch takes, and says which content type goes with it.
          const encoded = new Response(source as BodyInit) // anything else is turned to text, as fetch does
          const type = encoded.headers.get("content-type")
          return {
            headers: type === null ? headers : Headers.set(headers, "content-type", type),
            body: new Uint8Array(await encoded.arrayBuffer())
          }
        },
        catch: encodeError
      })
    }
    case "Stream":
      return Effect.sync(() => ({ headers, body: Readable.from(Stream.toAsyncIterable(body.stream)) }))
  }
}
