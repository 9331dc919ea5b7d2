/** The quota's places in this process. Times are milliseconds of the monotonic clock. */

export interface Options {
  readonly limit: number
  /** Milliseconds. */
  readonly window: number
  /** Milliseconds. */
  readonly flight: number
  /** Milliseconds. */
  readonly floor: number
}

/** A place for one request. */
export interface Place {
  readonly index: number
  readonly taken: number
}

export interface MemorySlots {
  /** A place, or the milliseconds until there is one. */
  readonly take: (now: number) => Place | number
  readonly release: (place: Place, now: number) => void
}

export const make = ({ flight, floor, limit, window }: Options): MemorySlots => {
  /** When each place is free. */
  const free = new Float64Array(limit).fill(-Infinity)
  const last: Array<Place | undefined> = []

  return {
    take: (now) => {
      let soonest = Infinity
      for (let index = 0; index < limit; index++) {
        const at = free[index] ?? Infinity
        if (at <= now) {
          const place: Place = { index, taken: now }
          free[index] = now + window + flight
          last[index] = place
          return place
        }
        if (at < soonest) soonest = at
      }
      // Timers have whole milliseconds.
      return Math.ceil(soonest - now)
    },
    release: (place, now) => {
      // A place that was kept for too long may be another's by now.
      if (last[place.index] !== place) return
      const at = Math.max(place.taken, now - floor) + window
      free[place.index] = Math.min(free[place.index] ?? at, at)
    }
  }
}
