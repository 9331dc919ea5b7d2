// oxlint-disable-next-line typescript/triple-slash-reference -- the declarations are ambient: nothing to import
/// <reference path="./undiciModules.d.ts" />
/** undici's dispatchers, loaded when a transport is built. */
import type { Agent, EnvHttpProxyAgent } from "undici"

// Alone, the agent loads in half of the time of the whole package. Its path is not a promise of undici's: where a
// version has moved it, the whole package serves.
export const loadAgent = (): Promise<typeof Agent> =>
  import("undici/lib/dispatcher/agent.js").then(
    (module) => module.default,
    () => import("undici").then((module) => module.Agent)
  )

// Not alone: it asks its own clients for `connect`, which the package's index adds to them.
export const loadEnvHttpProxyAgent = (): Promise<typeof EnvHttpProxyAgent> =>
  import("undici").then((module) => module.EnvHttpProxyAgent)
