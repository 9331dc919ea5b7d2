/** undici's dispatcher, with connections that recognise a repeated response. */
import type * as Undici from "undici"
import { RepeatedAnswers } from "./RepeatedAnswers.ts"
import type * as settings from "./settings.ts"
import { UndiciExchange } from "./UndiciExchange.ts"

/** The dispatcher for these settings: direct, or through the proxy. */
export const makeDispatcher = (undici: typeof Undici, { agent, proxy }: settings.Undici): Undici.Dispatcher => {
  const factory = poolOf(undici)
  return proxy === undefined
    ? new undici.Agent({ ...agent, factory })
    : new undici.EnvHttpProxyAgent({ ...agent, ...proxy, factory })
}

/** Options of undici's that this package never sets: said to be `undefined`, so that undici asks no prototype. */
const unsaid = (): Readonly<Record<string, undefined>> => ({
  keepAlive: undefined,
  tls: undefined,
  socketPath: undefined,
  localAddress: undefined
})

/** Makes pools whose connections tell each exchange which responses they have brought: undici itself does not. */
const poolOf = ({ Client, Pool }: typeof Undici): NonNullable<Undici.Agent.Options["factory"]> => {
  /** undici's client is one connection at a time. */
  class Connection extends Client {
    readonly #answers = new RepeatedAnswers()

    constructor(origin: string | URL, options: Undici.Client.Options) {
      super(origin, Object.assign(unsaid(), options))
      this.on("connect", () => this.#answers.forget())
    }

    override dispatch(options: Undici.Dispatcher.DispatchOptions, handler: Undici.Dispatcher.DispatchHandler): boolean {
      if (handler instanceof UndiciExchange) handler.goesOver(this.#answers)
      return super.dispatch(options, handler)
    }
  }
  return (origin, options) =>
    new Pool(origin, { ...options, factory: (origin, options) => new Connection(origin, options) })
}
