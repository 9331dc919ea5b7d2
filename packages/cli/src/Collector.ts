/**
 * Collects the results of many transactions into a store. A process that dies at any moment loses nothing, and a stored
 * result is not asked for again: ids are durable before they are asked for, results before they count as done.
 *
 * @example
 * import * as Collector from "@effect-cloudauth/cli/Collector"
 *
 * // Needs Cloudauth and ImageStore in context, and what Stores.layer brings.
 * const program = Collector.run({ concurrency: 16, verdictsOnly: false })
 *
 * @since 0.1.0
 */
import type { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import * as Queue from "@effect-cloudauth/core/CollectQueue"
import * as Document from "@effect-cloudauth/core/Document"
import type * as IdImage from "@effect-cloudauth/core/IdImage"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import type { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { ImageStore, type ImageStoreError } from "./ImageStore.ts"
import * as fileName from "./internal/fileName.ts"
import { ofQueueError } from "./internal/storeErrors.ts"
import { ResultStore, type StoreError } from "./ResultStore.ts"
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
  /** Receives what became of its transactions, if the queue took any over. */
  readonly transactions?: TransactionStore["Service"] | undefined
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
 * Whether a failure is about the id: `CollectQueue`'s rule.
 *
 * @category guards
 * @since 0.1.0
 */
export const concernsId = Queue.concernsId

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

const count = (figures: Progress, event: Queue.Event): void => {
  switch (event._tag) {
    case "Collected": {
      const { verdict } = event.collected.result
      figures.stored += 1
      figures.verdicts[verdict._tag] += 1
      if (verdict.subCode !== undefined && SubCode.isBilled(verdict.subCode) === true) figures.billed += 1
      return
    }
    case "SetAside":
      figures.failed += 1
      return
    case "Left":
      figures.left[event.error] = (figures.left[event.error] ?? 0) + 1
      return
    case "Throttled":
      figures.throttles += 1
      return
    case "Retried":
      figures.retries += 1
  }
}

const optionKeys: OwnOptions.Keys<Options> = {
  concurrency: true,
  verdictsOnly: true,
  transactions: true,
  progress: true
}

/**
 * Asks for every pending id of the store's `CollectQueue`, the earliest deadline first, and stores what comes. An id fails if the
 * service says so of the id; it stays pending if its call failed for another reason. Any number of processes can do so at once.
 * Calls for which a person waits pass these under the account's quota.
 *
 * @category operations
 * @since 0.1.0
 */
export const run = Effect.fn("Collector.run")(function* (
  given: Options
): Effect.fn.Return<
  Progress,
  StoreError | ImageStoreError | Queue.Stopped,
  Cloudauth | Queue.CollectQueue | ResultStore | ImageStore
> {
  const options = OwnOptions.ownOrThrow(optionKeys, given)
  const store = yield* ResultStore
  const images = yield* ImageStore
  const figures = options.progress ?? progress()
  const wantImages = !options.verdictsOnly && images.description !== undefined
  yield* Queue.CollectQueue.run({
    until: "empty",
    concurrency: options.concurrency,
    isReturnImage: wantImages,
    transactions: options.transactions,
    prepare: ({ item, result }) =>
      wantImages ? storeImages(item.transactionId, result.images) : Effect.succeed<StoredResult.Locations>({}),
    save: ({ collectedAt, duration, item, result }, locations) => {
      const { authenticatedAt, merchantBizId, transactionId } = item
      const call = { transactionId, merchantBizId, authenticatedAt, collectedAt, duration }
      const person = options.verdictsOnly ? undefined : StoredResult.person(result)
      return store.save([{ _tag: "Stored", result: { view: StoredResult.view(call, result, locations), person } }])
    },
    onEvent: (event) => count(figures, event)
  }).pipe(Effect.catchTag("CollectQueueError", (error) => Effect.fail(ofQueueError(error))))
  return figures
})
