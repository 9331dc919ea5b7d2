/**
 * Which ids spans carry. A transaction id and a merchant's id lead to a person, so spans carry none unless one of these
 * layers is provided. Metrics and logs never carry one.
 *
 * @example
 * import * as Privacy from "@effect-cloudauth/otel/Privacy"
 * import * as Redacted from "effect/Redacted"
 *
 * const key = Redacted.make("a key of at least sixteen bytes, from your vault")
 * const layer = Privacy.layerHashed(key)
 *
 * // Support computes the same value from the customer's id and searches the traces for it:
 * const wanted = Privacy.hash(key)("hksb0000")
 *
 * @since 0.1.0
 */
import { createHmac } from "node:crypto"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/**
 * The key is too short to protect ids that can be guessed.
 *
 * @category errors
 * @since 0.1.0
 */
export class WeakKey extends Schema.TaggedError<WeakKey>("@effect-cloudauth/otel/WeakKey")(
  "WeakKey",
  {
    /** Bytes. */
    minimum: Schema.Int
  },
  { httpApiStatus: 500 }
) {
  override readonly name = "WeakKey"
  override get message(): string {
    return `The key for hashing ids must have at least ${this.minimum} bytes: ids can be guessed, and a short key with them.`
  }
}

const minimumKeyBytes = 16

/**
 * No ids on spans. This is the default; the layer takes back another one further out.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerNone: Layer.Layer<never> = Layer.succeed(Telemetry.SpanIds, { transform: undefined })

/**
 * The ids as they are. A reader of the traces can then look up people's results.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerPlain: Layer.Layer<never> = Layer.succeed(Telemetry.SpanIds, { transform: (id) => id })

/**
 * The keyed hash of an id as spans carry it: HMAC-SHA-256, the first 32 hexadecimal digits.
 *
 * @category operations
 * @since 0.1.0
 */
export const hash =
  (key: Redacted.Redacted) =>
  (id: string): string =>
    createHmac("sha256", Redacted.value(key)).update(id).digest("hex").slice(0, 32)

/**
 * Keyed hashes of the ids: the same id has the same hash, and only the owner of the key can compute it. Fails with
 * `WeakKey` if the key has fewer than 16 bytes.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerHashed = (key: Redacted.Redacted): Layer.Layer<never, WeakKey> =>
  Buffer.byteLength(Redacted.value(key)) < minimumKeyBytes
    ? Layer.unwrap(Effect.fail(new WeakKey({ minimum: minimumKeyBytes })))
    : Layer.succeed(Telemetry.SpanIds, { transform: hash(key) })

const idsInQuery = /[?&](TransactionId|MerchantBizId|MerchantUserId)=/

/**
 * A hook for `@opentelemetry/instrumentation-undici`, if `CloudauthOtel.layerNestedTransport` lets it see the client's
 * requests: it keeps the query, which holds the ids, out of the spans.
 *
 * @example
 * import { withoutQuery } from "@effect-cloudauth/otel/Privacy"
 * import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici"
 *
 * const instrumentation = new UndiciInstrumentation({ startSpanHook: withoutQuery })
 *
 * @category operations
 * @since 0.1.0
 */
export const withoutQuery = (request: { readonly origin: string; readonly path: string }): Record<string, string> =>
  idsInQuery.test(request.path)
    ? { "url.full": `${request.origin}${request.path.replace(/\?.*/s, "")}`, "url.query": "" }
    : {}

/**
 * The names of parameters whose values lead to a person, or let in: those of the client's requests and of the callback. For
 * instrumentation that takes such a list, for example `HttpInstrumentation({ redactedQueryParams })`.
 *
 * @category models
 * @since 0.1.0
 */
export const queryNames: ReadonlyArray<string> = [
  "TransactionId",
  "MerchantBizId",
  "MerchantUserId",
  "transactionId",
  "callbackToken"
]

const values = new RegExp(`\\b(${queryNames.join("|")})=[^&#\\s]*`, "gi")

const urlAttributes = ["url.full", "url.query", "http.url", "http.target"]

/**
 * What the span processor needs of a span.
 *
 * @category models
 * @since 0.1.0
 */
export interface StartedSpan {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly setAttribute: (name: string, value: string) => unknown
}

/**
 * A span processor that hides those values in the URLs of all spans of a program when they begin: a safety net for
 * requests and callbacks that something else of the program records. Put it before the processors that export.
 *
 * @example
 * import { scrubbing } from "@effect-cloudauth/otel/Privacy"
 * import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base"
 *
 * const provider = new BasicTracerProvider({ spanProcessors: [scrubbing()] })
 *
 * @category constructors
 * @since 0.1.0
 */
export const scrubbing = (): {
  readonly onStart: (span: StartedSpan) => void
  readonly onEnd: () => void
  readonly forceFlush: () => Promise<void>
  readonly shutdown: () => Promise<void>
} => ({
  onStart: (span) => {
    for (const name of urlAttributes) {
      const url = span.attributes[name]
      if (typeof url !== "string") continue
      const scrubbed = url.replace(values, "$1=REDACTED")
      if (scrubbed !== url) span.setAttribute(name, scrubbed)
    }
  },
  onEnd: () => {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve()
})
