/** What the service's own log says of a quota. */

/** The most that arrived in any window, whenever it began. Times are milliseconds. */
export const most = (times: ReadonlyArray<number>, window: number): number => {
  const sorted = times.toSorted((one, other) => one - other)
  let from = 0
  let most = 0
  sorted.forEach((time, index) => {
    while (time - (sorted[from] ?? time) >= window) from++
    most = Math.max(most, index - from + 1)
  })
  return most
}

/** How much of a quota was used from one moment to another, 1 for all of it. */
export const share = (times: ReadonlyArray<number>, limit: number, from: number, to: number): number =>
  times.filter((time) => time >= from && time < to).length / ((limit * (to - from)) / 1000)

/**
 * How long after a moment `share` of the quota was used again over `span` milliseconds; `undefined` if it never was.
 */
export const recovery = (
  times: ReadonlyArray<number>,
  limit: number,
  event: number,
  wanted: number,
  span = 2000
): number | undefined => {
  const last = Math.max(...times.slice(-1), event)
  for (let at = event; at + span <= last; at += 100) {
    if (share(times, limit, at, at + span) >= wanted) return at - event
  }
  return undefined
}
