/**
 * Submits what is registered in the `ResultStore` and waits for its result. The ledger of ids is the source of truth, so
 * that submitting means registering: one insert, and no part of the cluster needs to be up.
 *
 * One runner at a time feeds, and another takes over where it dies. Submitting an id again does nothing. The backlog
 * stays in the ledger: the engine is given no more than it has work for.
 */
import { type Pending, ResultStore, type StoreError } from "@effect-cloudauth/cli/ResultStore"
import * as Clock from "effect/Clock"
import type { Sharding } from "effect/cluster/Sharding"
import * as Singleton from "effect/cluster/Singleton"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type { SqlClient } from "effect/sql/SqlClient"
import type { WorkflowEngine } from "effect/workflow/WorkflowEngine"
import { CollectResult, payload } from "./CollectResult.ts"
import * as EngineTables from "./EngineTables.ts"

export interface Options {
  /** How often the engine's appetite and the ledger are looked at. Default 1 second. */
  readonly every?: Duration.Input | undefined
  /**
   * How many executions may be at work or wait for a runner; those of users who have not finished do not count. Default
   * 1000: at least a few seconds of the quota, and all runners' `concurrency` together.
   */
  readonly ahead?: number | undefined
  /** How many ids are submitted at once. Default 16. */
  readonly concurrency?: number | undefined
  /** The round of these submissions: another number than before asks anew for ids that failed. Default 0. */
  readonly round?: number | undefined
}

/**
 * After so many looks without anything new the whole ledger is gone through again, for ids that were registered out of
 * order or are pending once more.
 */
const looks = 300

/** Submits at most `limit` pending ids after a sequence number, and gives back the last one. */
const submit = Effect.fnUntraced(function* (
  after: number,
  limit: number,
  options: Options
): Effect.fn.Return<ReadonlyArray<Pending>, StoreError, ResultStore | WorkflowEngine> {
  const store = yield* ResultStore
  const items = yield* store.pending(after, limit)
  const now = yield* Clock.currentTimeMillis
  yield* Effect.forEach(items, (item) => CollectResult.execute(payload(item, now, options.round), { discard: true }), {
    concurrency: options.concurrency ?? 16,
    discard: true
  })
  return items
})

/** Submits everything that is pending now, at once: for small collections and tests. */
export const once = Effect.fnUntraced(function* (
  options: Options = {}
): Effect.fn.Return<void, StoreError, ResultStore | WorkflowEngine> {
  let last = 0
  for (;;) {
    const items = yield* submit(last, 500, options)
    const next = items.at(-1)
    if (next === undefined) return
    last = next.sequence
  }
})

const feed = Effect.fnUntraced(function* (options: Options) {
  yield* EngineTables.index
  for (;;) {
    let last = 0
    for (let idle = 0; idle < looks;) {
      const room = (options.ahead ?? 1000) - (yield* EngineTables.active)
      const items = room > 0 ? yield* submit(last, Math.min(room, 500), options) : []
      last = items.at(-1)?.sequence ?? last
      idle = items.length === 0 ? idle + 1 : 0
      if (items.length < 500) yield* Effect.sleep(options.every ?? "1 second")
    }
  }
})

/** Feeds, on one runner of the cluster at a time. */
export const layer = (
  options: Options = {}
): Layer.Layer<never, never, Sharding | ResultStore | WorkflowEngine | SqlClient> =>
  Singleton.make(
    "cloudauth/Feeder",
    feed(options).pipe(
      // A store or an engine that failed: from the beginning, as nothing is done twice.
      Effect.tapCause((cause) =>
        Effect.annotateLogs(Effect.logWarning("The feeder stumbled and begins again"), {
          "error.type": cause.reasons.map((reason) => reason._tag).join(",")
        })
      ),
      Effect.sandbox,
      Effect.retry(Schedule.spaced("2 seconds")),
      Effect.orDie
    )
  )
