/** Deletes at the vendor what a store holds, with a tombstone each. */
import type { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import * as Deletion from "@effect-cloudauth/core/Deletion"
import type { Tombstones } from "@effect-cloudauth/core/Tombstones"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type Failure, ofError } from "../Failure.ts"
import { ResultStore } from "../ResultStore.ts"
import { list, say, type Value } from "./language/say.ts"
import * as openStore from "./openStore.ts"
import * as tombstones from "./tombstones.ts"

/** What a run deletes. */
export interface Options {
  readonly deleteType: Deletion.DeleteType
  /** Results that were collected before this time; milliseconds since 1970. */
  readonly before: number
  /** Only count. */
  readonly dryRun: boolean
}

/** What a run did. */
export interface Figures {
  /** Confirmed by the service now; in a dry run, what would be asked for. */
  readonly deleted: number
  /** Confirmed by the service in an earlier run. */
  readonly deletedBefore: number
  /** The service no longer knows the transaction. */
  readonly unknown: number
  /** Not confirmed, by the error or the service's reason. The next run asks again. */
  readonly open: Readonly<Record<string, number>>
}

/** After so many failures of the service in a row the rest is left for the next run. */
const mostFailures = 10

const atOnce = 4

/**
 * Deletes all results of the store that have no tombstone. It stops at what every further call would meet, too (a wrong
 * key), and when the service keeps failing.
 */
export const run = Effect.fnUntraced(function* (options: Options) {
  const { deleteType, dryRun } = options
  const store = yield* ResultStore
  const figures = { deleted: 0, deletedBefore: 0, unknown: 0 }
  const open: Record<string, number> = {}
  let inARow = 0
  const one = (transactionId: string): Effect.Effect<void, Failure, Cloudauth | Tombstones> =>
    Effect.gen(function* () {
      const outcome = yield* Effect.result(Deletion.deleteStored({ transactionId, deleteType }, { dryRun }))
      if (Result.isSuccess(outcome)) {
        inARow = 0
        figures[outcome.success._tag === "DeletedBefore" ? "deletedBefore" : "deleted"] += 1
        return
      }
      const error = outcome.failure
      if (error._tag === "TombstonesError") return yield* tombstones.ofTombstonesError(error)
      if (error._tag === "TransactionIdInvalid") {
        figures.unknown += 1
        return
      }
      const what = error._tag === "NotDeleted" ? error.reason : error._tag
      open[what] = (open[what] ?? 0) + 1
      if (error._tag === "NotDeleted" || error._tag === "ProcessNotCompleted") return
      inARow += 1
      if (inARow >= mostFailures || !CloudauthError.isOf(error, "retryable")) return yield* ofError(error)
    })
  yield* store.collectedBefore(options.before).pipe(
    Stream.mapEffect(({ transactionId }) => one(transactionId), { concurrency: atOnce }),
    Stream.runDrain,
    Effect.catchTag("StoreError", (error) => Effect.fail(openStore.ofStoreError(error))),
    Effect.provide(tombstones.layer)
  )
  return { ...figures, open } satisfies Figures
})

/** How many are open. */
export const openOf = ({ open }: Figures): number => Object.values(open).reduce((sum, count) => sum + count, 0)

/** What a run did, in one line. */
export const summary = (figures: Figures): Value =>
  list([
    say`${figures.deleted} deleted, ${figures.deletedBefore} deleted before, ${figures.unknown} no longer known`,
    ...Object.entries(figures.open).map(([reason, count]) => say`${count} not confirmed: ${reason}`)
  ])
