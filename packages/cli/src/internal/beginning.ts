/** What `collect` does before its first call: the arithmetic, and what a backend's store of transactions holds. */
import { CollectQueue } from "@effect-cloudauth/core/CollectQueue"
import * as Feasibility from "@effect-cloudauth/core/Feasibility"
import * as Quota from "@effect-cloudauth/core/Quota"
import * as SqlQuota from "@effect-cloudauth/core/SqlQuota"
import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as TransactionStoreSql from "@effect-cloudauth/core/TransactionStoreSql"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import { type Failure, failure } from "../Failure.ts"
import { Language } from "../Language.ts"
import * as Output from "../Output.ts"
import type { Settings } from "../Settings.ts"
import { say } from "./language/say.ts"
import * as openStore from "./openStore.ts"
import * as outlook from "./outlook.ts"
import { ofQueueError, storeError } from "./storeErrors.ts"

/** The calls a second that will go out; `undefined` for an endpoint without a quota. */
const paceOf = (qps: number | undefined, { endpoint, region }: Settings["Service"]): number | undefined => {
  const perSecond = qps ?? (endpoint === undefined ? Quota.documented[region] : undefined)
  return perSecond === undefined ? undefined : Feasibility.paceOf(perSecond)
}

/** Says whether the collection can end in time, and what to do if it can't. */
export const feasible = Effect.fnUntraced(function* (qps: number | undefined, settings: Settings["Service"]) {
  const perSecond = paceOf(qps, settings)
  if (perSecond === undefined) return undefined
  const queue = yield* CollectQueue
  const workload = yield* Effect.mapError(queue.outlook, (error) => openStore.ofStoreError(ofQueueError(error)))
  const feasibility = Feasibility.of({ ...workload, perSecond })
  if (feasibility.ids === 0) return undefined
  for (const line of outlook.lines(feasibility, yield* Language)) yield* Output.note(line)
  return feasibility
})

/** Brings what the store of transactions holds into the queue. Gives the store, so that it hears what became of it. */
export const takeOver = Effect.gen(function* () {
  const taken = yield* CollectQueue.takeOver
  yield* Output.note(say`${taken} of the store of transactions are new`)
  return yield* TransactionStore
}).pipe(
  Effect.provide(TransactionStoreSql.layer),
  Effect.mapError((error) =>
    error._tag === "CollectQueueError"
      ? openStore.ofStoreError(ofQueueError(error))
      : failure("Storage", say`The store of transactions failed at '${error.operation}'.`)
  )
)

/** One quota for all processes that collect into the store. */
export const quota: Layer.Layer<never, Failure, SqlClient> = SqlQuota.layer.pipe(
  Layer.catch((error) => Layer.effectContext(Effect.fail(openStore.ofStoreError(storeError("quota")(error)))))
)
