/**
 * Brings ids into the ledger, from which the runners' feeder takes them. Submitting an id again does no harm: one with
 * a result stays as it is.
 *
 * @example
 * import * as Runner from "@effect-cloudauth/cluster/Runner"
 * import * as Submitter from "@effect-cloudauth/cluster/Submitter"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const program = Submitter.submit([{ transactionId: "hksb0000" }]).pipe(
 *   Effect.provide(Runner.layerLedger(Redacted.make("postgres://postgres@127.0.0.1/kyc")))
 * )
 *
 * @since 0.1.0
 */
import { randomUUID } from "node:crypto"
import * as IdList from "@effect-cloudauth/cli/IdList"
import {
  type Counts,
  type Item,
  type Registered,
  ResultStore,
  type StoreError
} from "@effect-cloudauth/cli/ResultStore"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

/**
 * An id to submit; what is left out is made or unknown.
 *
 * @category models
 * @since 0.1.0
 */
export type Entry = Pick<Item, "transactionId"> & {
  readonly [K in Exclude<keyof Item, "transactionId">]?: Item[K] | undefined
}

/**
 * A list can't be read: its first line does not say which column holds the ids, it is no text, or it is empty.
 *
 * @category errors
 * @since 0.1.0
 */
export class ListUnusable extends Schema.TaggedError<ListUnusable>("@effect-cloudauth/cluster/ListUnusable")(
  "ListUnusable",
  {
    line: Schema.Int,
    reason: Schema.String
  },
  { httpApiStatus: 400 }
) {
  override readonly name = "ListUnusable"
  override get message(): string {
    return `Line ${this.line} of the list cannot be used: ${this.reason}.`
  }
}

/**
 * What a list brought.
 *
 * @category models
 * @since 0.1.0
 */
export interface Submitted extends Registered {
  readonly bad: ReadonlyArray<IdList.BadLine>
  /** Values that are not used; their ids are. */
  readonly warnings: ReadonlyArray<IdList.Warning & { readonly line: number }>
}

/**
 * How a list is read.
 *
 * @category models
 * @since 0.1.0
 */
export interface ListOptions extends IdList.BytesOptions {
  /** Whether a list without ids is right. Default `false`: then it is an error. */
  readonly allowEmpty?: boolean | undefined
}

const listKeys: OwnOptions.Keys<ListOptions> = { column: true, timeZone: true, encoding: true, allowEmpty: true }

/** How many ids are registered in one transaction. */
const batch = 1000

/**
 * Registers ids. Durable once it returns. Each may occur once.
 *
 * @category operations
 * @since 0.1.0
 */
export const submit = (entries: ReadonlyArray<Entry>): Effect.Effect<Registered, StoreError, ResultStore> =>
  Effect.gen(function* () {
    const store = yield* ResultStore
    return yield* store.register(
      entries.map((entry) => ({
        transactionId: entry.transactionId,
        merchantBizId: entry.merchantBizId ?? randomUUID().replaceAll("-", ""),
        document: entry.document,
        authenticatedAt: entry.authenticatedAt
      }))
    )
  })

/**
 * Registers the ids of a list, one a line or CSV (see `IdList`). What cannot be used is given back with its number.
 *
 * @category operations
 * @since 0.1.0
 */
export const submitList = Effect.fn("Submitter.submitList")(function* <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  given: ListOptions = {}
): Effect.fn.Return<Submitted, E | StoreError | ListUnusable, R | ResultStore> {
  const { allowEmpty = false, ...options } = OwnOptions.ownOrThrow(listKeys, given)
  const seen = new Set<string>()
  const bad: Array<IdList.BadLine> = []
  const warnings: Array<IdList.Warning & { readonly line: number }> = []
  const figures = { added: 0, again: 0, done: 0 }
  yield* IdList.fromBytes(bytes, options).pipe(
    Stream.mapEffect((read) => {
      if (read._tag === "Unusable") {
        return Effect.fail(new ListUnusable({ line: read.line, reason: read.reason }))
      }
      if (read._tag === "BadLine") bad.push(read)
      if (read._tag !== "Entry" || seen.has(read.transactionId)) return Effect.succeed([])
      seen.add(read.transactionId)
      warnings.push(...read.warnings.map((warning) => ({ ...warning, line: read.line })))
      return Effect.succeed([read])
    }),
    Stream.flatMap(Stream.fromIterable),
    Stream.grouped(batch),
    Stream.runForEach((entries) =>
      Effect.map(submit(entries), (registered) => {
        figures.added += registered.added
        figures.again += registered.again
        figures.done += registered.done
      })
    )
  )
  if (seen.size === 0 && bad.length === 0 && !allowEmpty) {
    return yield* new ListUnusable({ line: 1, reason: "it has no transaction id" })
  }
  return { ...figures, bad, warnings }
})

/**
 * Looks at the ledger until nothing is pending; tells of each look.
 *
 * @category operations
 * @since 0.1.0
 */
export const settled = Effect.fnUntraced(function* (
  tell: (counts: Counts) => Effect.Effect<void>,
  every: Duration.Input = "1 second"
): Effect.fn.Return<Counts, StoreError, ResultStore> {
  const store = yield* ResultStore
  for (;;) {
    const counts = yield* store.counts
    yield* tell(counts)
    if (counts.Pending === 0) return counts
    yield* Effect.sleep(every)
  }
})
