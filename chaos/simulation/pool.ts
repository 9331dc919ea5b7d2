/** The real pool of connections, its queue and its way of a request, over virtual sockets. */
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ConnectionQueue } from "../../packages/node/src/internal/ConnectionQueue.ts"
import { InFlight } from "../../packages/node/src/internal/InFlight.ts"
import { UndiciExchange } from "../../packages/node/src/internal/UndiciExchange.ts"
import type { Service } from "./service.ts"

/** undici's handle on a request under way. */
type Controller = Parameters<UndiciExchange["onRequestStart"]>[0]

/** As undici has it: so many connections, the rest in its queue. */
export const layer = (service: Service, connections: number): Layer.Layer<Transport.Transport> =>
  Layer.sync(Transport.Transport, () => {
    const queue = new ConnectionQueue(connections)
    const inFlight = new InFlight()
    const waiting: Array<() => void> = []
    let free = connections

    const hasRoom = () => free > 0
    const next = () => {
      while (waiting.length > 0 && hasRoom()) waiting.shift()?.()
    }

    const begin = ({ headers, origin, path }: Transport.Request, exchange: UndiciExchange): void => {
      if (exchange.isOver) return
      free--
      const release = () => {
        free++
        next()
      }
      const controller = controllerOf((reason) => {
        exchange.onResponseError(null, reason)
        // The connection is closed; another one is opened.
        release()
      })
      exchange.onRequestStart(controller)
      const request = {
        method: "POST",
        target: path,
        headers: Object.entries({ host: new URL(origin).host, ...headers }),
        body: new Uint8Array()
      }
      service.exchange(request, (response) => {
        if (controller.aborted) return
        exchange.onResponseStart(controller, response.status, Object.fromEntries(response.headers))
        exchange.onResponseData(controller, response.body)
        exchange.onResponseEnd()
        release()
      })
    }

    const send: Transport.Send = (request) =>
      Effect.callback((resume) => {
        const exchange = new UndiciExchange(request, inFlight, resume)
        if (exchange.joins(queue)) {
          waiting.push(() => begin(request, exchange))
          next()
        }
        return Effect.sync(() => exchange.cancel())
      })
    return { send }
  })

const controllerOf = (aborted: (reason: Error) => void): Controller => {
  const controller = {
    aborted: false,
    paused: false,
    reason: null as Error | null,
    rawHeaders: [],
    rawTrailers: [],
    abort: (reason: Error) => {
      if (controller.aborted) return
      controller.aborted = true
      controller.reason = reason
      aborted(reason)
    },
    pause: () => {},
    resume: () => {}
  }
  return controller
}
