/** The middle value; of an even number the mean of the middle two. NaN of nothing. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** `values` begun at `by`: the order of the clients in a round, so that no client is always first. */
export const rotated = <A>(values: ReadonlyArray<A>, by: number): ReadonlyArray<A> => {
  const start = values.length === 0 ? 0 : by % values.length
  return [...values.slice(start), ...values.slice(0, start)]
}

/** How far the rounds were apart: half the distance between the quartiles, as a part of the median. */
export const spread = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number): number => sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN
  return (at(0.75) - at(0.25)) / 2 / median(values)
}
