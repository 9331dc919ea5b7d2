import { setTimeout as sleep } from "node:timers/promises"
import type { CallbackOptions } from "../Journey.ts"
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

/** One attempt: whether it was answered with 2xx. */
const once = async (
  options: CallbackOptions,
  url: URL,
  parameters: URLSearchParams,
  signal: AbortSignal
): Promise<boolean> => {
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMillis ?? 5000)])
  try {
    const response = await fetch(requestOf(options, url, parameters), { redirect: "manual", signal: timeout })
    await response.body?.cancel()
    return response.ok
  } catch {
    // Whatever went wrong, the answer is the same: try again, or report the failure in the journey's state.
    return false
  }
}

export const make = (options: CallbackOptions) => {
  const underway = new Set<Promise<void>>()
  let stopped = new AbortController()

  return {
    send: (
      to: { readonly url: string; readonly token: string | undefined },
      notice: Notice,
      report: (state: "Sending" | "Delivered" | "Failed", attempts: number) => void
    ): void => {
      const parameters = new URLSearchParams({
        ...(to.token === undefined ? {} : { callbackToken: to.token }),
        transactionId: notice.transactionId,
        passed: notice.passed,
        [options.subCodeName ?? "subCode"]: notice.subCode
      })
      if (options.deliver !== undefined) {
        options.deliver(requestOf(options, new URL(to.url), parameters))
        return report("Delivered", 1)
      }
      const { signal } = stopped
      const deliver = async (): Promise<void> => {
        const url = new URL(to.url)
        const tries = 1 + (options.retries ?? 3)
        for (let attempt = 1; attempt <= tries; attempt++) {
          if (await once(options, url, parameters, signal)) {
            report("Delivered", attempt)
            for (let copy = 1; copy < (options.copies ?? 1); copy++) await once(options, url, parameters, signal)
            return
          }
          report(attempt < tries ? "Sending" : "Failed", attempt)
          const pause = (options.retryAfterMillis ?? 500) * 2 ** (attempt - 1)
          // The pause ends early, with a rejection, when the emulator stops.
          if (attempt < tries) await sleep(pause, undefined, { signal, ref: false }).catch(() => {})
          if (signal.aborted) return
        }
      }
      const delivery = deliver().finally(() => underway.delete(delivery))
      underway.add(delivery)
    },
    settled: async (): Promise<void> => {
      while (underway.size > 0) await Promise.all(underway)
    },
    stop: (): void => {
      stopped.abort()
      stopped = new AbortController()
    }
  }
}
