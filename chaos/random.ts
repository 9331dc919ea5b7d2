/** Seeded lots: the same text gives the same values on every machine. */
import { createHash } from "node:crypto"

export interface Random {
  /** In [0, 1). */
  readonly float: () => number
  /** A whole number in [0, below). */
  readonly below: (below: number) => number
  readonly pick: <A>(from: readonly [A, ...ReadonlyArray<A>]) => A
  readonly chance: (probability: number) => boolean
}

export const make = (seed: string): Random => {
  // A counter, mixed (the finaliser of MurmurHash3 over a Weyl sequence): small, and good enough for lots.
  let state = createHash("sha256").update(seed).digest().readUInt32LE()
  const float = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(float() * limit)
  return {
    float,
    below,
    pick: (from) => from[below(from.length)] ?? from[0],
    chance: (probability) => float() < probability
  }
}
