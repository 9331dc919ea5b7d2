/** undici's dispatcher, with connections of our own making that know what they carry. */
import type * as Undici from "undici"
import { ConnectionQueue } from "./ConnectionQueue.ts"
import { type Dial, makeDial } from "./dial.ts"
import { Line } from "./Line.ts"
import type * as settings from "./settings.ts"
import { UndiciExchange } from "./UndiciExchange.ts"

/** The dispatcher for these settings. */
export const makeDispatcher = (undici: typeof Undici, { agent, dial }: settings.Undici): Undici.Dispatcher =>
  new undici.Agent({ ...agent, factory: poolOf(undici, makeDial(dial), agent.connections) })

/** Options of undici's that this package never sets: said to be `undefined`, so that undici asks no prototype. */
const unsaid = (): Readonly<Record<string, undefined>> => ({
  keepAlive: undefined,
  tls: undefined,
  socketPath: undefined,
  localAddress: undefined
})

/** Makes pools that tell each exchange about its queue and its connection: undici itself does not. */
const poolOf = (
  { Client, Pool }: typeof Undici,
  dial: Dial,
  connections: number
): NonNullable<Undici.Agent.Options["factory"]> => {
  /** undici's client is one connection at a time. */
  class Connection extends Client {
    readonly #line: Line

    constructor(origin: string | URL, options: Undici.Client.Options) {
      const line = new Line(dial)
      super(origin, Object.assign(unsaid(), options, { connect: line.connect }))
      this.#line = line
    }

    override dispatch(options: Undici.Dispatcher.DispatchOptions, handler: Undici.Dispatcher.DispatchHandler): boolean {
      if (handler instanceof UndiciExchange) {
        // Ended while it waited: the connection stays free for the next.
        if (handler.isOver) return true
        handler.goesOver(this.#line)
      }
      return super.dispatch(options, handler)
    }
  }

  class Connections extends Pool {
    readonly #queue = new ConnectionQueue(connections)

    override dispatch(options: Undici.Dispatcher.DispatchOptions, handler: Undici.Dispatcher.DispatchHandler): boolean {
      return handler instanceof UndiciExchange && !handler.joins(this.#queue) ? true : super.dispatch(options, handler)
    }
  }

  return (origin, options) =>
    new Connections(origin, { ...options, factory: (origin, options) => new Connection(origin, options) })
}
