/** Collects a queue: leases, asks, stores, and drains when it is interrupted. */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import type { Client } from "../../Cloudauth.ts"
import type { Store } from "../../TransactionStore.ts"
import { oneId } from "./calls.ts"
import type { CollectQueueError, Operations } from "./model.ts"
import type { RunOptions, Stopped } from "./options.ts"
import { begin, persistently, type Run } from "./state.ts"
import * as transactions from "./transactions.ts"
import { writing } from "./writer.ts"

/** Collects until the queue is empty, or for ever. */
export const run = <P, E, R>(
  queue: Operations,
  client: Client,
  options: RunOptions<P, E, R>
): Effect.Effect<void, E | CollectQueueError | Stopped, R> =>
  Effect.gen(function* () {
    const run = yield* begin(queue, client, options)
    yield* Effect.forkScoped(signsOfLife(run))
    if (options.until !== "empty" && options.transactions !== undefined) {
      yield* Effect.forkScoped(takingOver(run, options.transactions))
    }
    const writer = yield* Effect.forkChild(writing(run), { uninterruptible: true })
    yield* Effect.raceFirst(asking(run), Deferred.await(run.failed)).pipe(
      Effect.onExit((exit) => drain(run, writer, exit))
    )
    // The last to be stored may have failed.
    if (yield* Deferred.isDone(run.failed)) return yield* Deferred.await(run.failed)
    if (options.until === "empty") yield* run.health.atTheEnd
  }).pipe(Effect.scoped)

/**
 * Renews what is under way: an id whose lease never came here, as its connection was lost, goes to the next that asks. A sign
 * that has no answer does not hold up the next one. If the database is away, no other process can take the ids.
 */
const signsOfLife = <P, E, R>({ lease, owner, queue, underway }: Run<P, E, R>): Effect.Effect<void> =>
  Effect.suspend(() => Effect.ignore(queue.renew(owner, [...underway.keys()], lease))).pipe(
    Effect.forkChild,
    Effect.delay(Duration.toMillis(lease) / 3),
    Effect.forever
  )

const takingOver = <P, E, R>({ client, queue }: Run<P, E, R>, store: Store): Effect.Effect<void> =>
  transactions.takeOver(queue, store, client).pipe(
    Effect.catch((error) => transactions.warn("Could not take over transactions; trying again", error)),
    Effect.repeat(Schedule.spaced("1 minute"))
  )

/** Leases as many ids as there is room for, and asks for them. */
const asking = <P, E, R>(run: Run<P, E, R>): Effect.Effect<void, CollectQueueError, R> =>
  Effect.gen(function* () {
    const { concurrency, every, lease, options, owner, queue, underway } = run
    const isToEnd = options.until === "empty"
    if (isToEnd) yield* persistently(queue.wake)
    for (;;) {
      yield* room(run)
      yield* run.health.pause
      const leased = yield* persistently(queue.lease(owner, concurrency - underway.size, lease))
      for (const item of leased) underway.set(item.transactionId, item)
      yield* Effect.forEach(leased, (item) => FiberSet.run(run.calls, oneId(run, item)), { discard: true })
      if (leased.length > 0) continue
      if (underway.size > 0) yield* Effect.raceFirst(nextEnd(run), Effect.sleep(every))
      // Of what is leased now, nothing is under way here.
      else if (!isToEnd || (yield* persistently(queue.isBusy))) yield* Effect.sleep(every)
      else return
    }
  })

/** Waits until a quarter of the places is free: one statement leases several ids. */
const room = <P, E, R>(run: Run<P, E, R>): Effect.Effect<void> =>
  Effect.suspend(() => {
    const { concurrency, underway } = run
    return underway.size === 0 || concurrency - underway.size >= concurrency / 4
      ? Effect.void
      : Effect.andThen(nextEnd(run), room(run))
  })

const nextEnd = <P, E, R>({ ended }: Run<P, E, R>): Effect.Effect<void> =>
  Effect.suspend(() => {
    ended.closeUnsafe()
    return ended.await
  })

/** However the run ends, what has come is stored; when it is interrupted, calls under way may end. The rest is given back. */
const drain = <P, E, R>(
  { arrived, calls, options, owner, queue }: Run<P, E, R>,
  writer: Fiber.Fiber<void>,
  exit: Exit.Exit<void, unknown>
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const time = options.drainTimeout ?? "30 seconds"
    if (Exit.isFailure(exit) && Exit.hasInterrupts(exit)) yield* Effect.timeoutOption(FiberSet.awaitEmpty(calls), time)
    yield* FiberSet.clear(calls)
    yield* Queue.end(arrived)
    yield* Effect.timeoutOption(Fiber.await(writer), time)
    yield* Effect.ignore(queue.releaseAll(owner))
  })
