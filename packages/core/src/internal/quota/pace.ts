/** How far apart calls go out: evenly, and further apart after the service has throttled one. Pure. */

/**
 * How fast calls may go out.
 *
 * @category models
 * @since 0.1.0
 */
export interface Limits {
  /** Calls a second. */
  readonly perSecond: number
  /** How much longer than another a call may take to the service, in milliseconds. */
  readonly margin: number
}

/** The window in which the service counts, in milliseconds. */
export const window = 1000

/** The part of the margin by which a call may be early after one whose timer was late, so that the pace is kept. */
const catchUp = 0.1

/** After a throttled call: the part of the speed that is left, the least part, and what comes back in a second. */
export const slowdown = 0.7
export const slowest = 0.1
export const recovery = 0.03

export interface Pace {
  /** When the next call may go out. */
  readonly due: (now: number, limits: Limits) => number
  /** The time between two calls. */
  readonly spacing: (now: number, limits: Limits) => number
  /** A call goes out. Returns the share of the quota that the last second has used. */
  readonly depart: (now: number, limits: Limits) => number
  /** The service throttled the call that went out at `at`. */
  readonly throttled: (at: number, now: number) => void
}

export const make = (): Pace => {
  let last = -Infinity
  let speed = 1
  let slowedAt = -Infinity
  /** When the calls of the last second went out. */
  const recent: Array<number> = []

  const speedAt = (now: number) => Math.min(1, speed + (recovery * (now - slowedAt)) / 1000)
  /** Any `perSecond + 1` calls in a row take a window and the margin. */
  const spacing = (now: number, { margin, perSecond }: Limits) => (window + margin) / perSecond / speedAt(now)
  const due = (now: number, limits: Limits) => Math.max(now, last + spacing(now, limits))

  return {
    due,
    spacing,
    depart: (now, limits) => {
      const planned = last + spacing(now, limits)
      last = now - planned > limits.margin * catchUp ? now : planned
      recent.push(now)
      while ((recent[0] ?? now) <= now - window) recent.shift()
      return recent.length / limits.perSecond
    },
    throttled: (at, now) => {
      // A call that went out before the slowdown, or within its window, is no news.
      if (at < slowedAt + window) return
      speed = Math.max(slowest, speedAt(now) * slowdown)
      slowedAt = now
    }
  }
}
