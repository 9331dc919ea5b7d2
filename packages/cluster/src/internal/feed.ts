/** From the ledger to the engine: pending ids in the order of their registration. */
import { type Pending, ResultStore, type StoreError } from "@effect-cloudauth/cli/ResultStore"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { WorkflowEngine } from "effect/workflow/WorkflowEngine"
import { CollectResult, payload } from "../CollectResult.ts"
import * as monotonic from "./monotonic.ts"

export interface Options {
  readonly every: Duration.Input
  readonly ahead: number
  readonly concurrency: number
}

/** How many ids are read from the ledger at once. */
const page = 500

/**
 * After so many milliseconds the ledger is gone through from its beginning, for ids that are pending once more, or whose
 * registration was committed after that of a later one. What is at work already is submitted without effect.
 */
const round = 5 * 60 * 1000

/** Submits at most `limit` pending ids after a sequence number, and gives them back. */
export const submit = Effect.fnUntraced(function* (
  after: number,
  limit: number,
  concurrency: number
): Effect.fn.Return<ReadonlyArray<Pending>, StoreError, ResultStore | WorkflowEngine> {
  const store = yield* ResultStore
  const items = yield* store.pending(after, limit)
  const now = yield* Clock.currentTimeMillis
  // An execution that failed is over: the time of its failure makes another one of the same id.
  yield* Effect.forEach(items, (item) => CollectResult.execute(payload(item, now, item.failedAt), { discard: true }), {
    concurrency,
    discard: true
  })
  return items
})

/** Submits for ever, as long as fewer than `ahead` executions are `active`. */
export const feed = Effect.fnUntraced(function* <E, R>(
  active: Effect.Effect<number, E, R>,
  { ahead, concurrency, every }: Options
): Effect.fn.Return<never, E | StoreError, R | ResultStore | WorkflowEngine> {
  const clock = yield* Clock.Clock
  for (;;) {
    const end = monotonic.millis(clock) + round
    let last = 0
    for (let isThrough = false; !isThrough || monotonic.millis(clock) < end;) {
      const room = Math.min(ahead - (yield* active), page)
      const items = room > 0 ? yield* submit(last, room, concurrency) : []
      last = items.at(-1)?.sequence ?? last
      if (items.length < room) isThrough = true
      if (items.length < page) yield* Effect.sleep(every)
    }
  }
})
