/** How a database fails, beyond what Effect says of it. */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { answering } from "./answering.ts"

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

/**
 * A transaction that fails if its connection is lost, or does not answer BEGIN, COMMIT or ROLLBACK. The statements in between
 * have their own limit.
 */
export const transaction =
  (sql: SqlClient) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError | Cause.TimeoutError, R> =>
    Effect.suspend(() => {
      const begun = Deferred.makeUnsafe<void>()
      const ended = Deferred.makeUnsafe<void>()
      const statements = Effect.ensuring(
        Effect.andThen(Deferred.succeed(begun, undefined), effect),
        Deferred.succeed(ended, undefined)
      )
      const silent = answering(Deferred.await(begun)).pipe(
        Effect.andThen(Deferred.await(ended)),
        Effect.andThen(answering(Effect.never))
      )
      return apart(failing(sql.withTransaction(statements)), silent)
    })

/**
 * Runs an effect until `givenUp` fails. The effect has a fiber of its own: a transaction that waits for BEGIN or COMMIT can't be
 * interrupted. It ends by itself, at the latest with its connection.
 */
const apart = <A, E, R, E2>(
  effect: Effect.Effect<A, E, R>,
  givenUp: Effect.Effect<never, E2>
): Effect.Effect<A, E | E2, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(effect), (running) =>
      restore(Effect.raceFirst(Fiber.join(running), givenUp)).pipe(
        Effect.onInterrupt(() => Effect.ignore(answering(Fiber.interrupt(running)))),
        Effect.tapError(() => Effect.sync(() => running.interruptUnsafe()))
      )
    )
  )
