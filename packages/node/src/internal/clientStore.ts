/** Where the Promise client keeps transactions. */
import type * as Scope from "effect/Scope"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { type Store, TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as TransactionStoreQuery from "@effect-cloudauth/core/TransactionStoreQuery"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Semaphore from "effect/Semaphore"
import { applicationError } from "./applicationError.ts"
import { refuse } from "./refuse.ts"

/** What a driver's query returns: rows, or an object that has them. Anything else stands for no rows. */
type Rows = ReadonlyArray<unknown> | { readonly rows: ReadonlyArray<unknown> }

/**
 * The application's own database, SQLite or PostgreSQL. The client makes its tables by itself.
 *
 * @category models
 * @since 0.1.0
 */
export interface Database {
  /** `pg` has the parameters `$1`, `$2` …; `sqlite` has `?`. */
  readonly dialect: TransactionStoreQuery.Dialect
  /**
   * Runs one statement with its parameters and returns the rows, or an object with `rows` as `pg` does. It is called outside of
   * transactions, so that a pool serves.
   */
  readonly query: (sql: string, parameters: Array<TransactionStoreQuery.Parameter>) => unknown
}

const databaseKeys: OwnOptions.Keys<Database> = { dialect: true, query: true }

const hasRows = (result: unknown): result is Rows & { readonly rows: ReadonlyArray<unknown> } =>
  typeof result === "object" && result !== null && "rows" in result && Array.isArray(result.rows)

const rowsOf = (result: unknown): ReadonlyArray<unknown> =>
  Array.isArray(result) ? result : hasRows(result) ? result.rows : []

const database = (given: Database): TransactionStoreQuery.Database => {
  const { dialect, query } = OwnOptions.ownOrThrow(databaseKeys, given, "store")
  if (dialect !== "pg" && dialect !== "sqlite") return refuse("store.dialect", "pg or sqlite")
  if (typeof query !== "function") return refuse("store.query", "a function of a statement and its parameters")
  return {
    dialect,
    query: (sql, parameters) =>
      Effect.map(Effect.tryPromise({ try: async () => query(sql, [...parameters]), catch: applicationError }), rowsOf)
  }
}

/** Opens a store when it is first used, and tries again if that fails: a client must survive a database that is down. */
const opening = (store: Layer.Layer<TransactionStore, StoreFailure>): Effect.Effect<Store, never, Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    const turns = yield* Semaphore.make(1)
    let opened: Store | undefined
    const open = turns.withPermits(1)(
      Effect.suspend(() =>
        opened === undefined
          ? Effect.map(Layer.buildWithScope(store, scope), (context) => {
              opened = Context.get(context, TransactionStore)
              return opened
            })
          : Effect.succeed(opened)
      )
    )
    const ready = Effect.suspend(() => (opened === undefined ? open : Effect.succeed(opened)))
    const use = <A, E>(run: (store: Store) => Effect.Effect<A, E>) => Effect.flatMap(ready, run)
    return {
      reserve: (merchantBizId, merchantUserId) => use((store) => store.reserve(merchantBizId, merchantUserId)),
      put: (transaction) => use((store) => store.put(transaction)),
      get: (transactionId) => use((store) => store.get(transactionId)),
      byMerchantBizId: (merchantBizId) => use((store) => store.byMerchantBizId(merchantBizId)),
      notified: (transactionId) => use((store) => store.notified(transactionId)),
      awaitNotified: (transactionId) =>
        Effect.catch(
          use((store) => store.awaitNotified(transactionId)),
          () => Effect.never
        ),
      claim: (transactionId, lease) => use((store) => store.claim(transactionId, lease)),
      release: (transactionId, delay) => use((store) => store.release(transactionId, delay)),
      collected: (transactionId) => use((store) => store.collected(transactionId)),
      ended: (transactionId, ending) => use((store) => store.ended(transactionId, ending)),
      pending: (limit, region) => use((store) => store.pending(limit, region)),
      reached: (transactionId, step) => use((store) => store.reached(transactionId, step))
    } satisfies Store
  })

type StoreFailure = Layer.Error<ReturnType<typeof TransactionStoreQuery.layer>>

/** The layer of the option `store`. Throws if the option is wrong. */
export const storeLayer = (store: "memory" | Database | undefined): Layer.Layer<TransactionStore> => {
  // Without the option no operation reaches a store: `needsStore` refuses before.
  if (store === undefined || store === "memory") return TransactionStore.layerMemory
  if (typeof store !== "object" || store === null) return refuse("store", '"memory", or { dialect, query }')
  return Layer.effect(TransactionStore, opening(TransactionStoreQuery.layer(database(store))))
}

/** Refuses an operation of a client that has no store. */
export const needsStore = (store: "memory" | Database | undefined): void => {
  if (store === undefined)
    refuse("store", 'given to createClient: { dialect, query } of your database, or "memory" for a test')
}
