/** Who asks for which id, in SQL: leases on the database's clock. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import { answering } from "../answering.ts"
import { nowOf } from "../databaseClock.ts"
import * as monotonic from "../monotonic.ts"
import { logQuietly } from "../quietly.ts"
import * as sqlFailures from "../sqlFailures.ts"
import type { CollectQueueError, Operations } from "./model.ts"
import * as table from "./table.ts"

/** After this time, in milliseconds, a lease looks for earlier deadlines again: of new ids, and of processes that died. */
const lookMillis = 10_000

type Leases = Pick<Operations, "isBusy" | "lease" | "release" | "releaseAll" | "renew" | "wake">

/** `failing` names the operation of a failure. */
export const make = (
  sql: SqlClient,
  failing: (operation: string) => <A>(effect: Effect.Effect<A, unknown>) => Effect.Effect<A, CollectQueueError>
): Leases => {
  const now = nowOf(sql)
  // SQLite would take the index by state, and sort all that is pending for each lease.
  const by = (index: string) =>
    sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => `INDEXED BY cloudauth_collect_queue_${index}` }))
  // PostgreSQL leaves what was collected at the front of the index until its next vacuum: begin behind it.
  let cursor = { deadline: 0, lookedAt: -Infinity }
  const millis = (time: Duration.Input) => Math.ceil(Duration.toMillis(time))
  const tries = sql.literal(sql.onDialectOrElse({ pg: () => "LEAST(attempts, 7)", orElse: () => "MIN(attempts, 7)" }))

  /** One statement: a row goes to one of any number of processes. */
  const takeRows = (owner: string, limit: number, time: number, from: number | "over") => {
    const due = from === "over" ? sql`deadline <= ${now}` : sql`deadline > ${now} AND deadline >= ${from}`
    const free = sql`SELECT sequence FROM cloudauth_collect_queue ${by("due")}
      WHERE state = 'Pending' AND ${due} AND free_from <= ${now} ORDER BY deadline, sequence LIMIT ${limit}`
    const leased = sql`lease_owner = ${owner}, free_from = ${now} + ${time}, attempts = attempts + 1`
    return sql.onDialectOrElse({
      pg: () => sql`WITH free AS MATERIALIZED (${free} FOR UPDATE SKIP LOCKED)
        UPDATE cloudauth_collect_queue queue SET ${leased} FROM free WHERE queue.sequence = free.sequence
        RETURNING queue.*`,
      orElse: () => sql`UPDATE cloudauth_collect_queue SET ${leased} WHERE sequence IN (${free}) RETURNING *`
    })
  }

  const take = (
    owner: string,
    limit: number,
    time: number,
    from: number | "over"
  ): Effect.Effect<ReadonlyArray<table.Row>, unknown> =>
    Effect.gen(function* () {
      const [rows, unreadable] = table.readable(yield* takeRows(owner, limit, time, from))
      const inOrder = rows.toSorted((one, other) => one.deadline - other.deadline || one.sequence - other.sequence)
      if (unreadable.length === 0) return inOrder
      yield* leave(owner, yield* table.sequencesOf(unreadable))
      // In their place, those that come next.
      return [...inOrder, ...(yield* take(owner, limit - rows.length, time, from))]
    })

  /**
   * Ids in rows that this version can't read are left for a minute, then two, up to an hour: a process of the later version that wrote
   * them, beside this one, has the time to take them.
   */
  const leave = (owner: string, sequences: ReadonlyArray<number>) =>
    Effect.andThen(
      sql`UPDATE cloudauth_collect_queue SET lease_owner = NULL, error = 'RowUnreadable', attempts = ${tries},
        free_from = ${now} + 60000 * (1 << ${tries} - 1) WHERE lease_owner = ${owner} AND state = 'Pending' AND ${sql.in("sequence", sequences)}`,
      logQuietly(
        Effect.annotateLogs(
          Effect.logWarning(
            "This version can't read ids of the queue: they stay pending. Collect them by the version that wrote them"
          ),
          { "cloudauth.queue.sequences": sequences.join(",") }
        )
      )
    )

  return {
    wake: sql`UPDATE cloudauth_collect_queue SET free_from = 0
      WHERE state = 'Pending' AND lease_owner IS NULL AND free_from > 0`.pipe(
      Effect.asVoid,
      answering,
      failing("wake")
    ),
    lease: (owner, limit, time) =>
      Effect.gen(function* () {
        const at = monotonic.millis(yield* Clock.Clock)
        const from = at - cursor.lookedAt < lookMillis ? cursor.deadline : 0
        const next = yield* take(owner, limit, millis(time), from)
        const isAll = from === 0 || next.length < limit
        const earlier = from > 0 && isAll ? yield* take(owner, limit - next.length, millis(time), 0) : []
        const inTime = [...earlier, ...next]
        cursor = { deadline: inTime.at(-1)?.deadline ?? 0, lookedAt: isAll ? at : cursor.lookedAt }
        const rest = limit - inTime.length
        // What is over may still be had: its deadline can be a guess.
        const over = rest > 0 ? yield* take(owner, rest, millis(time), "over") : []
        return [...inTime, ...over].map(table.leasedOf)
      }).pipe(answering, failing("lease")),
    renew: (owner, transactionIds, time) =>
      transactionIds.length === 0
        ? Effect.void
        : sql`UPDATE cloudauth_collect_queue SET free_from = ${now} + ${millis(time)}
            WHERE lease_owner = ${owner} AND state = 'Pending' AND ${sql.in("transaction_id", transactionIds)}`.pipe(
            Effect.asVoid,
            answering,
            failing("renew")
          ),
    release: (owner, released) =>
      Effect.forEach(
        released,
        ({ isAttempt, pause, reason, transactionId }) =>
          sql`UPDATE cloudauth_collect_queue SET lease_owner = NULL, free_from = ${now} + ${millis(pause)},
            attempts = attempts - ${isAttempt ? 0 : 1}, error = ${reason ?? null}
            WHERE transaction_id = ${transactionId} AND lease_owner = ${owner} AND state = 'Pending'`.pipe(answering),
        { discard: true }
      ).pipe(sqlFailures.transaction(sql), failing("release")),
    releaseAll: (owner) =>
      sql`UPDATE cloudauth_collect_queue SET lease_owner = NULL, free_from = 0, attempts = attempts - 1
        WHERE lease_owner = ${owner} AND state = 'Pending'`.pipe(Effect.asVoid, answering, failing("releaseAll")),
    isBusy: sql`SELECT transaction_id FROM cloudauth_collect_queue ${by("leases")}
      WHERE state = 'Pending' AND lease_owner IS NOT NULL LIMIT 1`.pipe(
      Effect.map((rows) => rows.length > 0),
      answering,
      failing("isBusy")
    )
  }
}
