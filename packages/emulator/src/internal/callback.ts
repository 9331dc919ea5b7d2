import { setTimeout as sleep } from "node:timers/promises"
import type { CallbackOptions, SentCallback } from "../Journey.ts"
import type * as Scenario from "../Scenario.ts"
import { type Asked, obey } from "./asked.ts"

export interface Notice {
  readonly transactionId: string
  readonly passed: string
  readonly subCode: string
}

/** What the callback says of a scenario: its last verdict, if this was asked for. */
export const outcomeOf = (
  scenario: Scenario.Scenario,
  asked: Asked
): { readonly passed: string; readonly subCode: string } => {
  const steps: ReadonlyArray<Scenario.Step> = scenario._tag === "Sequence" ? scenario.steps : [scenario]
  const last = steps.findLast((step): step is Scenario.Verdict => step._tag === "Verdict")
  if (last === undefined) return { passed: "N", subCode: "" }
  const { passed, subCode } = obey(last, asked)
  return { passed, subCode }
}

const requestOf = ({ method = "GET" }: CallbackOptions, url: URL, parameters: URLSearchParams): Request => {
  if (method === "POST") return new Request(url, { method, body: parameters })
  const target = new URL(url)
  for (const [name, value] of parameters) target.searchParams.append(name, value)
  return new Request(target)
}

/** What became of one attempt. */
interface Answer {
  readonly isOk: boolean
  readonly status?: number
  readonly failure?: string
}

/** The code of what went wrong, which quotes no URL. */
const failureOf = (error: unknown): string => {
  if (error instanceof Error && error.name === "TimeoutError") return "timeout"
  const cause = error instanceof Error ? error.cause : undefined
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined
  return typeof code === "string" ? code : "failed"
}

const once = async (options: CallbackOptions, request: Request, signal: AbortSignal): Promise<Answer> => {
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMillis ?? 5000)])
  try {
    const response = await fetch(request, { redirect: "manual", signal: timeout })
    await response.body?.cancel()
    return { isOk: response.ok, status: response.status }
  } catch (error) {
    // Whatever went wrong, what follows is the same: another attempt, or a journey whose callback has failed.
    return { isOk: false, failure: failureOf(error) }
  }
}

const keepSent = 200

/** The log of what was sent, without the token. */
const sentLog = (now: () => number) => {
  let sent: ReadonlyArray<SentCallback> = []
  let last = 0
  return {
    all: () => sent,
    add: (entry: Omit<SentCallback, "sequence" | "time">): void => {
      last++
      sent = [...sent.slice(1 - keepSent), { sequence: last, time: now(), ...entry }]
    },
    clear: (): void => {
      sent = []
    }
  }
}

interface Recipient {
  readonly url: string
  readonly token: string | undefined
}

type Report = (state: "Sending" | "Delivered" | "Failed", attempts: number) => void

/** A callback as it is sent, and what the log says of it. */
const prepared = (options: CallbackOptions, to: Recipient, notice: Notice) => {
  const parameters = new URLSearchParams({
    ...(to.token === undefined ? {} : { callbackToken: to.token }),
    transactionId: notice.transactionId,
    passed: notice.passed,
    [options.subCodeName ?? "subCode"]: notice.subCode
  })
  const url = new URL(to.url)
  return {
    request: () => requestOf(options, url, parameters),
    logged: {
      ...notice,
      method: options.method ?? ("GET" as const),
      route: url.origin + url.pathname,
      parameters: [...parameters.keys()]
    }
  }
}

export const make = (options: CallbackOptions, now: () => number) => {
  const underway = new Set<Promise<void>>()
  const log = sentLog(now)
  let stopped = new AbortController()

  /** Sends until it is accepted, or for the last time. */
  const deliver = async (to: Recipient, notice: Notice, report: Report, signal: AbortSignal): Promise<void> => {
    const { logged, request } = prepared(options, to, notice)
    const send = async (attempt: number, outcomeOf: (answer: Answer) => SentCallback["outcome"], pause?: number) => {
      const started = performance.now()
      const { isOk, ...answer } = await once(options, request(), signal)
      if (signal.aborted) return false
      const outcome = outcomeOf({ isOk, ...answer })
      const answeredMillis = performance.now() - started
      const next = outcome === "Retried" && pause !== undefined ? { retryAfterMillis: pause } : {}
      log.add({ ...logged, attempt, ...answer, answeredMillis, outcome, ...next })
      return isOk
    }
    const tries = 1 + (options.retries ?? 3)
    for (let attempt = 1; attempt <= tries; attempt++) {
      const isLast = attempt === tries
      const pause = (options.retryAfterMillis ?? 500) * 2 ** (attempt - 1)
      if (await send(attempt, ({ isOk }) => (isOk ? "Delivered" : isLast ? "Failed" : "Retried"), pause)) {
        report("Delivered", attempt)
        for (let copy = 1; copy < (options.copies ?? 1); copy++) await send(attempt + copy, () => "Copy")
        return
      }
      report(isLast ? "Failed" : "Sending", attempt)
      // The pause ends early, with a rejection, when the emulator stops.
      if (!isLast) await sleep(pause, undefined, { signal, ref: false }).catch(() => {})
      if (signal.aborted) return
    }
  }

  return {
    send: (to: Recipient, notice: Notice, report: Report): void => {
      if (options.deliver !== undefined) {
        const { logged, request } = prepared(options, to, notice)
        options.deliver(request())
        log.add({ ...logged, attempt: 1, answeredMillis: 0, outcome: "HandedOver" })
        return report("Delivered", 1)
      }
      const delivery = deliver(to, notice, report, stopped.signal).finally(() => underway.delete(delivery))
      underway.add(delivery)
    },
    /** The last callbacks that were sent, oldest first. */
    sent: log.all,
    settled: async (): Promise<void> => {
      while (underway.size > 0) await Promise.all(underway)
    },
    stop: (): void => {
      stopped.abort()
      stopped = new AbortController()
      log.clear()
    }
  }
}
