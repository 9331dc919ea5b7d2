/** OpenTelemetry contexts, without the copies that the API makes. */
import * as Otel from "@opentelemetry/api"

/** A context with one more value. The API's own class copies a map and makes three closures for each value. */
class LayeredContext implements Otel.Context {
  readonly #base: Otel.Context
  readonly #key: symbol
  readonly #value: unknown

  constructor(base: Otel.Context, key: symbol, value: unknown) {
    this.#base = base
    this.#key = key
    this.#value = value
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#base.getValue(key)
  }

  setValue(key: symbol, value: unknown): Otel.Context {
    return new LayeredContext(this, key, value)
  }

  deleteValue(key: symbol): Otel.Context {
    return new LayeredContext(this, key, undefined)
  }
}

const ofApi: unknown = Object.getPrototypeOf(Otel.ROOT_CONTEXT)

/**
 * Whether a context is another provider's own. Those of New Relic and Elastic APM hold the parent of the next span, and only
 * their own `setValue` hands it on.
 */
export const isForeign = (context: Otel.Context): boolean =>
  !(context instanceof LayeredContext) && Object.getPrototypeOf(context) !== ofApi

/** The context with one more value. */
export const withValue = (context: Otel.Context, key: symbol, value: unknown): Otel.Context =>
  isForeign(context) ? context.setValue(key, value) : new LayeredContext(context, key, value)

/** The context without its span. `deleteSpan` would copy it even if it has none. */
export const withoutSpan = (context: Otel.Context): Otel.Context =>
  Otel.trace.getSpan(context) === undefined ? context : Otel.trace.deleteSpan(context)
