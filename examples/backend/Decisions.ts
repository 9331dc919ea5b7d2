/** What was decided, by the id of the verification. In production a table of your database. */
import { Context, Effect, Layer, Option } from "effect"
import type { Decision } from "./Api.ts"

export class Decisions extends Context.Service<
  Decisions,
  {
    /** Once more with the same decision changes nothing: a result may come again after a crash. */
    readonly put: (id: string, decision: Decision) => Effect.Effect<void>
    readonly get: (id: string) => Effect.Effect<Option.Option<Decision>>
  }
>()("backend/Decisions") {
  static readonly layerMemory = Layer.sync(Decisions, () => {
    const kept = new Map<string, Decision>()
    return {
      put: (id, decision) => Effect.sync(() => kept.set(id, decision)),
      get: (id) => Effect.sync(() => Option.fromUndefinedOr(kept.get(id)))
    }
  })
}
