/** Counts calls in each second of the emulator's clock, as the vendor's QPS limits do. */
export interface Quota {
  /** `undefined` where the call is within the limit, else the milliseconds until the next second starts. */
  readonly take: (key: string, limit: number, now: number) => number | undefined
}

export const make = (): Quota => {
  const counts = new Map<string, { second: number; count: number }>()
  return {
    take: (key, limit, now) => {
      const second = Math.floor(now / 1000)
      const entry = counts.get(key)
      if (entry === undefined || entry.second !== second) {
        counts.set(key, { second, count: 1 })
        return undefined
      }
      entry.count += 1
      return entry.count > limit ? (second + 1) * 1000 - now : undefined
    }
  }
}
