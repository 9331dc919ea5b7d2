/** Which faults strike: each rule counts what it matched, and draws at random from a seed. */
import type * as Fault from "../Fault.ts"
import type * as Seeded from "./seeded.ts"

export const make = (initial: ReadonlyArray<Fault.Rule>, seeded: Seeded.Seeded): Fault.Injector => {
  let rules = initial.map((rule) => ({ rule, matched: 0, struck: 0 }))
  const counts = new Map<Fault.Kind, number>()

  const strikes = (entry: (typeof rules)[number], target: Fault.Target): boolean => {
    const { rule } = entry
    if (rule.transactionId !== undefined && target.transactionId?.startsWith(rule.transactionId) !== true) return false
    if (rule.action !== undefined && target.action !== rule.action) return false
    entry.matched += 1
    if (entry.matched <= (rule.skip ?? 0)) return false
    const position = entry.matched - (rule.skip ?? 0) - 1
    if (rule.burst !== undefined && position % rule.burst.every >= rule.burst.strikes) return false
    if (rule.times !== undefined && entry.struck >= rule.times) return false
    if (rule.probability !== undefined && seeded.float() >= rule.probability) return false
    entry.struck += 1
    counts.set(rule.fault._tag, (counts.get(rule.fault._tag) ?? 0) + 1)
    return true
  }

  const ofConnection = (entry: (typeof rules)[number]) => entry.rule.fault._tag === "TlsError"
  return {
    decide: (target) =>
      rules.filter((entry) => !ofConnection(entry) && strikes(entry, target)).map((entry) => entry.rule.fault),
    decideTls: () =>
      rules.filter(ofConnection).some((entry) => strikes(entry, { transactionId: undefined, action: undefined })),
    counts: () => Object.fromEntries(counts),
    setRules: (next) => {
      rules = next.map((rule) => ({ rule, matched: 0, struck: 0 }))
    },
    rules: () => rules.map((entry) => entry.rule)
  }
}
