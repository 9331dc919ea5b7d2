/** A limiter's places in this process: pure, the time comes from the caller. */

/**
 * Checked options, in milliseconds.
 *
 * @category models
 * @since 0.1.0
 */
export interface Settings {
  readonly limit: number
  readonly window: number
  readonly flight: number
  readonly floor: number
}

/**
 * A place for one request.
 *
 * @category models
 * @since 0.1.0
 */
export interface Place {
  readonly index: number
  /** Milliseconds of monotonic time. */
  readonly taken: number
}

export class Places {
  readonly #settings: Settings
  /** When each place is free again. */
  readonly #free: Float64Array
  /** Who took each place last. */
  readonly #last: Array<Place | undefined> = []
  /** Where to look first. If no request is in flight, it is the place that was taken first. */
  #next = 0

  constructor(settings: Settings) {
    this.#settings = settings
    this.#free = new Float64Array(settings.limit).fill(-Infinity)
  }

  /** A place, or the milliseconds until there is one. */
  take(now: number): Place | number {
    const { flight, limit, window } = this.#settings
    let soonest = Infinity
    for (let step = 0; step < limit; step++) {
      const index = (this.#next + step) % limit
      const at = this.#free[index] ?? Infinity
      if (at <= now) {
        const place: Place = { index, taken: now }
        this.#free[index] = now + window + flight
        this.#last[index] = place
        this.#next = (index + 1) % limit
        return place
      }
      if (at < soonest) soonest = at
    }
    return Math.ceil(soonest - now)
  }

  /** The response has come: the place is free one window after the latest moment at which the request can have arrived. */
  release(place: Place, now: number): void {
    // A place that was held for longer than `flight` can be another request's by now.
    if (this.#last[place.index] !== place) return
    const at = Math.max(place.taken, now - this.#settings.floor) + this.#settings.window
    this.#free[place.index] = Math.min(this.#free[place.index] ?? at, at)
  }
}
