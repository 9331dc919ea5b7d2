/** OpenTelemetry contexts, without the copies that the API makes. */
import * as Otel from "@opentelemetry/api"

/** A context with one more value. The API's own class copies a map and makes three closures for each value. */
export class LayeredContext implements Otel.Context {
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

/** The context without its span. `deleteSpan` would copy it even if it has none. */
export const withoutSpan = (context: Otel.Context): Otel.Context =>
  Otel.trace.getSpan(context) === undefined ? context : Otel.trace.deleteSpan(context)
