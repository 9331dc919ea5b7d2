/** Parts of queries that several alerts share. */
import { label } from "./prometheus.ts"

/** Each service and region by itself: a busy one must not hide another. */
export const groups = `job, ${label("cloud.region")}`

export const rate = (series: string, range: string) => `sum by (${groups}) (rate(${series}[${range}]))`
export const count = (series: string, range: string) => `sum by (${groups}) (increase(${series}[${range}]))`
export const share = (part: string, whole: string, range: string) => `${rate(part, range)} / ${rate(whole, range)}`

/**
 * By how much each series of a counter has grown in a time. A series that is new has grown by all that it holds:
 * `increase` alone would miss its first count, which for what happens rarely is the only one.
 */
export const grown = (counter: string, range: string): string =>
  `((${counter} unless max_over_time(${counter}[${range}] offset ${range})) or increase(${counter}[${range}]))`

/** Whether a counter has grown in a time. */
export const happened = (counter: string, range: string): string => `sum by (${groups}) (${grown(counter, range)}) > 0`
