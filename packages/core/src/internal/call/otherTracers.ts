/** Warnings of tracers of the process that record every request, and that can't be told from here to leave some out. */
import * as Effect from "effect/Effect"
import type { Endpoint } from "../../Endpoint.ts"
import { logQuietly } from "../quietly.ts"

/** For each that has not been told to ignore the client's requests: their URLs hold the transaction id and the merchant's id. */
export const ofRequests = ({ hostname }: Endpoint): Effect.Effect<void> =>
  warningsOf(
    ({ isWatching }) => isWatching(),
    ({ name, remedy }) =>
      `${name} records the client's requests, with the transaction id in their URL, and sends its headers to the vendor. ${remedy(hostname)}`
  )

/** For each that records the query of callbacks. */
export const ofCallbacks: Effect.Effect<void> = Effect.suspend(() =>
  warningsOf(
    ({ showsQueries }) => showsQueries(),
    ({ hideQueries, name }) => `${name} records the transaction id in the query of callbacks. ${hideQueries}`
  )
)

const warningsOf = (is: (tracer: OtherTracer) => boolean, text: (tracer: OtherTracer) => string): Effect.Effect<void> =>
  Effect.forEach(tracers.filter(is), (tracer) => logQuietly(Effect.logWarning(text(tracer))), { discard: true })

type OtherTracer = (typeof tracers)[number]

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
      `Add to the integrations of Sentry.init: nativeNodeFetchIntegration({ ignoreOutgoingRequests }) and httpIntegration({ ignoreOutgoingRequests }), with ignoreOutgoingRequests = (url) => url.includes("${host}").`,
    showsQueries: () => {
      const collected = at(invoke(sentryClient(), "getDataCollectionOptions"), "urlQueryParams")
      const denied = at(collected, "deny")
      return collected === true || (Array.isArray(denied) && !denied.some(isTransactionId))
    },
    hideQueries: `In Sentry.init: dataCollection: { urlQueryParams: { deny: ["transactionId"] } }.`
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
      `After tracer.init, for each plugin of "undici" and "fetch": tracer.use(plugin, { blocklist: [/${host.replaceAll(".", "\\.")}/], propagationBlocklist: [/${host.replaceAll(".", "\\.")}/] }).`,
    showsQueries: () => {
      const tracer = at(globalThis, "_ddtrace")
      const http = at(tracer, "_pluginManager", "_configsByName", "http")
      const own = at(http, "server", "queryStringObfuscation") ?? at(http, "queryStringObfuscation")
      return at(tracer, "_initialized") === true && own !== true && own !== ".*"
    },
    hideQueries: `After tracer.init: tracer.use("http", { server: { queryStringObfuscation: true } }).`
  }
]

/** Whether a term of Sentry's list hides the parameter: it looks for the term in the name. */
const isTransactionId = (term: unknown): boolean => "transactionid".includes(String(term).toLowerCase())

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
