/**
 * What will be deleted, and when. The vendor keeps a result for 30 days after the user was checked; what was collected
 * is kept here until it is purged.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { ImageStore } from "./ImageStore.ts"
import { ResultStore, type Uncollected } from "./ResultStore.ts"

/** How long the vendor keeps a result. */
export const vendorKeeps: Duration.Duration = Duration.days(30)

/** An id that has no result here, and the time left for it. */
export interface Due extends Uncollected {
  /** When the vendor deletes it, in milliseconds since 1970. */
  readonly deletedAt: number
  /**
   * `false` where nobody said when the user was checked, so that it is counted from when the id came into the store: it
   * may be gone earlier.
   */
  readonly isExact: boolean
}

/** What is not collected. */
export interface Outlook {
  /** Deleted within the time asked about, soonest first. */
  readonly due: ReadonlyArray<Due>
  /** Deleted by now. */
  readonly gone: ReadonlyArray<Due>
  /** Not collected either, but later. */
  readonly later: number
}

/** What the vendor deletes within a time from now. */
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

/** What a purge did, or would do. */
export interface Purged {
  readonly results: number
  readonly images: number
  /** Bytes of the photographs. */
  readonly bytes: number
}

export interface PurgeOptions {
  /** Results that were collected before this time are deleted; milliseconds since 1970. */
  readonly before: number
  /** Only count. */
  readonly dryRun: boolean
  /** Forget the ids, too. Without it they stay, so that a later `collect` does not ask for them again. */
  readonly forget: boolean
}

/** How many results are deleted in one transaction. */
const batch = 500

/** Deletes results, photographs first: a photograph without its result could not be found any more. */
export const purge = Effect.fn("Retention.purge")(function* (options: PurgeOptions) {
  const store = yield* ResultStore
  const images = yield* ImageStore
  const figures = { results: 0, images: 0, bytes: 0 }
  yield* store.collectedBefore(options.before).pipe(
    Stream.grouped(batch),
    Stream.runForEach((facts) =>
      Effect.gen(function* () {
        const photographs = facts.flatMap((fact) => fact.images)
        if (!options.dryRun) {
          yield* Effect.forEach(photographs, (image) => images.remove(image.location), {
            concurrency: 8,
            discard: true
          })
          yield* store.purge(
            facts.map((fact) => fact.transactionId),
            options.forget
          )
        }
        figures.results += facts.length
        figures.images += photographs.length
        figures.bytes += photographs.reduce((sum, image) => sum + image.size, 0)
      })
    )
  )
  return figures satisfies Purged
})
