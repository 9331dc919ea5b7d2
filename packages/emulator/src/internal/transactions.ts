/** The transactions that the emulator knows. */
import * as Scenario from "../Scenario.ts"
import type { Asked } from "./asked.ts"

/** How long the vendor keeps a result, in milliseconds. */
const retentionMillis = 30 * 24 * 60 * 60 * 1000

interface Registered {
  readonly scenario: Scenario.Scenario
  /** When the user finished; `Infinity` while the journey is under way, and for ever if it is abandoned. */
  readonly completedAt: number
  /** `undefined` if no Initialize began the transaction. */
  readonly asked: Asked | undefined
  /** How many of the scenario's steps have been answered. */
  answered: number
}

/** What a transaction answers now: the next step of its scenario, or why there is none. */
type Lookup =
  | {
      readonly _tag: "Answer"
      readonly step: Scenario.Step
      readonly asked: Asked | undefined
      /** When the result came about. */
      readonly at: number
    }
  | { readonly _tag: "Unknown" }
  | { readonly _tag: "Expired" }
  | { readonly _tag: "Pending" }

export interface Transactions {
  /** A transaction that Initialize began keeps what it asked for. */
  readonly register: (
    transactionId: string,
    scenario: Scenario.Scenario,
    completedAt: number,
    asked?: Asked | undefined
  ) => void
  readonly next: (transactionId: string, now: number) => Lookup
  /** The last step of its scenario; counts no answer. */
  readonly last: (transactionId: string, now: number) => Lookup
  readonly setDefault: (scenario: Scenario.Scenario | undefined) => void
  readonly ids: () => ReadonlyArray<string>
  readonly reset: () => void
}

// The positions of ids that were not registered are remembered up to here, the oldest are dropped first.
const rememberedSequences = 100_000

const stepAt = ({ afterwards, steps }: Scenario.Sequence, position: number): Scenario.Step => {
  const isCyclic = afterwards === "start-anew" && Number.isFinite(position)
  const index = isCyclic ? position % steps.length : Math.min(position, steps.length - 1)
  return steps[index] ?? steps[0]
}

/** Counts the answers of ids that were not registered. */
const positionMemory = () => {
  const positions = new Map<string, number>()
  return {
    advance: (transactionId: string): number => {
      const position = positions.get(transactionId) ?? 0
      positions.set(transactionId, position + 1)
      if (positions.size > rememberedSequences) {
        for (const oldest of positions.keys()) {
          positions.delete(oldest)
          break
        }
      }
      return position
    },
    clear: () => positions.clear()
  }
}

export const make = (initialDefault: Scenario.Scenario | undefined): Transactions => {
  const registered = new Map<string, Registered>()
  const positions = positionMemory()
  let fallback = initialDefault

  /** What a transaction answers; `position` says which step of a sequence that is. */
  const lookUp = (transactionId: string, now: number, position: (own: Registered | undefined) => number): Lookup => {
    const own = registered.get(transactionId)
    if (own !== undefined && now < own.completedAt) return { _tag: "Pending" }
    if (own !== undefined && now - own.completedAt > retentionMillis) return { _tag: "Expired" }
    const scenario = own?.scenario ?? Scenario.lookup(transactionId) ?? fallback
    if (scenario === undefined) return { _tag: "Unknown" }
    const step = scenario._tag === "Sequence" ? stepAt(scenario, position(own)) : scenario
    return { _tag: "Answer", step, asked: own?.asked, at: own?.completedAt ?? now }
  }

  return {
    register: (transactionId, scenario, completedAt, asked = registered.get(transactionId)?.asked) => {
      registered.set(transactionId, { scenario, completedAt, asked, answered: 0 })
    },
    next: (transactionId, now) =>
      lookUp(transactionId, now, (own) => (own === undefined ? positions.advance(transactionId) : own.answered++)),
    last: (transactionId, now) => lookUp(transactionId, now, () => Infinity),
    setDefault: (scenario) => {
      fallback = scenario
    },
    ids: () => [...registered.keys()],
    reset: () => {
      registered.clear()
      positions.clear()
      fallback = initialDefault
    }
  }
}
