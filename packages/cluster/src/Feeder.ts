/**
 * Submits what is registered in the `ResultStore` and waits for its result. The ledger of ids is the source of truth, so
 * that submitting means registering: one insert, and no part of the cluster needs to be up.
 *
 * One runner at a time feeds, and another takes over if it dies. Submitting an id again does nothing, unless it failed:
 * then it is asked for again, within five minutes. The backlog stays in the ledger: the engine is given no more than it
 * has work for.
 *
 * @since 0.1.0
 */
import type { ResultStore, StoreError } from "@effect-cloudauth/cli/ResultStore"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type { Sharding } from "effect/cluster/Sharding"
import * as Singleton from "effect/cluster/Singleton"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type { SqlClient } from "effect/sql/SqlClient"
import type { WorkflowEngine } from "effect/workflow/WorkflowEngine"
import * as EngineTables from "./EngineTables.ts"
import * as internal from "./internal/feed.ts"

/**
 * How fast the feeder submits.
 *
 * @category models
 * @since 0.1.0
 */
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
}

const concurrency = 16

const onceKeys: OwnOptions.Keys<Pick<Options, "concurrency">> = { concurrency: true }

/**
 * The keys of `Options`.
 *
 * @category models
 * @since 0.1.0
 */
export const keys: OwnOptions.Keys<Options> = { ...onceKeys, every: true, ahead: true }

/**
 * Submits everything that is pending now, at once: for small collections and tests.
 *
 * @category operations
 * @since 0.1.0
 */
export const once = Effect.fnUntraced(function* (
  options: Pick<Options, "concurrency"> = {}
): Effect.fn.Return<void, StoreError, ResultStore | WorkflowEngine> {
  let last = 0
  for (;;) {
    const items = yield* internal.submit(last, 500, OwnOptions.ownOrThrow(onceKeys, options).concurrency ?? concurrency)
    const next = items.at(-1)
    if (next === undefined) return
    last = next.sequence
  }
})

/**
 * Feeds, on one runner of the cluster at a time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  options: Options = {}
): Layer.Layer<never, never, Sharding | ResultStore | WorkflowEngine | SqlClient> => {
  const own = OwnOptions.ownOrThrow(keys, options)
  return Singleton.make(
    "cloudauth/Feeder",
    EngineTables.index.pipe(
      Effect.andThen(
        internal.feed(EngineTables.active, {
          every: own.every ?? "1 second",
          ahead: own.ahead ?? 1000,
          concurrency: own.concurrency ?? concurrency
        })
      ),
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
}
