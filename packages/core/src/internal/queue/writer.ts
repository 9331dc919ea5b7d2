/** Makes the outcomes of calls durable. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type { CollectQueueError, Ended } from "./model.ts"
import type { Event } from "./options.ts"
import { batch, persistently, type Run } from "./state.ts"
import * as transactions from "./transactions.ts"
import type * as work from "./work.ts"

/** Takes what there is, so that a slow disk makes batches large and a fast one keeps them small. */
export const writing = <P, E, R>(run: Run<P, E, R>): Effect.Effect<void, never, R> =>
  Effect.gen(function* () {
    for (;;) {
      const finished = yield* Queue.takeBetween(run.arrived, 1, batch).pipe(
        Effect.catchTag("Done", () => Effect.undefined)
      )
      if (finished === undefined) return
      yield* persist(run, finished)
    }
  }).pipe(Effect.catchCause((cause) => Effect.asVoid(Deferred.failCause(run.failed, cause))))

const persist = <P, E, R>(
  { ended, options, owner, queue, underway }: Run<P, E, R>,
  finished: ReadonlyArray<work.Finished<P>>
): Effect.Effect<void, E | CollectQueueError, R> =>
  Effect.gen(function* () {
    const collected = new Map(
      finished.flatMap((one) => (one._tag === "Collected" ? [[one.item.transactionId, one] as const] : []))
    )
    const endings = finished.flatMap((one): ReadonlyArray<Ended> => {
      if (one._tag === "Left") return []
      return [one._tag === "SetAside" ? one.ended : { _tag: "Collected", transactionId: one.item.transactionId }]
    })
    const releases = finished.flatMap((one) => (one._tag === "Left" ? [one.release] : []))
    const save = (transactionId: string) => {
      const one = collected.get(transactionId)
      return one === undefined ? Effect.void : options.save(one.collected, one.prepared)
    }
    if (endings.length > 0) yield* persistently(queue.settle(owner, endings, save))
    if (releases.length > 0) yield* persistently(queue.release(owner, releases))
    yield* Effect.forEach(finished, (one) => transactions.told(options.transactions, one), { discard: true })
    for (const one of finished) {
      underway.delete(one.item.transactionId)
      options.onEvent?.(eventOf(one))
    }
    ended.openUnsafe()
  })

const eventOf = (one: work.Finished<unknown>): Event => {
  if (one._tag === "Collected") return { _tag: "Collected", collected: one.collected }
  return one._tag === "SetAside"
    ? { _tag: "SetAside", item: one.item, error: one.ended.error }
    : { _tag: "Left", item: one.item, error: one.error._tag }
}
