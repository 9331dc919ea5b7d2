/** Tracers that record every request of a process and that can't be told from here to leave some out. */
import * as Effect from "effect/Effect"
import type { Endpoint } from "../../Endpoint.ts"
import { logQuietly } from "../quietly.ts"

/**
 * Logs a warning for each such tracer that is active and has not been told to ignore the client's requests: their URLs
 * hold the transaction id and the merchant's id.
 */
export const warn = ({ hostname }: Endpoint): Effect.Effect<void> =>
  Effect.suspend(() =>
    Effect.forEach(
      tracers.filter((tracer) => tracer.isWatching()),
      ({ name, remedy }) =>
        logQuietly(
          Effect.logWarning(
            `${name} records the client's requests, with the transaction id in their URL, and sends its headers to the vendor. ${remedy(hostname)}`
          )
        ),
      { discard: true }
    )
  )

const tracers = [
  {
    name: "Sentry",
    isWatching: () => {
      const client = sentryClient()
      return ["NodeFetch", "Http"].some(
        (name) => at(invoke(client, "getIntegrationByName", name), "isDefaultInstance") === true
      )
    },
    remedy: (host: string) =>
      `Add to the integrations of Sentry.init: nativeNodeFetchIntegration({ ignoreOutgoingRequests }) and httpIntegration({ ignoreOutgoingRequests }), with ignoreOutgoingRequests = (url) => url.includes("${host}").`
  },
  {
    name: "dd-trace",
    isWatching: () => {
      const tracer = at(globalThis, "_ddtrace")
      if (at(tracer, "_initialized") !== true) return false
      const plugins = at(tracer, "_pluginManager", "_configsByName")
      return ["undici", "fetch"].some(
        (name) => at(plugins, name, "enabled") !== false && !Array.isArray(at(plugins, name, "blocklist"))
      )
    },
    remedy: (host: string) =>
      `After tracer.init, for each plugin of "undici" and "fetch": tracer.use(plugin, { blocklist: [/${host.replaceAll(".", "\\.")}/], propagationBlocklist: [/${host.replaceAll(".", "\\.")}/] }).`
  }
]

/** The client that `Sentry.init` has set, in whatever copy of Sentry's packages. */
const sentryClient = (): unknown => {
  const carrier = at(globalThis, "__SENTRY__")
  const version = at(carrier, "version")
  const scope = typeof version === "string" ? at(carrier, version, "defaultCurrentScope") : undefined
  return invoke(scope, "getClient")
}

/** What lies at a path of an object that is not ours. */
const at = (value: unknown, ...path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (object, key) => (typeof object === "object" && object !== null ? Reflect.get(object, key) : undefined),
    value
  )

/** Calls a method of an object that is not ours, if it is there. */
const invoke = (object: unknown, method: string, ...parameters: ReadonlyArray<unknown>): unknown => {
  const called = at(object, method)
  try {
    return typeof called === "function" ? Reflect.apply(called, object, parameters) : undefined
  } catch {
    return undefined
  }
}
