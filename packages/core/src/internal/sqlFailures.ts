/** How a database fails, beyond what Effect says of it. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"

/**
 * What PostgreSQL says while it shuts down, has crashed, starts, has no connection left, or is a replica after a failover. Effect
 * classifies none of them.
 */
const passingStates: ReadonlyArray<unknown> = ["57P01", "57P02", "57P03", "53300", "25006"]

const stateOf = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined

/** Whether a database's error may not come again. */
export const isPassing = (error: unknown): boolean =>
  isSqlError(error) && (error.reason.isRetryable || passingStates.includes(stateOf(error.reason.cause)))

/** Effect's transaction, or what has one, that fails if its connection is lost. By itself it dies: it can't roll back. */
export const failing = <A, E, R>(transaction: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> =>
  Effect.catchCause(transaction, (cause): Effect.Effect<never, E | SqlError> => {
    const lost = cause.reasons.flatMap((reason) =>
      reason._tag === "Die" && isSqlError(reason.defect) ? [reason.defect] : []
    )
    // The last is what ROLLBACK failed with.
    const error = lost.at(-1)
    return error === undefined || Cause.hasInterrupts(cause) ? Effect.failCause(cause) : Effect.fail(error)
  })

/** A transaction that fails if its connection is lost. */
export const transaction =
  (sql: SqlClient) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> =>
    failing(sql.withTransaction(effect))
