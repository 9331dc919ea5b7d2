/**
 * Collects results in the background: a bounded queue, a few workers, and a sweep that takes up what is left over.
 *
 * What is to be collected is noted in the store before it is queued; a full queue, a failure or a crash therefore loses
 * nothing, it only delays. The sweep also finds what began an hour ago and was never notified: each transaction ends with
 * a result or a reason.
 */
import type * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { type AwaitError, type Client, Cloudauth } from "../../Cloudauth.ts"
import type { TransactionAbandoned, TransactionExpired } from "../../CloudauthError.ts"
import * as Telemetry from "../../Telemetry.ts"
import { TransactionStore } from "../../TransactionStore.ts"
import type { Assessed, Store, StoredTransaction } from "../../TransactionStore.ts"
import type { TransactionStoreError } from "../../TransactionStoreError.ts"
import { failureName } from "../call/failure.ts"
import { logQuietly } from "../quietly.ts"
import { assessed } from "./assessed.ts"
import { linked } from "./links.ts"
import { endingOf, followed } from "./steps.ts"
import { isInRegion, oldestOf, requestOf, waitsSince } from "./storedRequest.ts"

/**
 * A result, and the stored transaction that it belongs to.
 *
 * @category models
 * @since 0.1.0
 */
export interface Collected {
  readonly transaction: StoredTransaction
  /** Compared with what Initialize asked for, with the findings of its assessment. */
  readonly result: Assessed
}

/**
 * A transaction that ends without a result, and why.
 *
 * @category models
 * @since 0.1.0
 */
export interface Ended {
  readonly transaction: StoredTransaction
  /** The user did not finish in 30 minutes, or the vendor has deleted the result. */
  readonly error: TransactionAbandoned | TransactionExpired
}

export interface Settings<E, R> {
  readonly onResult: (collected: Collected) => Effect.Effect<void, E, R>
  readonly onEnded: (ended: Ended) => Effect.Effect<void, E, R>
  readonly isReturnImage: boolean
  readonly capacity: number
  readonly concurrency: number
  readonly collectTimeout: Duration.Duration
  readonly sweepEvery: Duration.Duration
  readonly drainTimeout: Duration.Duration
}

export interface Collector {
  /** Whether a transaction is to be collected here; a server of its own region collects another. */
  readonly isOwn: (transaction: StoredTransaction) => boolean
  /** Queues a transaction, unless it waits or is under way already, or the queue is full. */
  readonly offer: (transaction: StoredTransaction) => void
  /** Collects a transaction at once. Tells whether it is collected or has ended, by any process. */
  readonly collectNow: (transaction: StoredTransaction) => Effect.Effect<boolean>
}

class CollectTimeout {
  readonly _tag = "CollectTimeout"
}

/** The platform may call a moment before the result can be had: 15 seconds in all. */
const polling = Schedule.exponential("1 second").pipe(Schedule.upTo({ times: 4 }))

const hour = Duration.toMillis("1 hour")

/** How long to leave a transaction alone after its `claim`th failure: a minute, doubled each time, an hour at most. */
const pause = (claim: number) => Duration.millis(Math.min(hour, 60_000 * 2 ** Math.min(claim - 1, 10)))

/** Whether an error says why no result will come. */
const isOver = (error: AwaitError): error is Ended["error"] =>
  error._tag === "TransactionExpired" || error._tag === "TransactionAbandoned"

/** The names of what failed, never its words: they may hold anything. */
const namesOf = (cause: Cause.Cause<unknown>): string => {
  const names = cause.reasons.map((reason) => {
    if (reason._tag === "Interrupt") return "Interrupt"
    return failureName(reason._tag === "Fail" ? reason.error : reason.defect)
  })
  return [...new Set(names)].join(",")
}

const warn = (message: string, cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  logQuietly(Effect.annotateLogs(Effect.logWarning(message), { "error.type": namesOf(cause) }))

/** What the parts of a collector share. */
interface Shared<E, R> {
  readonly settings: Settings<E, R>
  readonly client: Client
  readonly store: Store
  readonly context: Context.Context<R>
  readonly queue: Queue.Queue<StoredTransaction, Cause.Done>
  /** The ids of transactions that wait, or are under way, in this process. */
  readonly known: Set<string>
}

export const make = Effect.fnUntraced(function* <E, R>(
  settings: Settings<E, R>
): Effect.fn.Return<Collector, never, Cloudauth | TransactionStore | R | Scope.Scope> {
  const shared: Shared<E, R> = {
    settings,
    client: yield* Cloudauth,
    store: yield* TransactionStore,
    context: yield* Effect.context<R>(),
    queue: yield* Queue.dropping<StoredTransaction, Cause.Done>(settings.capacity),
    known: new Set()
  }
  const { queue } = shared
  const worker = Queue.take(queue).pipe(
    Effect.flatMap((transaction) => collect(shared, transaction)),
    Effect.forever,
    // The queue has ended.
    Effect.catch(() => Effect.void)
  )
  const sweeping = sweep(shared).pipe(
    Effect.catchCause((cause) => warn("Could not read the transaction store", cause)),
    Effect.repeat(Schedule.spaced(settings.sweepEvery))
  )
  const workers = yield* Effect.forEach(Array.from({ length: settings.concurrency }), () => Effect.forkScoped(worker))
  const sweeper = yield* Effect.forkScoped(sweeping)

  // Runs before the scope interrupts the workers: for a while they go on with what waits; the rest is in the store.
  yield* Effect.addFinalizer(() =>
    Effect.gen(function* () {
      yield* Fiber.interrupt(sweeper)
      yield* Queue.end(queue)
      yield* Effect.timeoutOption(Fiber.awaitAll(workers), settings.drainTimeout)
    })
  )
  return {
    isOwn: (transaction) => isOwn(shared, transaction),
    offer: (transaction) => offer(shared, transaction),
    collectNow: (transaction) => collectNow(shared, transaction)
  }
})

const isOwn = <E, R>({ client }: Shared<E, R>, transaction: StoredTransaction): boolean =>
  isInRegion(transaction, client.region)

const offer = <E, R>({ known, queue }: Shared<E, R>, transaction: StoredTransaction): void => {
  const { transactionId } = transaction
  if (!known.has(transactionId) && Queue.offerUnsafe(queue, transaction)) known.add(transactionId)
}

const sweep = <E, R>(shared: Shared<E, R>): Effect.Effect<void, TransactionStoreError> =>
  Effect.suspend(() => {
    const { client, queue, settings, store } = shared
    const room = settings.capacity - Queue.sizeUnsafe(queue)
    return room <= 0
      ? Effect.void
      : Effect.flatMap(store.pending(room, client.region), (pending) => {
          const own = pending.filter((transaction) => isOwn(shared, transaction))
          for (const transaction of own) offer(shared, transaction)
          return Telemetry.storeSwept(oldestOf(own))
        })
  })

const collectNow = <E, R>(shared: Shared<E, R>, transaction: StoredTransaction): Effect.Effect<boolean> =>
  collect(shared, transaction).pipe(
    Effect.andThen(shared.store.get(transaction.transactionId)),
    Effect.map(({ collectedAt, endedAt }) => collectedAt !== undefined || endedAt !== undefined),
    Effect.catch(() => Effect.succeed(false))
  )

const collect = <E, R>(shared: Shared<E, R>, transaction: StoredTransaction): Effect.Effect<void> =>
  shared.store.claim(transaction.transactionId, Duration.times(shared.settings.collectTimeout, 2)).pipe(
    Effect.flatMap((claim) => (claim._tag === "None" ? Effect.void : collectClaimed(shared, transaction, claim.value))),
    Effect.catchCause((cause) => warn("A result could not be collected; it will be tried again", cause)),
    Effect.ensuring(Effect.sync(() => shared.known.delete(transaction.transactionId)))
  )

/** What was claimed is collected, or released for the next attempt. */
const collectClaimed = <E, R>(shared: Shared<E, R>, transaction: StoredTransaction, claim: number) =>
  finish(shared, transaction).pipe(
    Effect.timeoutOrElse({
      duration: shared.settings.collectTimeout,
      orElse: () => Effect.fail(new CollectTimeout())
    }),
    Effect.onExit((exit) =>
      Exit.isSuccess(exit)
        ? Effect.void
        : shared.store.release(transaction.transactionId, Exit.hasInterrupts(exit) ? Duration.zero : pause(claim))
    )
  )

/** Hands over the result, or the reason why there is none. */
const finish = <E, R>(shared: Shared<E, R>, transaction: StoredTransaction) => {
  const { settings, store } = shared
  const { transactionId } = transaction
  return Effect.matchEffect(fetch(shared, transaction), {
    onSuccess: (result) => handOver(shared, settings.onResult({ transaction, result }), store.collected(transactionId)),
    onFailure: (error): Effect.Effect<void, AwaitError | E | TransactionStoreError> => {
      const ending = endingOf(transaction, error)
      return ending === undefined || !isOver(error)
        ? Effect.fail(error)
        : handOver(shared, settings.onEnded({ transaction, error }), store.ended(transactionId, ending))
    }
  })
}

const fetch = <E, R>({ client, settings, store }: Shared<E, R>, transaction: StoredTransaction) => {
  const request = requestOf(transaction, { isReturnImage: settings.isReturnImage })
  const call = linked(transaction.traceparent, assessed(request, client.awaitResult(request, { polling })))
  return Effect.tap(followed(store, transaction, call), Telemetry.resultFetched(waitsSince(transaction)))
}

/** Hands something over, and marks it in the store. Between the two nothing interrupts. */
const handOver = <E, R>(
  { context }: Shared<E, R>,
  hand: Effect.Effect<void, E, R>,
  mark: Effect.Effect<void, TransactionStoreError>
): Effect.Effect<void, E | TransactionStoreError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.andThen(
      restore(Effect.provideContext(hand, context)),
      Effect.retry(mark, { schedule: Schedule.exponential("100 millis").pipe(Schedule.upTo({ times: 5 })) })
    )
  )
