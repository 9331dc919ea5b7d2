/** Keeps the query of a request out of the spans of Effect's HTTP server, which record it when the request has ended. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { isHttpServerError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import { redactQuery, redactUrl } from "./redactedQuery.ts"

const hide = (span: Tracer.Span): void => {
  const { attribute, end } = span
  const own: Pick<Tracer.Span, "attribute" | "end"> = {
    attribute: (name, value) => {
      const isAboutRequest = typeof value === "string" && /^(?:url|http)\./.test(name)
      attribute.call(
        span,
        name,
        isAboutRequest ? (name === "url.query" ? redactQuery(value) : redactUrl(value)) : value
      )
    },
    // The error of a 5xx answer holds the request; its message has the path alone.
    end: (endTime, exit) =>
      end.call(
        span,
        endTime,
        Exit.mapError(exit, (error) => (isHttpServerError(error) ? new Error(error.message) : error))
      )
  }
  // A frozen span refuses, which is no reason to fail the request.
  for (const [name, value] of Object.entries(own)) Reflect.defineProperty(span, name, { value, configurable: true })
}

/** Hides the query of the request under way from the server's spans around it. */
export const hideQuery: Effect.Effect<void> = Effect.map(Effect.serviceOption(Tracer.ParentSpan), (parent) => {
  let span = Option.getOrUndefined(parent)
  while (span?._tag === "Span") {
    if (span.kind === "server") hide(span)
    span = Option.getOrUndefined(span.parent)
  }
})

/** Whether a URL names the callback's token: encoded, in any case, wherever it stands. */
const namesToken = (url: string): boolean =>
  /callbacktoken/i.test(
    url.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  )

/** Hides the query of a callback that was sent to another address, such as one with a slash too many. */
export const hideMissed = <A, E, R>(handler: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | HttpServerRequest> =>
  Effect.flatMap(HttpServerRequest, ({ url }) => (namesToken(url) ? Effect.andThen(hideQuery, handler) : handler))
