// oxlint-disable-next-line typescript/triple-slash-reference -- the declarations are ambient: nothing to import
/// <reference path="./undiciModules.d.ts" />
/** undici's dispatchers, loaded when a transport is built. */
import type { Agent, Client, Dispatcher, EnvHttpProxyAgent, Pool } from "undici"
import { RepeatedAnswers } from "./RepeatedAnswers.ts"
import { UndiciHandler } from "./UndiciHandler.ts"

interface Parts {
  readonly Agent: typeof Agent
  readonly Client: typeof Client
  readonly Pool: typeof Pool
}

// Alone, the agent and its parts load in half of the time of the whole package. Their paths are not a promise of
// undici's: where a version has moved them, the whole package serves.
const loadParts = (): Promise<Parts> =>
  Promise.all([
    import("undici/lib/dispatcher/agent.js"),
    import("undici/lib/dispatcher/client.js"),
    import("undici/lib/dispatcher/pool.js")
  ]).then(
    ([agent, client, pool]) => ({ Agent: agent.default, Client: client.default, Pool: pool.default }),
    () => import("undici")
  )

/** Options of undici's that nobody sets here: said to be `undefined`, so that it asks no prototype. */
const unsaid = (): Readonly<Record<string, undefined>> => ({
  keepAlive: undefined,
  tls: undefined,
  socketPath: undefined,
  localAddress: undefined
})

/** Makes pools whose connections tell each exchange which answers they have brought. undici itself does not say over which connection one goes. */
const poolOf = ({ Client, Pool }: Parts): NonNullable<Agent.Options["factory"]> => {
  /** undici's client is one connection at a time. */
  class Connection extends Client {
    readonly #answers = new RepeatedAnswers()

    constructor(origin: string | URL, options: Client.Options) {
      super(origin, Object.assign(unsaid(), options))
      this.on("connect", () => this.#answers.forget())
    }

    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      if (handler instanceof UndiciHandler) handler.goesOver(this.#answers)
      return super.dispatch(options, handler)
    }
  }
  return (origin, options) =>
    new Pool(origin, { ...options, factory: (origin, options) => new Connection(origin, options) })
}

export const makeAgent = async (options: Agent.Options): Promise<Dispatcher> => {
  const parts = await loadParts()
  return new parts.Agent({ ...options, factory: poolOf(parts) })
}

// From the whole package: it asks its own clients for `connect`, which the package's index adds to them.
export const makeEnvHttpProxyAgent = async (options: EnvHttpProxyAgent.Options): Promise<Dispatcher> => {
  const undici = await import("undici")
  return new undici.EnvHttpProxyAgent({ ...options, factory: poolOf(undici) })
}
