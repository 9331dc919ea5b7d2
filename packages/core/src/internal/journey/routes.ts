/** Which stores have a callback route in this process. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Store } from "./store.ts"

/** How many routes note callbacks in a store. The process shares it: a route and a wait are built in different layers. */
const Routes = Context.Reference<WeakMap<Store, number>>("@effect-cloudauth/core/internal/journey/Routes", {
  defaultValue: () => new WeakMap()
})

/** Says for the time of the scope that a route notes callbacks in the store. */
export const listen = (store: Store): Effect.Effect<void, never, Scope.Scope> =>
  Effect.flatMap(Routes, (routes) => {
    const count = (by: number) => Effect.sync(() => void routes.set(store, (routes.get(store) ?? 0) + by))
    return Effect.acquireRelease(count(1), () => count(-1))
  })

/** Whether a route of this process notes callbacks in the store. */
export const isListening = (store: Store): Effect.Effect<boolean> =>
  Effect.map(Routes, (routes) => (routes.get(store) ?? 0) > 0)
