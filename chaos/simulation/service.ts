/** The emulator as a service outside the program, and the network between them. */
import * as Fault from "@effect-cloudauth/emulator/Fault"
import * as Gateway from "@effect-cloudauth/emulator/Gateway"
import type * as Journey from "@effect-cloudauth/emulator/Journey"
import type * as Protocol from "@effect-cloudauth/emulator/Protocol"
import * as MachineClock from "./clock.ts"
import type { Simulation } from "./simulation.ts"

/** A request that came to the service. */
interface Arrival {
  /** In milliseconds since the simulation began. */
  readonly at: number
  readonly action: string
  readonly transactionId: string | undefined
  /** What the service answered. */
  readonly code: string
}

/** How long something is under way, in milliseconds: at least, and at most. */
type Span = readonly [least: number, most: number]

export interface Options {
  /** Calls a second of each action. Default: no limit. */
  readonly qps?: number | undefined
  /** How long a request is under way, and how long its answer. Default: 10 to 60 ms. */
  readonly way?: Span | undefined
  /** How long the service takes to answer. Default: 20 to 120 ms. */
  readonly work?: Span | undefined
  /** Takes the callbacks of users. */
  readonly callback?: ((request: Request) => void) | undefined
}

export interface Service {
  readonly gateway: Gateway.Gateway
  readonly arrivals: ReadonlyArray<Arrival>
  /** Sends a request. What comes back, comes back as an arrival at the program. */
  readonly exchange: (request: Protocol.Request, answered: (response: Protocol.Response) => void) => void
  /** Everything is answered with a fault for so many milliseconds from now on. */
  readonly failFor: (millis: number, fault: Fault.Fault) => void
}

/** The address of the service: on it nothing listens. */
export const url = "http://127.0.0.1:1"

export const make = ({ log, lots, loop }: Simulation, options: Options = {}): Service => {
  const network = lots("network")
  const between = ([least, most]: Span) => least + network.float() * (most - least)
  const way = options.way ?? [10, 60]
  const work = options.work ?? [20, 120]
  const journeys: Journey.Options = { callback: { deliver: options.callback } }
  const gateway = Gateway.make({
    now: () => MachineClock.epoch + Math.floor(loop.now()),
    seed: "simulation",
    qps: options.qps,
    journeys,
    keepCalls: 100
  })
  const arrivals: Array<Arrival> = []

  const note = ({ action = "", code, transactionId }: Gateway.Exchange["call"]) => {
    arrivals.push({ at: loop.now(), action, transactionId, code })
    log.add(`${action} ${transactionId ?? ""} answered ${code}`)
  }

  return {
    gateway,
    arrivals,
    exchange: (request, answered) => {
      const there = between(way)
      const back = between(work) + between(way)
      loop.outside(there, () => {
        const exchange = gateway.handle(request)
        note(exchange.call)
        loop.arrival(exchange.delayMillis + back, () => {
          exchange.finished()
          answered(exchange.response)
        })
      })
    },
    failFor: (millis, fault) => {
      gateway.faults.setRules([Fault.rule(fault)])
      loop.outside(millis, () => gateway.faults.setRules([]))
    }
  }
}

/** The most arrivals in any window of a second. */
export const mostInASecond = (times: ReadonlyArray<number>): number => {
  const sorted = times.toSorted((one, other) => one - other)
  let most = 0
  let first = 0
  for (const [index, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - 1000) first++
    most = Math.max(most, index - first + 1)
  }
  return most
}
