/** What happened in a simulation, line by line: two runs of one seed must have the same. */
import { createHash } from "node:crypto"

export interface EventLog {
  readonly add: (line: string) => void
  /** The latest lines. */
  readonly latest: () => ReadonlyArray<string>
  readonly count: () => number
  /** A digest of all lines. */
  readonly digest: () => string
}

/** How many lines are kept. */
const kept = 5000

export const make = (now: () => number): EventLog => {
  const hash = createHash("sha256")
  let lines: Array<string> = []
  let count = 0
  return {
    add: (line) => {
      const timed = `${now().toFixed(3)} ${line}`
      hash.update(timed).update("\n")
      count++
      lines.push(timed)
      if (lines.length > 2 * kept) lines = lines.slice(-kept)
    },
    latest: () => lines.slice(-kept),
    count: () => count,
    digest: () => hash.copy().digest("hex")
  }
}
