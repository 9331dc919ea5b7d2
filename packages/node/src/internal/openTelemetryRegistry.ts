/** The global registry of `@opentelemetry/api` 1, which all its copies in a process share. */

const registry = Symbol.for("opentelemetry.js.api.1")

/** What the process has registered: `A` is the API's own shape of it. */
export const registered = <A>(part: "context" | "metrics" | "trace"): A | undefined =>
  (globalThis as { readonly [registry]?: { readonly [part: string]: A | undefined } })[registry]?.[part]

/** Whether the process has registered a provider of spans or of metrics. */
export const isRegistered = (): boolean => registered("trace") !== undefined || registered("metrics") !== undefined
