/**
 * What will be deleted, and when. The vendor keeps a result for 30 days after the user was checked; what was collected
 * is kept here until it is purged.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { ImageStore } from "./ImageStore.ts"
import { ResultStore, type Uncollected } from "./ResultStore.ts"

/**
 * How long the vendor keeps a result.
 *
 * @category models
 * @since 0.1.0
 */
export const vendorKeeps: Duration.Duration = Duration.days(30)

/**
 * An id that has no result here, and the time left for it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Due extends Uncollected {
  /** When the vendor deletes it, in milliseconds since 1970. */
  readonly deletedAt: number
  /**
   * `false` if it is unknown when the user was checked: then the time is counted from when the id came into the store,
   * and the result may be gone earlier.
   */
  readonly isExact: boolean
}

/**
 * What is not collected.
 *
 * @category models
 * @since 0.1.0
 */
export interface Outlook {
  /** Deleted within the time asked about, soonest first. */
  readonly due: ReadonlyArray<Due>
  /** Deleted by now. */
  readonly gone: ReadonlyArray<Due>
  /** Not collected either, but later. */
  readonly later: number
}

/**
 * What the vendor deletes within a time from now.
 *
 * @category operations
 * @since 0.1.0
 */
export const outlook = Effect.fn("Retention.outlook")(function* (now: number, within: Duration.Duration) {
  const store = yield* ResultStore
  const due: Array<Due> = []
  const gone: Array<Due> = []
  let later = 0
  yield* Stream.runForEach(store.uncollected, (item) =>
    Effect.sync(() => {
      const deletedAt = (item.authenticatedAt ?? item.registeredAt) + Duration.toMillis(vendorKeeps)
      const entry = { ...item, deletedAt, isExact: item.authenticatedAt !== undefined }
      if (deletedAt <= now) gone.push(entry)
      else if (deletedAt <= now + Duration.toMillis(within)) due.push(entry)
      else later += 1
    })
  )
  const soonest = (one: Due, other: Due) => one.deletedAt - other.deletedAt
  return { due: due.sort(soonest), gone: gone.sort(soonest), later } satisfies Outlook
})

/**
 * What a purge did, or would do.
 *
 * @category models
 * @since 0.1.0
 */
export interface Purged {
  readonly results: number
  readonly images: number
  /** Bytes of the images. */
  readonly bytes: number
}

/**
 * What a purge deletes.
 *
 * @category models
 * @since 0.1.0
 */
export interface PurgeOptions {
  /** Results that were collected before this time are deleted; milliseconds since 1970. */
  readonly before: number
  /** Only count. */
  readonly dryRun: boolean
  /** Forget the ids, too. Without it they stay, so that a later `collect` does not ask for them again. */
  readonly forget: boolean
}

const purgeKeys: OwnOptions.Keys<PurgeOptions> = { before: true, dryRun: true, forget: true }

/** How many results are deleted in one transaction. */
const batch = 500

/**
 * Deletes results, images first: an image without its result could not be found any more.
 *
 * @category operations
 * @since 0.1.0
 */
export const purge = Effect.fn("Retention.purge")(function* (options: PurgeOptions) {
  const { before, dryRun, forget } = OwnOptions.ownOrThrow(purgeKeys, options)
  const store = yield* ResultStore
  const images = yield* ImageStore
  const figures = { results: 0, images: 0, bytes: 0 }
  yield* store.collectedBefore(before).pipe(
    Stream.grouped(batch),
    Stream.runForEach((views) =>
      Effect.gen(function* () {
        const locations = views.flatMap((view) => Object.values(view.locations))
        if (!dryRun) {
          yield* Effect.forEach(locations, images.remove, { concurrency: 8, discard: true })
          yield* store.purge(
            views.map((view) => view.transactionId),
            forget
          )
        }
        figures.results += views.length
        figures.images += locations.length
        for (const { images } of views) figures.bytes += (images.front?.size ?? 0) + (images.back?.size ?? 0)
      })
    )
  )
  return figures satisfies Purged
})
