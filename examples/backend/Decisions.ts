/** What was decided, by the owner and the id of the verification. In production a table of your database. */
import type { Decision } from "@effect-cloudauth/core/Decision"
import type { StoredTransaction } from "@effect-cloudauth/core/TransactionStore"
import { Context, Effect, Layer, Option } from "effect"

type Key = Pick<StoredTransaction, "owner" | "merchantBizId">

export class Decisions extends Context.Service<
  Decisions,
  {
    /** Once more with the same decision changes nothing: a result may come again after a crash. */
    readonly put: (key: Key, decision: Decision) => Effect.Effect<void>
    readonly get: (key: Key) => Effect.Effect<Option.Option<Decision>>
  }
>()("backend/Decisions") {
  static readonly layerMemory = Layer.sync(Decisions, () => {
    const kept = new Map<string, Decision>()
    const text = ({ merchantBizId, owner }: Key) => JSON.stringify([owner, merchantBizId])
    return {
      put: (key, decision) => Effect.sync(() => kept.set(text(key), decision)),
      get: (key) => Effect.sync(() => Option.fromUndefinedOr(kept.get(text(key))))
    }
  })
}
