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
  readonly setDefault: (scenario: Scenario.Scenario | undefined) => void
  readonly ids: () => ReadonlyArray<string>
  readonly reset: () => void
}

// The positions of ids that were not registered are remembered up to here, the oldest are dropped first.
const rememberedSequences = 100_000

const stepAt = ({ afterwards, steps }: Scenario.Sequence, position: number): Scenario.Step => {
  const index = afterwards === "start-anew" ? position % steps.length : Math.min(position, steps.length - 1)
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

  const nextOf = (own: Registered, now: number): Lookup => {
    const { asked, completedAt, scenario } = own
    if (now < completedAt) return { _tag: "Pending" }
    if (now - completedAt > retentionMillis) return { _tag: "Expired" }
    const step = scenario._tag === "Sequence" ? stepAt(scenario, own.answered++) : scenario
    return { _tag: "Answer", step, asked, at: completedAt }
  }

  return {
    register: (transactionId, scenario, completedAt, asked = registered.get(transactionId)?.asked) => {
      registered.set(transactionId, { scenario, completedAt, asked, answered: 0 })
    },
    next: (transactionId, now) => {
      const own = registered.get(transactionId)
      if (own !== undefined) return nextOf(own, now)
      const scenario = Scenario.lookup(transactionId) ?? fallback
      if (scenario === undefined) return { _tag: "Unknown" }
      const step = scenario._tag === "Sequence" ? stepAt(scenario, positions.advance(transactionId)) : scenario
      return { _tag: "Answer", step, asked: undefined, at: now }
    },
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
