/** How many verdicts there are of each kind, and how many there usually are. */
import { label, metric } from "./prometheus.ts"
import { count, groups } from "./queries.ts"

const verdicts = metric("cloudauth.verdicts")
const verdict = label("cloudauth.verdict")
const isUnfavourable = `${verdict}=~"Rejected|Inconclusive"`
export const hourOfAll = "cloudauth:verdicts:1h"
export const hour = "cloudauth:verdicts_unfavourable:1h"
export const weekOfAll = "cloudauth:verdicts:7d"
export const usual = "cloudauth:verdicts_unfavourable:share7d"
export const perGroup = `on (${groups}) group_left ()`

/** What the rules below compute first: the verdicts of this hour, and the usual share of each in the week before. */
export const records: ReadonlyArray<{ readonly record: string; readonly expr: string }> = [
  { record: hourOfAll, expr: count(verdicts, "1h") },
  { record: hour, expr: `sum by (${groups}, ${verdict}) (increase(${verdicts}{${isUnfavourable}}[1h]))` },
  { record: weekOfAll, expr: `sum by (${groups}) (increase(${verdicts}[7d] offset 1h))` },
  {
    record: usual,
    // One of each kind more than there were: a share of 0 would make any case a wonder.
    expr:
      `((sum by (${groups}, ${verdict}) (increase(${verdicts}{${isUnfavourable}}[7d] offset 1h)) or 0 * ${hour}) + 1) ` +
      `/ ${perGroup} (${weekOfAll} + 2)`
  }
]
