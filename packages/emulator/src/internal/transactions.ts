import * as Scenario from "../Scenario.ts"

/** How long the vendor keeps a result, in milliseconds. */
const retentionMillis = 30 * 24 * 60 * 60 * 1000

interface Registered {
  readonly scenario: Scenario.Scenario
  /** When the user finished; `Infinity` while the journey is under way. */
  completedAt: number
  /** How many of the scenario's steps have been answered. */
  answered: number
}

/** What a transaction answers now: the next step of its scenario, or why there is none. */
type Lookup =
  | { readonly _tag: "Answer"; readonly step: Scenario.Step }
  | { readonly _tag: "Unknown" }
  | { readonly _tag: "Expired" }
  | { readonly _tag: "Pending" }

export interface Transactions {
  readonly register: (transactionId: string, scenario: Scenario.Scenario, completedAt: number) => void
  readonly next: (transactionId: string, now: number) => Lookup
  readonly setDefault: (scenario: Scenario.Scenario | undefined) => void
  readonly ids: () => ReadonlyArray<string>
  readonly reset: () => void
}

// Sequences of ids that nobody registered are remembered up to here, oldest dropped first.
const rememberedSequences = 100_000

const stepAt = ({ afterwards, steps }: Scenario.Sequence, position: number): Scenario.Step => {
  const index = afterwards === "start-anew" ? position % steps.length : Math.min(position, steps.length - 1)
  return steps[index] ?? steps[0]
}

export const make = (initialDefault: Scenario.Scenario | undefined): Transactions => {
  const registered = new Map<string, Registered>()
  const positions = new Map<string, number>()
  let fallback = initialDefault

  const advance = (transactionId: string): number => {
    const position = positions.get(transactionId) ?? 0
    positions.set(transactionId, position + 1)
    if (positions.size > rememberedSequences) {
      for (const oldest of positions.keys()) {
        positions.delete(oldest)
        break
      }
    }
    return position
  }

  return {
    register: (transactionId, scenario, completedAt) => {
      registered.set(transactionId, { scenario, completedAt, answered: 0 })
    },
    next: (transactionId, now) => {
      const own = registered.get(transactionId)
      if (own !== undefined) {
        if (now < own.completedAt) return { _tag: "Pending" }
        if (now - own.completedAt > retentionMillis) return { _tag: "Expired" }
        const { scenario } = own
        return { _tag: "Answer", step: scenario._tag === "Sequence" ? stepAt(scenario, own.answered++) : scenario }
      }
      const scenario = Scenario.lookup(transactionId) ?? fallback
      if (scenario === undefined) return { _tag: "Unknown" }
      return {
        _tag: "Answer",
        step: scenario._tag === "Sequence" ? stepAt(scenario, advance(transactionId)) : scenario
      }
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
