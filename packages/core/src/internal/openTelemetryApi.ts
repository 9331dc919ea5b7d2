/** The global registry of `@opentelemetry/api` 1, which all its copies in a process share: no dependency on it. */

interface OtelContext {
  readonly getValue: (key: symbol) => unknown
  readonly setValue: (key: symbol, value: unknown) => OtelContext
}

export interface ContextManager {
  readonly active: () => OtelContext
  readonly with: <A>(context: OtelContext, run: () => A) => A
}

const registry = Symbol.for("opentelemetry.js.api.1")

/** The context manager that the process has registered. */
export const contextManager = (): ContextManager | undefined =>
  (globalThis as { readonly [registry]?: { readonly context?: ContextManager } })[registry]?.context // the API's own shape
