/** What the parts of one run share. */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Latch from "effect/Latch"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { Client } from "../../Cloudauth.ts"
import * as monotonic from "../monotonic.ts"
import * as sqlFailures from "../sqlFailures.ts"
import * as health from "./health.ts"
import type { CollectQueueError, Leased, Operations } from "./model.ts"
import type { RunOptions, Stopped } from "./options.ts"
import type * as work from "./work.ts"

/** How many results are stored in one transaction. */
export const batch = 256

/** What may pass is tried again for three minutes. */
const patience = 3 * 60_000

const keeping = Schedule.min([Schedule.exponential("50 millis"), Schedule.spaced("2 seconds")])

const isPassing = (error: unknown): boolean =>
  sqlFailures.isPassing(error) ||
  (typeof error === "object" && error !== null && "isPassing" in error && error.isPassing === true)

/** Tried again while the database is away. */
export const persistently = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.clockWith((clock) => {
    const begun = monotonic.millis(clock)
    return Effect.retry(effect, {
      while: (error) => isPassing(error) && monotonic.millis(clock) - begun < patience,
      schedule: keeping
    })
  })

/** What the parts of one run share. */
export interface Run<P, E, R> {
  readonly queue: Operations
  readonly client: Client
  readonly options: RunOptions<P, E, R>
  /** This run's name in the leases. */
  readonly owner: string
  readonly concurrency: number
  readonly lease: Duration.Input
  readonly every: Duration.Input
  /** By transaction id. An id is under way until what it came to is durable. */
  readonly underway: Map<string, Leased>
  /** Opened whenever an id is no longer under way. */
  readonly ended: Latch.Latch
  readonly arrived: Queue.Queue<work.Finished<P>, Cause.Done>
  readonly calls: FiberSet.FiberSet
  readonly health: health.Health
  /** Fails if the run can't go on. */
  readonly failed: Deferred.Deferred<never, E | CollectQueueError | Stopped>
}

export const begin = <P, E, R>(
  queue: Operations,
  client: Client,
  options: RunOptions<P, E, R>
): Effect.Effect<Run<P, E, R>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const concurrency = options.concurrency ?? 16
    return {
      queue,
      client,
      options,
      owner: crypto.randomUUID(),
      concurrency,
      lease: options.lease ?? "30 seconds",
      every: options.every ?? "1 second",
      underway: new Map(),
      ended: Latch.makeUnsafe(false),
      arrived: yield* Queue.bounded<work.Finished<P>, Cause.Done>(batch),
      calls: yield* FiberSet.make(),
      health: health.make(yield* Clock.Clock, concurrency, options.until === "empty"),
      failed: yield* Deferred.make<never, E | CollectQueueError | Stopped>()
    }
  })
