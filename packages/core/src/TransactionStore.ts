/**
 * The transactions that this server began, by the server's own ids.
 *
 * A transaction id that comes from a user's device may be another user's passed check. With a store the ids never leave the
 * server: `initialize` begins a check and stores it in one step. `checkStored` and `awaitStored` read the ids from the store;
 * if it has none, they fail and send nothing.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as DecisionPolicy from "@effect-cloudauth/core/DecisionPolicy"
 * import * as DocType from "@effect-cloudauth/core/DocType"
 * import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const begin = TransactionStore.initialize({
 *   merchantBizId: "order1",
 *   merchantUserId: "5e884898da28047151d0e56f8dc6292773603d0d",
 *   docType: DocType.GlobalPassport
 * }).pipe(Effect.map(({ transactionUrl }) => transactionUrl && Redacted.value(transactionUrl)))
 *
 * const decide = TransactionStore.awaitStored({ merchantBizId: "order1" }).pipe(
 *   Effect.flatMap(TransactionStore.decide(DecisionPolicy.standard)),
 *   Effect.map(({ _tag }) => _tag),
 *   Effect.catchTag("TransactionNotStored", () => Effect.succeed("no such order"))
 * )
 *
 * const program = Effect.provide(decide, TransactionStore.layerMemory)
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Assessment from "./Assessment.ts"
import type { CheckResult } from "./CheckResult.ts"
import * as CheckResultRequest from "./CheckResultRequest.ts"
import { Cloudauth } from "./Cloudauth.ts"
import type { AwaitOptions, CallOptions } from "./Cloudauth.ts"
import * as CloudauthError from "./CloudauthError.ts"
import * as Decision from "./Decision.ts"
import type { DecisionPolicy } from "./DecisionPolicy.ts"
import type * as Document from "./Document.ts"
import * as Expectation from "./Expectation.ts"
import type { Initialized } from "./Initialize.ts"
import * as InitializeRequest from "./InitializeRequest.ts"
import { assessed } from "./internal/journey/assessed.ts"
import { isPending, type PendingResult, type WaitTimedOut } from "./internal/journey/pendingResult.ts"
import { isListening } from "./internal/journey/routes.ts"
import { linked, withTraceparent } from "./internal/journey/links.ts"
import { inMemory } from "./internal/journey/memoryStore.ts"
import * as steps from "./internal/journey/steps.ts"
import type { Store, StoredTransaction } from "./internal/journey/store.ts"
import { expectationOf, isInRegion, requestOf } from "./internal/journey/storedRequest.ts"
import { beginWait, type PendingOptions } from "./internal/journey/waiting.ts"
import * as Options from "./Options.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import { InitializedNotStored, type MerchantBizIdTaken, TransactionNotStored } from "./TransactionStoreError.ts"
import type { TransactionStoreError } from "./TransactionStoreError.ts"

export { Ending, Step, type Store, StoredTransaction, type Transaction } from "./internal/journey/store.ts"

/**
 * Names a stored transaction: the one with the transaction id, or the newest one of the `merchantBizId`. If you give both, they
 * must belong to the same transaction.
 *
 * @category models
 * @since 0.1.0
 */
export type Which =
  | { readonly merchantBizId: string; readonly transactionId?: string | undefined }
  | { readonly transactionId: string; readonly merchantBizId?: string | undefined }

/**
 * A request about a stored transaction, and which document it is if the caller knows. Without one the document is
 * read as the stored `docType` says, or inferred if that is not confirmed.
 *
 * @category models
 * @since 0.1.0
 */
export type StoredRequest<K extends Document.Kind | undefined = undefined> = Omit<
  CheckResultRequest.CheckResultRequest,
  "merchantBizId" | "transactionId"
> &
  Which &
  CheckResultRequest.About<K>

/**
 * The result of a stored call, with the findings of its assessment.
 *
 * @category models
 * @since 0.1.0
 */
export type Assessed<K extends Document.Kind | undefined = undefined> = Assessment.Assessed<
  CheckResult<Document.Expected<K>>
>

/**
 * A result to decide on, with the id of its transaction: `Assessed`, or a stored view with its findings.
 *
 * @category models
 * @since 0.1.0
 */
export interface Decidable extends Decision.Decidable {
  readonly transactionId?: string | undefined
}

/**
 * How a stored call can fail.
 *
 * @category errors
 * @since 0.1.0
 */
export type Failure = CloudauthError.CloudauthError | TransactionNotStored | TransactionStoreError

/**
 * How a stored wait can fail.
 *
 * @category errors
 * @since 0.1.0
 */
export type AwaitFailure = Failure | WaitTimedOut

/**
 * How `initialize` can fail.
 *
 * @category errors
 * @since 0.1.0
 */
export type InitializeFailure =
  | CloudauthError.CloudauthError
  | InitializedNotStored
  | MerchantBizIdTaken
  | TransactionStoreError

/**
 * What `initialize` takes besides the request.
 *
 * @category models
 * @since 0.1.0
 */
export interface InitializeOptions extends CallOptions {
  /** The owner of the transaction in your own system. */
  readonly owner?: string | undefined
}

/**
 * The store of transactions.
 *
 * @category services
 * @since 0.1.0
 */
export class TransactionStore extends Context.Service<TransactionStore, Store>()(
  "@effect-cloudauth/core/TransactionStore"
) {
  /**
   * In this process's memory, for tests and demonstrations. It grows without limit, and ends with the process.
   * `TransactionStoreSql.layer` is durable.
   */
  static readonly layerMemory: Layer.Layer<TransactionStore> = Layer.effect(TransactionStore, inMemory)

  /**
   * Begins a user's check and stores the transaction with its expectation, in one step: the user never gets a transaction that
   * is not stored. Fails with `MerchantBizIdTaken` before anything is sent if another user has the `merchantBizId`, and with
   * `InitializedNotStored` if the transaction has begun but the store did not take it.
   */
  static readonly initialize: (
    request: InitializeRequest.InitializeRequest,
    options?: InitializeOptions
  ) => Effect.Effect<Initialized, InitializeFailure, Cloudauth | TransactionStore> = Effect.fnUntraced(function* (
    request,
    given = {}
  ) {
    const { owner, ...options } = yield* Effect.fromResult(Options.own(initializeKeys, given))
    if (owner !== undefined && typeof owner !== "string") return yield* CloudauthError.invalidRequest("owner", "a text")
    const store = yield* TransactionStore
    const { region } = yield* Cloudauth
    const startedAt = yield* Clock.currentTimeMillis
    // A request that is refused reserves nothing.
    yield* Effect.fromResult(InitializeRequest.toQuery(request))
    const { callbackUrl, docType, merchantBizId, merchantUserId } = Options.ownData(request)
    yield* store.reserve(merchantBizId, merchantUserId)
    const [initialized, traceparent] = yield* withTraceparent(Cloudauth.initialize(request, options))
    const { transactionId } = initialized
    const expectation = expectationOf(request, region, startedAt)
    yield* Effect.mapError(
      store.put({
        transactionId,
        merchantBizId,
        docType,
        expectation,
        owner,
        expectsCallback: callbackUrl !== undefined,
        traceparent
      }),
      (reason) =>
        new InitializedNotStored({
          transactionId: Redacted.make(transactionId, { label: "transactionId" }),
          merchantBizId,
          docType,
          reason
        })
    )
    yield* steps.tell({ expectation }, "begun", 0)
    return initialized
  })

  /**
   * `Cloudauth.checkResult` for a stored transaction. It compares the result with what Initialize asked for, and adds findings
   * for `Assessment.match` and `Decision.of`. To assess it by an age or by what the user claims, pass it to `Assessment.assess`
   * again. Fails with `TransactionNotStored` before anything is sent, with `TransactionExpired` if the vendor has deleted the
   * result, and with `TransactionAbandoned` if the user's 30 minutes are over.
   */
  static readonly checkStored = <K extends Document.Kind | undefined = undefined>(
    request: StoredRequest<K>,
    options?: CallOptions
  ): Effect.Effect<Assessed<K>, Failure, Cloudauth | TransactionStore> =>
    Effect.flatMap(resolve(request), ({ request: resolved, stored }) =>
      followed(stored, linked(stored.traceparent, assessed(resolved, Cloudauth.checkResult(resolved, options))))
    )

  /**
   * `Cloudauth.awaitResult` of a stored transaction; otherwise as `checkStored`. It wakes when the callback is noted in
   * the store, by any process. If a callback is expected, polls are only a safety net: when the transaction is five
   * minutes old, then by `RetryPolicy.pollingBesideCallback`.
   */
  static readonly awaitStored = <K extends Document.Kind | undefined = undefined>(
    request: StoredRequest<K>,
    options?: AwaitOptions
  ): Effect.Effect<Assessed<K>, AwaitFailure, Cloudauth | TransactionStore> =>
    Effect.gen(function* () {
      const { request: resolved, stored } = yield* resolve(request)
      const settings = yield* callbackFirst(stored, options)
      const wait = assessed(resolved, Cloudauth.awaitResult(resolved, settings))
      return yield* followed(stored, linked(stored.traceparent, wait))
    })

  /** The wait for a stored transaction as data, for `resume` and `PendingResult.progress`. Nothing is sent. */
  static readonly pendingResult = (
    request: StoredRequest<Document.Kind | undefined>,
    options?: PendingOptions
  ): Effect.Effect<PendingResult, Failure, Cloudauth | TransactionStore> =>
    Effect.flatMap(resolve(request), ({ request: resolved, stored }) =>
      linked(stored.traceparent, beginWait(resolved, options))
    )

  /** `Cloudauth.resume` of a wait for a stored transaction; otherwise as `awaitStored`. */
  static readonly resume = (
    pending: PendingResult,
    options?: AwaitOptions
  ): Effect.Effect<Assessed, AwaitFailure, Cloudauth | TransactionStore> =>
    Effect.gen(function* () {
      if (!isPending(pending)) return yield* CloudauthError.invalidRequest("pending", "a PendingResult")
      const stored = yield* findHere(pending)
      const settings = yield* callbackFirst(stored, options)
      // What the wait does not say, because an earlier version made it, the store does.
      const whole = { ...pending, expectation: { ...stored.expectation, ...pending.expectation } }
      return yield* followed(stored, assessed(whole, Cloudauth.resume(whole, settings)))
    })

  /**
   * `Decision.of` for a result of a stored transaction. It counts the decision in the metric `cloudauth.journey.steps`: once,
   * however often the outcome is the same. If the store fails, you still get the decision.
   */
  static readonly decide: {
    (policy: DecisionPolicy): (result: Decidable) => Effect.Effect<Decision.Decision, never, TransactionStore>
    (policy: DecisionPolicy, result: Decidable): Effect.Effect<Decision.Decision, never, TransactionStore>
  } = function (...[policy, result]: [DecisionPolicy] | [DecisionPolicy, Decidable]) {
    const decide = (result: Decidable) =>
      Effect.flatMap(TransactionStore, (store) => {
        const decision = Decision.of(policy, result)
        return Effect.as(steps.decided(store, result.transactionId, decision), decision)
      })
    return (result === undefined ? decide : decide(result)) as never // as `Decision.of`: the policy comes first in both forms
  }
}

/** Notes in the store what a call says of a transaction. */
const followed = <R extends CheckResult<Document.Reading>, E extends { readonly _tag: string }, Q>(
  stored: StoredTransaction,
  call: Effect.Effect<R, E, Q>
) => Effect.flatMap(TransactionStore, (store) => steps.followed(store, stored, call))

const initializeKeys: Options.Keys<InitializeOptions> = { owner: true, retry: RetryPolicy.keys }

const find = ({ merchantBizId, transactionId }: { readonly [K in keyof Which]: string | undefined }) =>
  Effect.flatMap(TransactionStore, (store): Effect.Effect<StoredTransaction, Failure> => {
    if (transactionId !== undefined) {
      return Effect.filterOrFail(
        store.get(transactionId),
        (stored) => merchantBizId === undefined || stored.merchantBizId === merchantBizId,
        () => new TransactionNotStored({ by: "both" })
      )
    }
    // Callers without types can leave out both.
    if (merchantBizId === undefined) {
      return Effect.fail(CloudauthError.invalidRequest("merchantBizId", "given, or else transactionId"))
    }
    return Effect.flatMap(store.byMerchantBizId(merchantBizId), ([newest]) =>
      newest === undefined ? Effect.fail(new TransactionNotStored({ by: "merchantBizId" })) : Effect.succeed(newest)
    )
  })

/** A transaction that this client can ask for: one of another region is refused before anything is sent. */
const findHere = (which: Parameters<typeof find>[0]) =>
  Effect.gen(function* () {
    const stored = yield* find(which)
    const { region } = yield* Cloudauth
    if (isInRegion(stored, region)) return stored
    return yield* CloudauthError.invalidRequest(
      "region",
      `${stored.expectation.region}, where the transaction began: this client asks ${region}`
    )
  })

/** The request about a stored transaction. */
const resolve = <K extends Document.Kind | undefined>(request: StoredRequest<K>) =>
  Effect.gen(function* () {
    // The keys are the same for every kind.
    const keys = CheckResultRequest.keys as Options.Keys<StoredRequest<K>>
    const own = yield* Effect.fromResult(Options.own(keys, request))
    // Spread over the stored expectation, another value would change nothing.
    if (own.expect !== undefined) yield* Effect.fromResult(Options.own(Expectation.keys, own.expect, "expect"))
    const stored = yield* findHere(own)
    return { stored, request: requestOf<K>(stored, own) }
  })

/** When the first poll comes if a callback is expected: few users finish sooner. */
const firstPollMillis = 5 * 60_000

/** How to wait for a stored transaction: woken by its callback, if that has not come yet. */
const callbackFirst = (stored: StoredTransaction, options: AwaitOptions | undefined) =>
  Effect.gen(function* () {
    const store = yield* TransactionStore
    if (stored.notifiedAt !== undefined) return options
    const wake = options?.wake ?? store.awaitNotified(stored.transactionId)
    if (!(stored.expectsCallback ?? (yield* isListening(store)))) return { ...options, wake }
    const age = (yield* Clock.currentTimeMillis) - (stored.expectation.startedAt ?? stored.createdAt)
    return {
      ...options,
      wake,
      polling: options?.polling ?? RetryPolicy.pollingBesideCallback,
      initialDelay: options?.initialDelay ?? Math.min(firstPollMillis, Math.max(0, firstPollMillis - age))
    }
  })
