/** The users whom Initialize sends on their way: under way, completed, or abandoned after 30 minutes. */
import { createHash } from "node:crypto"
import * as Journey from "../Journey.ts"
import type * as Scenario from "../Scenario.ts"
import { type Asked, fromParameters } from "./asked.ts"
import * as Callback from "./callback.ts"
import type * as CheckResult from "./checkResult.ts"
import * as dueHeap from "./dueHeap.ts"
import * as Initialize from "./initialize.ts"
import { mark } from "./marks.ts"
import type { Parameters } from "./parameters.ts"
import type * as Seeded from "./seeded.ts"
import type * as Transactions from "./transactions.ts"

interface Running extends Journey.Journeys {
  /** `host` is the one that the request names. */
  readonly initialize: (parameters: Parameters, host: string) => CheckResult.Answer
  /** What has become of a journey; `undefined` if Initialize did not begin the transaction. */
  readonly stateOf: (transactionId: string) => Journey.Journey["state"] | undefined
  /** Completes or abandons what is due; to be called whenever time has passed. */
  readonly tick: () => void
}

interface Settings extends Journey.Options {
  readonly now: () => number
  readonly seeded: Seeded.Seeded
}

interface Begun {
  readonly transactionId: string
  readonly startedAt: number
  /** When the user is done, unless told before; `Infinity`: never. */
  readonly due: number
  readonly asked: Asked
  readonly notice: { readonly url: string; readonly token: string | undefined } | undefined
  scenario: Scenario.Scenario
  state: Journey.Journey["state"]
  completedAt: number | undefined
  callback: Journey.Journey["callback"]
  callbackAttempts: number
}

const endOf = ({ startedAt }: Begun): number => startedAt + Journey.lifeMillis

/** By the time, too: an emulator that is started again must not repeat the ids that a database still has. */
const newId = (startedAt: number, { seeded }: Settings): string =>
  mark + createHash("sha256").update(seeded.bytes(16)).update(String(startedAt)).digest("hex").slice(0, 32)

/** A journey that begins now. */
const begin = (parameters: Parameters, scenario: Scenario.Scenario, settings: Settings): Begun => {
  const startedAt = settings.now()
  const url = parameters.get("CallbackUrl") ?? ""
  return {
    transactionId: newId(startedAt, settings),
    startedAt,
    due: startedAt + (settings.completesAfterMillis ?? Infinity),
    asked: fromParameters(parameters),
    notice: url === "" ? undefined : { url, token: parameters.get("CallbackToken") },
    scenario,
    state: "Underway",
    completedAt: undefined,
    callback: url === "" ? "None" : "Waiting",
    callbackAttempts: 0
  }
}

const show = (journey: Begun): Journey.Journey => ({
  transactionId: journey.transactionId,
  startedAt: journey.startedAt,
  state: journey.state,
  completedAt: journey.completedAt,
  callback: journey.callback,
  callbackAttempts: journey.callbackAttempts
})

/** Timers of real time that end with the emulator. */
const timerSet = () => {
  const timers = new Set<NodeJS.Timeout>()
  return {
    after: (millis: number, run: () => void): void => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        run()
      }, millis)
      timers.add(timer.unref())
    },
    clear: (): void => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    }
  }
}

const noPage = (transactionId: string): string => `https://journey.example/start?transactionId=${transactionId}`

/** What Initialize answers. */
const answerOf = (
  { transactionId }: Begun,
  { seeded, transactionUrl = noPage }: Settings,
  host: string
): CheckResult.Answer => {
  const result = {
    TransactionId: transactionId,
    TransactionUrl: transactionUrl(transactionId, host),
    Protocol: seeded.bytes(24).toString("base64")
  }
  return { result: Buffer.from(JSON.stringify(result)) }
}

/** Calls the merchant's URL, if Initialize named one. */
const callBack = (journey: Begun, sender: ReturnType<typeof Callback.make>): void => {
  const { asked, notice, scenario, transactionId } = journey
  if (notice === undefined) return
  journey.callback = "Sending"
  sender.send(notice, { transactionId, ...Callback.outcomeOf(scenario, asked) }, (state, attempts) => {
    journey.callback = state
    journey.callbackAttempts = attempts
  })
}

export const make = (transactions: Transactions.Transactions, settings: Settings): Running => {
  const journeys = new Map<string, Begun>()
  /** By when it is completed or abandoned; those that are completed before stay until then. */
  const underway = dueHeap.make<Begun>()
  const timers = timerSet()
  const sender = Callback.make(settings.callback ?? {}, settings.now)
  let scenario = settings.scenario

  const complete = (journey: Begun, at: number): void => {
    journey.state = "Completed"
    journey.completedAt = at
    transactions.register(journey.transactionId, journey.scenario, at, journey.asked)
    callBack(journey, sender)
  }

  const tick = (): void => {
    const now = settings.now()
    while (underway.nextAt() <= now) {
      const journey = underway.take()
      if (journey?.state !== "Underway") continue
      if (journey.due < endOf(journey)) complete(journey, journey.due)
      else journey.state = "Abandoned"
    }
  }

  const start = (parameters: Parameters, host: string): CheckResult.Answer => {
    const journey = begin(parameters, scenario ?? Initialize.usualScenario(parameters, settings), settings)
    journeys.set(journey.transactionId, journey)
    underway.add(Math.min(journey.due, endOf(journey)), journey)
    transactions.register(journey.transactionId, journey.scenario, Infinity, journey.asked)
    if (journey.due < endOf(journey)) timers.after(journey.due - journey.startedAt, tick)
    return answerOf(journey, settings, host)
  }

  return {
    initialize: (parameters, host) => Initialize.check(parameters) ?? start(parameters, host),
    complete: (transactionId, ending) => {
      tick()
      const journey = journeys.get(transactionId)
      if (journey === undefined || journey.state !== "Underway") return false
      journey.scenario = ending ?? journey.scenario
      complete(journey, settings.now())
      return true
    },
    stateOf: (transactionId) => journeys.get(transactionId)?.state,
    all: () => {
      tick()
      return [...journeys.values()].map(show)
    },
    setScenario: (next) => {
      scenario = next
    },
    tick,
    callbacks: sender.sent,
    settled: sender.settled,
    reset: () => {
      sender.stop()
      timers.clear()
      journeys.clear()
      underway.clear()
      scenario = settings.scenario
    }
  }
}
