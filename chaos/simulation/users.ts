/** The users of a merchant's day: what each does, what became of each, and what must hold of all. */
import type { Random } from "../random.ts"
import type { EventLoop } from "./eventLoop.ts"
import type { Service } from "./service.ts"
import type { Figures, Simulation } from "./simulation.ts"

const minute = 60_000

/** What a user will do. */
export interface Plan {
  readonly index: number
  /** When the user begins. */
  readonly at: number
  /** How long the user takes; `undefined`: the user leaves. */
  readonly takes: number | undefined
  /** Whether a page of the merchant's waits for the result. */
  readonly waits: boolean
}

/** Most users finish within minutes; a few leave. They come as the day goes: few at night. */
export const plans = (random: Random, count: number, during: number): ReadonlyArray<Plan> => {
  const begin = (): number => {
    const at = random.float()
    return random.float() * 1.8 < 1 - 0.8 * Math.cos(2 * Math.PI * at) ? at * during : begin()
  }
  return Array.from({ length: count }, begin)
    .sort((one, other) => one - other)
    .map((at, index) => ({
      index,
      at,
      takes: random.chance(0.08) ? undefined : Math.min(29 * minute, 30_000 - 150_000 * Math.log(1 - random.float())),
      waits: random.chance(0.85)
    }))
}

/** What is known of a transaction. */
interface Known {
  doneAt: number | undefined
  /** When the first callback came, if one did. */
  calledAt: number | undefined
  /** When the wait ended, and how. */
  waitedUntil: number | undefined
  wait: string | undefined
  results: number
  reasons: number
}

export type Users = ReturnType<typeof make>

export const make = (loop: EventLoop) => {
  const all = new Map<string, Known>()
  let closed = 0
  const of = (id: string): Known => {
    const known = all.get(id)
    if (known === undefined) throw new Error("A transaction that was not begun")
    return known
  }
  const close = (id: string, by: "results" | "reasons") => {
    const known = of(id)
    if (known.results + known.reasons === 0) closed++
    known[by]++
  }
  return {
    begun: (id: string): void =>
      void all.set(id, {
        doneAt: undefined,
        calledAt: undefined,
        waitedUntil: undefined,
        wait: undefined,
        results: 0,
        reasons: 0
      }),
    done: (id: string) => {
      of(id).doneAt = loop.now()
    },
    called: (id: string, at: number) => {
      of(id).calledAt = at
    },
    waited: (id: string, end: string) => {
      const known = of(id)
      known.waitedUntil = loop.now()
      known.wait = end
    },
    collected: (id: string) => close(id, "results"),
    ended: (id: string) => close(id, "reasons"),
    /** How many transactions have not ended. */
    open: () => all.size - closed,
    summary: () => `${all.size} users began, ${closed} transactions ended`,
    judge: (simulation: Simulation, service: Service, planned: ReadonlyArray<Plan>): Figures =>
      judge(simulation, service, all, planned)
  }
}

const judge = (
  { must }: Simulation,
  { arrivals }: Service,
  all: ReadonlyMap<string, Known>,
  planned: ReadonlyArray<Plan>
): Figures => {
  must(all.size === planned.length, `${planned.length - all.size} users could not begin`)
  const known = [...all.values()]
  const without = known.filter(({ reasons, results }) => results + reasons === 0).length
  must(without === 0, `${without} transactions have neither a result nor a reason`)
  const twice = known.filter(({ reasons, results }) => results + reasons > 1).length
  must(twice === 0, `${twice} transactions were handed over twice`)
  const lost = known.filter(({ doneAt, results }) => doneAt !== undefined && results === 0).length
  must(lost === 0, `${lost} users were done, and the merchant has no result`)
  const waits = known.filter(({ wait }) => wait !== undefined)
  const wrong = waits.filter(
    ({ doneAt, wait }) => wait !== (doneAt === undefined ? "TransactionAbandoned" : "answered")
  )
  must(wrong.length === 0, `${wrong.length} waits ended wrong, one with ${wrong[0]?.wait}`)
  const { afterCallback, withoutCallback } = waitTimes(waits)
  const [late = 0] = afterCallback.slice(-1)
  must(late <= 10_000, `a user waited ${Math.round(late)} ms after the callback`)
  const [longest = 0] = withoutCallback.slice(-1)
  must(longest <= 6.2 * minute, `a user waited ${Math.round(longest)} ms without a callback`)
  const calls = callsPerUser(arrivals, all)
  const most = calls.at(-1) ?? 0
  must(most <= 15, `a user cost ${most} calls`)
  const checks = calls.reduce((sum, count) => sum + count, 0)
  return {
    users: all.size,
    results: known.filter(({ results }) => results > 0).length,
    reasons: known.filter(({ reasons }) => reasons > 0).length,
    calls: arrivals.length,
    throttled: arrivals.filter(({ code }) => code.startsWith("Throttling")).length,
    checksPerUser: (checks / all.size).toFixed(2),
    checksPerUserP50P99Max: percentiles(calls, 1, "").join(" / "),
    waitAfterCallback: percentiles(afterCallback, 1000, " s").join(" / "),
    waitWithoutCallback: percentiles(withoutCallback, 1000, " s").join(" / ")
  }
}

/** How long users waited for their result since they were done: sorted, in milliseconds. */
const waitTimes = (waits: ReadonlyArray<Known>) => {
  const afterCallback: Array<number> = []
  const withoutCallback: Array<number> = []
  for (const { calledAt, doneAt, waitedUntil = 0 } of waits) {
    if (doneAt === undefined) continue
    if (calledAt === undefined) withoutCallback.push(waitedUntil - doneAt)
    // A late callback may find that a poll was quicker.
    else afterCallback.push(Math.max(0, waitedUntil - calledAt))
  }
  const byValue = (one: number, other: number) => one - other
  return { afterCallback: afterCallback.sort(byValue), withoutCallback: withoutCallback.sort(byValue) }
}

/** How many results were asked for, by user: sorted. */
const callsPerUser = (arrivals: Service["arrivals"], all: ReadonlyMap<string, Known>): ReadonlyArray<number> => {
  const counts = new Map<string, number>([...all.keys()].map((id) => [id, 0]))
  for (const { action, transactionId = "" } of arrivals) {
    if (action === "CheckResult") counts.set(transactionId, (counts.get(transactionId) ?? 0) + 1)
  }
  return [...counts.values()].sort((one, other) => one - other)
}

/** The median, the 99th percentile and the largest of sorted values. */
const percentiles = (sorted: ReadonlyArray<number>, unit: number, name: string): ReadonlyArray<string> =>
  [0.5, 0.99, 1].map((part) => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0
    return `${(value / unit).toFixed(unit === 1 ? 0 : 1)}${name}`
  })
