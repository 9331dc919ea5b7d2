/**
 * The durable collection of one result: ask until the user has finished, store the images, store the result,
 * acknowledge it. It survives the death of any machine and goes on where it was.
 *
 * A transaction has one execution, however often it is submitted. Asking and fetching are one step, because the answer
 * to a poll *is* the result. The steps are activities; their results are views and locations, so that the engine's tables
 * hold no person's data. What came is in the `Inbox` until it is stored.
 *
 * **Billing.** The vendor bills authentications. A call is repeated only if its answer was lost: the process died, or the
 * network broke, between the service's answer and the inbox's commit. Everything later is repeated without a call.
 *
 * @example
 * import * as CollectResult from "@effect-cloudauth/cluster/CollectResult"
 *
 * // Needs a WorkflowEngine in context: Runner.layerClient has one.
 * const program = CollectResult.CollectResult.execute(
 *   CollectResult.payload({ transactionId: "hksb0000", merchantBizId: "order1" }, Date.now()),
 *   { discard: true }
 * )
 *
 * @since 0.1.0
 */
import * as Collector from "@effect-cloudauth/cli/Collector"
import { ImageStore } from "@effect-cloudauth/cli/ImageStore"
import { type Item, ResultStore } from "@effect-cloudauth/cli/ResultStore"
import * as StoredResult from "@effect-cloudauth/cli/StoredResult"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import * as Document from "@effect-cloudauth/core/Document"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Quota from "@effect-cloudauth/core/Quota"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import type { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Activity from "effect/workflow/Activity"
import * as DurableClock from "effect/workflow/DurableClock"
import * as Workflow from "effect/workflow/Workflow"
import { Inbox, type InboxError, type Parcel } from "./Inbox.ts"
import * as Patience from "./Patience.ts"

/** How long the vendor keeps a result, in milliseconds: 30 days. */
const retention = 30 * 24 * 60 * 60 * 1000

/**
 * What is collected.
 *
 * @category models
 * @since 0.1.0
 */
export const Payload = Schema.Struct({
  transactionId: Schema.String,
  merchantBizId: Schema.String,
  document: Schema.optionalKey(Schema.Literals(Document.names)),
  /** When the user was checked, in milliseconds since 1970. */
  authenticatedAt: Schema.optionalKey(Schema.Finite),
  /** When to give up, in milliseconds since 1970. */
  deadline: Schema.Finite,
  /** Which attempt at the whole: a number that was not used yet begins again after a failure. The first has none. */
  round: Schema.optionalKey(Schema.Int)
})
export type Payload = typeof Payload.Type

/**
 * A payload for an item of a collection, with the vendor's 30 days as its deadline.
 *
 * @category constructors
 * @since 0.1.0
 */
export const payload = (
  item: Pick<Item, "transactionId" | "merchantBizId"> & Partial<Item>,
  /** When the id became known, in milliseconds since 1970: the 30 days start there unless `authenticatedAt` is known. */
  registeredAt: number,
  round?: number
): Payload => ({
  transactionId: item.transactionId,
  merchantBizId: item.merchantBizId,
  ...(item.document === undefined ? {} : { document: item.document }),
  ...(item.authenticatedAt === undefined ? {} : { authenticatedAt: item.authenticatedAt }),
  deadline: (item.authenticatedAt ?? registeredAt) + retention,
  ...(round === undefined ? {} : { round })
})

/**
 * The facts of a result that was collected. They hold no person. The stored result also has the locations of the images.
 *
 * @category models
 * @since 0.1.0
 */
export const Collected = StoredResult.View
export interface Collected extends StoredResult.View {}

/**
 * There is no result, and why.
 *
 * @category errors
 * @since 0.1.0
 */
export class NotCollected extends Schema.TaggedError<NotCollected>("@effect-cloudauth/cluster/NotCollected")(
  "NotCollected",
  {
    transactionId: Schema.String,
    /** The error's tag, for example `TransactionIdInvalid`; `DeadlinePassed` if the user never finished. */
    error: Schema.String,
    /** The response code. */
    code: Schema.String,
    requestId: Schema.optionalKey(Schema.String)
  },
  { httpApiStatus: 404 }
) {
  override readonly name = "NotCollected"
  override get message(): string {
    return `No result: ${this.error}${this.code === this.error ? "" : ` (code ${this.code})`}.`
  }
}

/**
 * A step's store failed; the step is tried again.
 *
 * @category errors
 * @since 0.1.0
 */
export class StepFailed extends Schema.TaggedError<StepFailed>("@effect-cloudauth/cluster/StepFailed")(
  "StepFailed",
  {
    step: Schema.String,
    /** The error's tag. */
    error: Schema.String
  },
  { httpApiStatus: 503 }
) {
  override readonly name = "StepFailed"
  override get message(): string {
    return `The step ${this.step} failed: ${this.error}.`
  }
}

/**
 * The workflow. Its execution's id follows from the transaction id (and the round).
 *
 * @category models
 * @since 0.1.0
 */
export const CollectResult = Workflow.make("CollectResult", {
  payload: Payload,
  success: Collected,
  error: NotCollected,
  // No id holds a line break.
  idempotencyKey: ({ round, transactionId }) => (round === undefined ? transactionId : `${transactionId}\n${round}`)
})
  // The engine dies if its own storage fails. Captured, that would be the workflow's final result, so that a restart
  // of the database would end every execution that was just at work; uncaptured, the execution is started again.
  .annotate(Workflow.CaptureDefects, false)

/**
 * Runs once a result is stored, for example to tell another system. It can run more than once, and is tried again if it
 * fails.
 *
 * @category references
 * @since 0.1.0
 */
export const Acknowledgement = Context.Reference<
  (collected: Collected) => Effect.Effect<void, { readonly _tag: string }>
>("@effect-cloudauth/cluster/Acknowledgement", { defaultValue: () => () => Effect.void })

/**
 * Acknowledges to the store of transactions: `TransactionStore.collected`.
 *
 * @category operations
 * @since 0.1.0
 */
export const acknowledgeTo = (store: TransactionStore["Service"]): Layer.Layer<never> =>
  Layer.succeed(Acknowledgement, ({ transactionId }) => store.collected(transactionId))

/**
 * How workflows are executed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /**
   * How many calls may be under way or wait for the quota at once in this process. Default 32. All processes' together
   * should not be more than the quota lets through in ten seconds.
   */
  readonly concurrency?: number | undefined
  /** Keep no person's data and no images. Default `false`. */
  readonly verdictsOnly?: boolean | undefined
  /** What differs from `retryPolicy`. */
  readonly retry?: RetryPolicy.Override | undefined
}

/**
 * The quick retries within one step. What outlasts them is waited for durably, without memory, by `Patience.Polling`.
 * The deadline includes the wait for the quota.
 *
 * @category models
 * @since 0.1.0
 */
export const retryPolicy: RetryPolicy.Override = {
  deadline: "2 minutes",
  budget: undefined
}

const Arrived = Schema.TaggedStruct("Arrived", { collected: Collected, images: Schema.Int })
const Waiting = Schema.TaggedStruct("Waiting", {
  /** What the call ended with. */
  error: Schema.String
})
const Refused = Schema.TaggedStruct("Refused", {
  error: Schema.String,
  code: Schema.String,
  requestId: Schema.optionalKey(Schema.String)
})
const Asked = Schema.Union([Arrived, Waiting, Refused])

const sort = (error: CloudauthError.CloudauthError): typeof Waiting.Type | typeof Refused.Type =>
  error._tag === "ProcessNotCompleted" || !Collector.concernsId(error)
    ? { _tag: "Waiting", error: error._tag }
    : {
        _tag: "Refused",
        error: error._tag,
        code: error.code,
        ...(error.requestId === undefined ? {} : { requestId: error.requestId })
      }

/** The retries within a step that touches stores alone. */
const stumbles = Schedule.exponential("100 millis").pipe(Schedule.upTo({ times: 5 }))

/**
 * An answer is in memory alone, so storing it in the inbox is tried for three minutes. Counted, because
 * Effect measures a schedule's duration on the wall clock.
 */
const keeping = Schedule.min([Schedule.exponential("50 millis"), Schedule.spaced("2 seconds")]).pipe(
  Schedule.upTo({ times: 94 })
)

/** Shorter waits are held in memory, and cost the database one step instead of four. */
const inMemory = "3 seconds"

/**
 * What a step works on. The activities are made once, and the engine counts their attempts. Made for each execution, they
 * would compile their schemas each time, which costs more than all the rest.
 */
class Execution extends Context.Service<
  Execution,
  {
    readonly item: Payload
    readonly locations: StoredResult.Locations
    readonly failure?: NotCollected
    readonly collected?: Collected
  }
>()("@effect-cloudauth/cluster/CollectResult/Execution") {}

/** How long calls may go on after the process was asked to end. */
const drain = "10 seconds"

const keys: OwnOptions.Keys<Options> = { concurrency: true, verdictsOnly: true, retry: RetryPolicy.keys }

const make = Effect.fnUntraced(function* (options: Options) {
  const client = yield* Cloudauth
  const results = yield* ResultStore
  const images = yield* ImageStore
  const inbox = yield* Inbox
  const acknowledge = yield* Acknowledgement
  const polling = yield* Patience.Polling
  const storing = yield* Patience.Storing
  const places = Semaphore.makeUnsafe(options.concurrency ?? 32)
  const verdictsOnly = options.verdictsOnly === true
  const isReturnImage = !verdictsOnly && images.description !== undefined
  const retry = { ...retryPolicy, ...options.retry }

  const call = ({ document, merchantBizId, transactionId }: Payload) =>
    client
      .checkResult({ merchantBizId, transactionId, document: Collector.kindOf(document), isReturnImage }, { retry })
      .pipe(Quota.withPriority("batch"))

  const parcelOf = Effect.fnUntraced(function* (item: Payload) {
    const [duration, result] = yield* Effect.timed(call(item))
    const view = StoredResult.view(
      {
        transactionId: item.transactionId,
        merchantBizId: item.merchantBizId,
        authenticatedAt: item.authenticatedAt,
        collectedAt: yield* Clock.currentTimeMillis,
        duration: Math.round(Duration.toMillis(duration))
      },
      result
    )
    const parcel: Parcel = {
      view,
      person: verdictsOnly ? undefined : StoredResult.person(result),
      images: isReturnImage ? result.images : { front: undefined, back: undefined }
    }
    return parcel
  })

  const arrived = ({ images: { back, front }, view }: Parcel) =>
    Arrived.make({ collected: view, images: [front, back].filter((image) => image !== undefined).length })

  /** What came before, in an earlier life of this step. */
  const found = Effect.fnUntraced(function* (transactionId: string) {
    const parcel = yield* inbox.open(transactionId)
    if (parcel !== undefined) return arrived(parcel)
    const stored = yield* results.find(transactionId)
    return stored === undefined ? undefined : Arrived.make({ collected: stored.view, images: 0 })
  })

  const underway = new Map<string, Fiber.Fiber<typeof Asked.Type, InboxError>>()

  /**
   * A call in flight should not be lost: an interruption lets it end, for a while, and a step that begins again in this
   * process, as when a shard comes back, joins it.
   */
  const finishing = (transactionId: string, effect: Effect.Effect<typeof Asked.Type, InboxError>) =>
    Effect.flatMap(
      Effect.suspend(() => {
        const before = underway.get(transactionId)
        if (before !== undefined) return Effect.succeed(before)
        return Effect.map(Effect.forkDetach(effect), (fiber) => {
          underway.set(transactionId, fiber)
          fiber.addObserver(() => underway.delete(transactionId))
          return fiber
        })
      }),
      (fiber) =>
        Effect.onInterrupt(Fiber.join(fiber), () =>
          Effect.timeoutOption(Effect.interruptible(Fiber.await(fiber)), drain)
        )
    )

  const ask = Activity.make({
    // A step whose outcome has another form than in an earlier version needs another name: an execution that began then
    // runs it again, and finds its result in the inbox or the store. Earlier: "Ask" and "StoreImages".
    name: "Collect",
    success: Asked,
    execute: Effect.flatMap(Execution, ({ item }) =>
      places.withPermit(
        Effect.gen(function* () {
          const before = yield* found(item.transactionId)
          if (before !== undefined) return before
          if ((yield* Clock.currentTimeMillis) >= item.deadline) {
            return Refused.make({ error: "DeadlinePassed", code: "DeadlinePassed" })
          }
          return yield* finishing(
            item.transactionId,
            Effect.matchEffect(parcelOf(item), {
              onFailure: (error) => Effect.succeed(sort(error)),
              onSuccess: (parcel) => inbox.put(parcel).pipe(Effect.retry(keeping), Effect.as(arrived(parcel)))
            })
          )
        }).pipe(Effect.catch((error) => Effect.succeed(Waiting.make({ error: error._tag }))))
      )
    )
  })

  const sleep = (name: string, patience: Patience.Patience, attempt: number) =>
    DurableClock.sleep({
      name: `${name}/${attempt}`,
      duration: Patience.after(patience, attempt),
      inMemoryThreshold: inMemory
    })

  /** A step that touches stores alone. */
  const step = <S extends Schema.Codec<unknown, unknown>, E extends { readonly _tag: string }>(
    name: string,
    success: S,
    execute: (execution: Execution["Service"]) => Effect.Effect<S["Type"], E>
  ) =>
    Activity.make({
      name,
      success,
      error: StepFailed,
      execute: Effect.flatMap(Execution, execute).pipe(
        Effect.retry(stumbles),
        Effect.mapError((error) => new StepFailed({ step: name, error: error._tag }))
      )
    })

  const storeImages = step("WriteImages", StoredResult.Locations, ({ item: { transactionId } }) =>
    Effect.flatMap(inbox.open(transactionId), (parcel) =>
      parcel === undefined
        ? Effect.succeed({})
        : Collector.storeImages(transactionId, parcel.images).pipe(Effect.provideService(ImageStore, images))
    )
  )

  const storeResult = step("StoreResult", Schema.Void, ({ item: { transactionId }, locations }) =>
    Effect.flatMap(inbox.open(transactionId), (parcel) =>
      parcel === undefined
        ? Effect.void // It is stored already, in an earlier life of this step.
        : Effect.andThen(
            results.save([{ _tag: "Stored", result: { view: { ...parcel.view, locations }, person: parcel.person } }]),
            inbox.remove(transactionId)
          )
    )
  )

  const storeFailure = step("StoreFailure", Schema.Void, ({ failure, item }) =>
    Effect.flatMap(Clock.currentTimeMillis, (failedAt) =>
      results.save([
        {
          _tag: "Failed",
          failed: {
            transactionId: item.transactionId,
            merchantBizId: item.merchantBizId,
            document: item.document,
            authenticatedAt: item.authenticatedAt,
            error: failure?.error ?? "Unknown",
            code: failure?.code ?? "",
            requestId: failure?.requestId,
            failedAt
          }
        }
      ])
    )
  )

  const acknowledged = step("Acknowledge", Schema.Void, ({ collected }) =>
    collected === undefined ? Effect.void : acknowledge(collected)
  )

  const asked = Effect.gen(function* () {
    for (let attempt = 1; ; attempt++) {
      const outcome = yield* Effect.provideService(ask, Activity.CurrentAttempt, attempt)
      if (outcome._tag !== "Waiting") return outcome
      yield* sleep("Polling", polling, attempt)
    }
  })

  /** A step, tried until it succeeds. */
  const persistently = Effect.fnUntraced(function* <A, R>(
    name: string,
    activity: Effect.Effect<A, StepFailed, R>,
    execution: Execution["Service"]
  ) {
    for (let attempt = 1; ; attempt++) {
      const done = yield* activity.pipe(
        Effect.provideService(Execution, execution),
        Effect.provideService(Activity.CurrentAttempt, attempt),
        Effect.map((value) => ({ value })),
        Effect.catchTag("StepFailed", () => Effect.undefined)
      )
      if (done !== undefined) return done.value
      yield* sleep(name, storing, attempt)
    }
  })

  return Effect.fnUntraced(function* (item: Payload) {
    const outcome = yield* Effect.provideService(asked, Execution, { item, locations: {} })
    if (outcome._tag === "Refused") {
      const { _tag, ...why } = outcome
      const failure = new NotCollected({ transactionId: item.transactionId, ...why })
      yield* persistently("StoreFailure", storeFailure, { item, locations: {}, failure })
      return yield* failure
    }
    const { collected, images } = outcome
    const locations = images === 0 ? {} : yield* persistently("WriteImages", storeImages, { item, locations: {} })
    yield* persistently("StoreResult", storeResult, { item, locations })
    yield* persistently("Acknowledge", acknowledged, { item, locations, collected })
    return collected
  })
})

/**
 * Executes the workflow in this process. The ids must be registered in the `ResultStore` before they are submitted, as
 * `Feeder` and the submitter do.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}) =>
  Layer.unwrap(Effect.map(make(OwnOptions.ownOrThrow(keys, options)), (execute) => CollectResult.toLayer(execute)))
