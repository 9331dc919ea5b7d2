/**
 * Collects the results of many transactions into a store. A process that dies at any moment loses nothing, and a stored
 * result is not asked for again: ids are durable before they are asked for, results before they count as done.
 *
 * @example
 * import * as Collector from "@effect-cloudauth/cli/Collector"
 *
 * // Needs Cloudauth, ResultStore and ImageStore in context.
 * const program = Collector.run({ concurrency: 16, verdictsOnly: false })
 *
 * @since 0.1.0
 */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import * as Document from "@effect-cloudauth/core/Document"
import type * as IdImage from "@effect-cloudauth/core/IdImage"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Quota from "@effect-cloudauth/core/Quota"
import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { ImageStore, type ImageStoreError } from "./ImageStore.ts"
import * as fileName from "./internal/fileName.ts"
import { type Ended, type Pending, ResultStore, type StoreError } from "./ResultStore.ts"
import * as StoredResult from "./StoredResult.ts"

/**
 * What can be set.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** How many checks at once. */
  readonly concurrency: number
  /** Keep no person's data and no images. */
  readonly verdictsOnly: boolean
  /** Receives the figures as they grow. */
  readonly progress?: Progress | undefined
}

/**
 * The run's figures, as they grow.
 *
 * @category models
 * @since 0.1.0
 */
export interface Progress {
  stored: number
  failed: number
  /** Ids that stay pending because their call failed for a reason that is not theirs, by the error's tag. */
  readonly left: Partial<Record<CloudauthError["_tag"], number>>
  readonly verdicts: { Passed: number; Rejected: number; Inconclusive: number }
  /** Authentications that are billed, each counted once. */
  billed: number
  /** Answers that said 'too fast'. */
  throttles: number
  retries: number
}

/**
 * Figures at 0.
 *
 * @category constructors
 * @since 0.1.0
 */
export const progress = (): Progress => ({
  stored: 0,
  failed: 0,
  left: {},
  verdicts: { Passed: 0, Rejected: 0, Inconclusive: 0 },
  billed: 0,
  throttles: 0,
  retries: 0
})

/**
 * The run ended because calls failed in a row, without a success, for reasons that are not the ids': no credential, no
 * permission, no service. All ids without a result stay pending.
 *
 * @category errors
 * @since 0.1.0
 */
export class Stopped extends Schema.TaggedError<Stopped>("@effect-cloudauth/cli/Stopped")(
  "Stopped",
  {
    /** The error that stopped it. */
    because: CloudauthError
  },
  { httpApiStatus: 503 }
) {
  override readonly name = "Stopped"
  override get message(): string {
    return `Stopped, and can be continued. ${this.because.message}`
  }
}

/**
 * Retries for long, because no user waits: throttled calls wait as long as the server says, for up to ten minutes.
 *
 * @category models
 * @since 0.1.0
 */
export const retryPolicy: RetryPolicy.Override = {
  transient: RetryPolicy.fullJitter({ base: "200 millis", cap: "10 seconds", times: 5 }),
  throttle: RetryPolicy.honourRetryAfter(
    Schedule.min([Schedule.exponential("500 millis"), Schedule.spaced("5 seconds")]).pipe(
      Schedule.jittered,
      Schedule.upTo({ times: 200 })
    )
  ),
  budget: undefined,
  deadline: "10 minutes"
}

/** How many results are stored in one transaction. */
const batch = 256

/** How many pending ids are read at once. */
const page = 1000

/** How many calls may fail in a row, for reasons that are not the id's: all in flight, and a few more. */
const patience = (concurrency: number) => concurrency + 5

/**
 * Whether a failure is about the id. Every other one says nothing of it, or would fail for every id.
 *
 * @category guards
 * @since 0.1.0
 */
export const concernsId = (error: CloudauthError): boolean => {
  switch (error._tag) {
    case "TransactionIdInvalid":
    case "ProcessNotCompleted":
    case "TransactionAbandoned":
    case "TransactionExpired":
      return true
    case "InvalidParameter":
      // The gateway's codes are about the action or the endpoint.
      return ResponseCode.facts(error.code, error.httpStatus ?? 0).source === "page"
    case "InvalidRequest":
      return error.path === "transactionId" || error.path === "merchantBizId"
    case "DecodeError":
      // A proxy's page is no JSON or has no Code. A result that is too large is the id's.
      return (error.path !== "" && error.path !== "Code") || error.expected.endsWith(" bytes")
    default:
      return false
  }
}

const observer = (progress: Progress, throttled: (delay: number) => void): Telemetry.Observer =>
  Telemetry.makeObserver({
    attemptEnded: ({ error }) => {
      if (error?._tag === "Throttled") progress.throttles += 1
    },
    retryScheduled: (retry) => {
      progress.retries += 1
      if (retry.class === "throttle") throttled(retry.delay)
    }
  })

const bytesOf = (image: IdImage.IdImage): Uint8Array<ArrayBuffer> => {
  const bytes = Redacted.value(image.bytes)
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}

/**
 * Keeps a result's images and says where they are.
 *
 * @category operations
 * @since 0.1.0
 */
export const storeImages = Effect.fnUntraced(function* (
  transactionId: string,
  images: CheckResult<Document.Reading>["images"]
) {
  const store = yield* ImageStore
  const locations: { [Side in StoredResult.Side]?: string } = {}
  for (const side of StoredResult.sides) {
    const image = images[side]
    if (image === undefined) continue
    const bytes = bytesOf(image)
    locations[side] = yield* store.put({
      key: `${fileName.of(transactionId)}-${side}`,
      mediaType: image.mediaType,
      bytes,
      sha256: fileName.sha256(bytes)
    })
  }
  return locations satisfies StoredResult.Locations
})

/**
 * A document's name as a request wants it.
 *
 * @category operations
 * @since 0.1.0
 */
export const kindOf = (name: Document.Name | undefined): Document.Kind | undefined =>
  name === undefined ? undefined : Document.kinds[name]

/**
 * Asks for every pending id, in the order of registration, and stores what comes. An id fails if the service says so of
 * the id; it stays pending if its call failed for another reason. Calls for which a person waits pass these under the
 * account's quota.
 *
 * @category operations
 * @since 0.1.0
 */
export const run = Effect.fn("Collector.run")(function* (
  given: Options
): Effect.fn.Return<Progress, StoreError | ImageStoreError | Stopped, Cloudauth | ResultStore | ImageStore> {
  const options = OwnOptions.ownOrThrow({ concurrency: true, verdictsOnly: true, progress: true }, given)
  const client = yield* Cloudauth
  const store = yield* ResultStore
  const images = yield* ImageStore
  const clock = yield* Clock.Clock
  const figures = options.progress ?? progress()
  const now = () => clock.currentTimeMillisUnsafe()
  // Waits and durations don't follow the machine's clock, which can be set back.
  const uptime = () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
  const wantImages = !options.verdictsOnly && images.description !== undefined
  let inARow = 0
  let hasAnswered = false
  let lastError: CloudauthError | undefined
  let notBefore = 0

  const ask = ({ document, merchantBizId, transactionId }: Pending) =>
    client
      .checkResult(
        { merchantBizId, transactionId, document: kindOf(document), isReturnImage: wantImages },
        { retry: retryPolicy }
      )
      .pipe(Quota.withPriority("batch"))

  const failedOf = (item: Pending, error: CloudauthError): Ended => ({
    _tag: "Failed",
    failed: { ...item, error: error._tag, code: error.code, requestId: error.requestId, failedAt: now() }
  })

  /** The service said something of an id: it works. */
  const answered = () => {
    inARow = 0
    hasAnswered = true
  }

  /** Leaves the id pending, and gives up if too many calls have failed like this. */
  const leave = (error: CloudauthError): Effect.Effect<undefined, Stopped> => {
    inARow += 1
    lastError = error
    figures.left[error._tag] = (figures.left[error._tag] ?? 0) + 1
    return inARow > patience(options.concurrency) ? Effect.fail(new Stopped({ because: error })) : Effect.undefined
  }

  const collect = Effect.fnUntraced(function* (item: Pending) {
    // The server asked one call to wait: it would ask the others, too.
    const wait = notBefore - uptime()
    if (wait > 0) yield* Effect.sleep(wait)
    const started = uptime()
    return yield* Effect.matchEffect(ask(item), {
      onFailure: (error): Effect.Effect<Ended | undefined, Stopped> => {
        if (!concernsId(error)) return leave(error)
        answered()
        return Effect.succeed(failedOf(item, error))
      },
      onSuccess: (result) => {
        answered()
        const call = {
          transactionId: item.transactionId,
          merchantBizId: item.merchantBizId,
          authenticatedAt: item.authenticatedAt,
          collectedAt: now(),
          duration: Math.round(uptime() - started)
        }
        return Effect.map(
          wantImages ? storeImages(item.transactionId, result.images) : Effect.succeed({}),
          (locations): Ended => ({
            _tag: "Stored",
            result: {
              view: StoredResult.view(call, result, locations),
              person: options.verdictsOnly ? undefined : StoredResult.person(result)
            }
          })
        )
      }
    })
  })

  const count = (ended: ReadonlyArray<Ended>) => {
    for (const end of ended) {
      if (end._tag === "Failed") {
        figures.failed += 1
        continue
      }
      figures.stored += 1
      const { verdict } = end.result.view
      figures.verdicts[verdict._tag] += 1
      if (verdict.subCode !== undefined && SubCode.isBilled(verdict.subCode) === true) figures.billed += 1
    }
  }

  const arrived = yield* Queue.bounded<Ended, Cause.Done>(batch)
  // Takes what there is, so that a slow disk makes batches large and a fast one keeps them small.
  const writer = yield* Queue.takeBetween(arrived, 1, batch).pipe(
    Effect.flatMap((ended) =>
      Effect.andThen(
        store.save(ended),
        Effect.sync(() => count(ended))
      )
    ),
    Effect.forever,
    Effect.catchTag("Done", () => Effect.void),
    Effect.forkChild({ uninterruptible: true })
  )

  const pending = Stream.paginate(0, (after: number) =>
    Effect.map(store.pending(after, page), (items) => {
      const last = items.at(-1)
      return [items, last === undefined ? Option.none() : Option.some(last.sequence)] as const
    })
  )

  const asking = pending.pipe(
    Stream.mapEffect(
      (item) =>
        Effect.flatMap(collect(item), (ended) => (ended === undefined ? Effect.void : Queue.offer(arrived, ended))),
      { concurrency: options.concurrency, unordered: true }
    ),
    Stream.runDrain,
    Effect.provideService(
      Telemetry.Observer,
      observer(figures, (delay) => {
        notBefore = Math.max(notBefore, uptime() + delay)
      })
    )
  )

  // A store that fails ends the asking; however the asking ends, what has come is stored.
  yield* Effect.raceFirst(asking, Effect.andThen(Fiber.join(writer), Effect.never)).pipe(
    Effect.ensuring(Effect.andThen(Queue.end(arrived), Fiber.await(writer)))
  )
  yield* Fiber.join(writer)
  if (lastError !== undefined && !hasAnswered) return yield* new Stopped({ because: lastError })
  return figures
})
