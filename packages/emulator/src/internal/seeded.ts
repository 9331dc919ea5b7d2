import { createCipheriv, createHash } from "node:crypto"

/**
 * A stream of pseudo-random values that depends on the seed alone: AES-128 in counter mode over zeros, so that
 * the same seed gives the same bytes on every machine and Node version.
 */
export interface Seeded {
  readonly bytes: (count: number) => Buffer
  /** In [0, 1). */
  readonly float: () => number
  /** A whole number in [0, below). */
  readonly int: (below: number) => number
  readonly pick: <A>(from: readonly [A, ...ReadonlyArray<A>]) => A
  readonly digits: (count: number) => string
}

const chunkBytes = 1024

export const make = (seed: string): Seeded => {
  const key = createHash("sha256").update(seed).digest()
  const cipher = createCipheriv("aes-128-ctr", key.subarray(0, 16), key.subarray(16, 32))
  let chunk = Buffer.alloc(0)
  let offset = 0

  const bytes = (count: number): Buffer => {
    if (count > chunkBytes) return cipher.update(Buffer.alloc(count))
    if (offset + count > chunk.length) {
      chunk = cipher.update(Buffer.alloc(chunkBytes))
      offset = 0
    }
    offset += count
    return chunk.subarray(offset - count, offset)
  }
  const float = () => bytes(4).readUInt32BE() / 2 ** 32
  const int = (below: number) => Math.floor(float() * below)
  return {
    bytes,
    float,
    int,
    pick: (from) => from[int(from.length)] ?? from[0],
    digits: (count) => Array.from({ length: count }, () => int(10)).join("")
  }
}

/** An upper-case UUID, as the vendor's request ids look. */
export const uuid = (seeded: Seeded): string => {
  const hex = seeded.bytes(16).toString("hex").toUpperCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
