/**
 * What the queue and the store of `effect-cloudauth collect` cost as they grow, in a process of its own. Arguments: the
 * store (`FILE.db` or `postgres://…`, empty), and how many rows. The client answers in memory, so that no network is in the
 * figures; whatever else a collection does is.
 */
import { statSync } from "node:fs"
import * as Collector from "@effect-cloudauth/cli/Collector"
import { ImageStore } from "@effect-cloudauth/cli/ImageStore"
import * as Stores from "@effect-cloudauth/cli/Stores"
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { CollectQueue } from "@effect-cloudauth/core/CollectQueue"
import * as Document from "@effect-cloudauth/core/Document"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { median } from "../statistics.ts"
import type { Collecting, Cost } from "./figures.ts"

const [store = "", rows = ""] = process.argv.slice(2)
const most = Number(rows)

/** Ids that are collected for one figure. */
const sample = 1000

const cost = <A, E, R>(ids: number, effect: Effect.Effect<A, E, R>): Effect.Effect<Cost, E, R> =>
  Effect.gen(function* () {
    const started = performance.now()
    const cpu = process.cpuUsage()
    yield* effect
    const { system, user } = process.cpuUsage(cpu)
    return { micros: ((performance.now() - started) * 1000) / ids, cpuMicros: (system + user) / ids }
  })

const medianOf = (costs: ReadonlyArray<Cost>): Cost => ({
  micros: Math.round(median(costs.map(({ micros }) => micros))),
  cpuMicros: Math.round(median(costs.map(({ cpuMicros }) => cpuMicros)))
})

/** The cost of one of the sample, without what a run costs that finds nothing. */
const without = (took: Cost, look: Cost | undefined): Cost => ({
  micros: took.micros - (look?.micros ?? 0) / sample,
  cpuMicros: took.cpuMicros - (look?.cpuMicros ?? 0) / sample
})

/** Queues ids, in parts as a list is read. */
const add = (from: number, to: number) =>
  Effect.gen(function* () {
    const queue = yield* CollectQueue
    for (let at = from; at < to; at += sample) {
      yield* queue.add(
        Array.from({ length: Math.min(sample, to - at) }, (_, index) => ({
          transactionId: `hksb${String(at + index).padStart(28, "0")}`,
          merchantBizId: `order${at + index}`
        }))
      )
    }
  })

/** Gives every queued id the result of the first, within the database: collecting a million takes minutes. */
const fill = SqlClient.use((sql) =>
  Effect.gen(function* () {
    yield* sql`UPDATE cloudauth_collect_queue SET state = 'Stored' WHERE state = 'Pending'`
    yield* sql`INSERT INTO cloudauth_result
      SELECT q.transaction_id, r.collected_at, r.verdict, r.sub_code, r.document, r.facts, r.person
      FROM cloudauth_collect_queue q CROSS JOIN (SELECT * FROM cloudauth_result LIMIT 1) r
      WHERE q.state = 'Stored' ON CONFLICT (transaction_id) DO NOTHING`
    // As a database does by itself in the weeks in which so many rows come.
    yield* sql.onDialectOrElse({ pg: () => sql`VACUUM ANALYZE`, orElse: () => sql`ANALYZE` })
  })
)

const databaseBytes = SqlClient.use((sql) =>
  sql.onDialectOrElse({
    pg: () =>
      Effect.map(
        sql<{ readonly n: number }>`SELECT CAST(pg_database_size(current_database()) AS double precision) AS n`,
        ([row]) => row?.n ?? Number.NaN
      ),
    orElse: () =>
      Effect.andThen(
        sql`PRAGMA wal_checkpoint(TRUNCATE)`,
        Effect.sync(() => statSync(store).size)
      )
  })
)

const collect = Collector.run({ concurrency: 16, verdictsOnly: false })

const heapBytes = Effect.sync(() => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
})

/** Fills up to so many rows, then collects some more. */
const grown = (from: number, rows: number) =>
  Effect.gen(function* () {
    const before = { database: yield* databaseBytes, heap: yield* heapBytes }
    const adding = yield* cost(rows - from, add(from, rows))
    const queued = { database: yield* databaseBytes, heap: yield* heapBytes }
    yield* fill
    const filled = yield* databaseBytes
    const costs: Array<Cost> = []
    const looks: Array<Cost> = []
    for (let at = rows; at < rows + 4 * sample; at += sample) {
      yield* add(at, at + sample)
      costs.push(yield* cost(sample, collect))
      looks.push(yield* cost(1, collect))
    }
    const perId = (bytes: number) => Math.round(bytes / (rows - from))
    return {
      rows,
      adding: medianOf([adding]),
      // The first finds the caches as the filling left them. A run counts the rows once, which is no result's.
      collecting: medianOf(costs.slice(1).map((took, index) => without(took, looks[index + 1]))),
      looking: medianOf(looks.slice(1)),
      heapBytesAQueuedId: perId(queued.heap - before.heap),
      databaseBytesAQueuedId: perId(queued.database - before.database),
      databaseBytesAResult: perId(filled - queued.database)
    } satisfies Collecting
  })

const program = Effect.gen(function* () {
  // The one result of which all others are copies.
  yield* add(0, 1)
  yield* collect
  let held = 1
  return yield* Effect.forEach([most / 100, most / 10, most], (rows) =>
    Effect.tap(grown(held, rows), () => Effect.sync(() => (held = rows + 4 * sample)))
  )
})

const live = Layer.mergeAll(
  Stores.layer(Stores.parse(store)).pipe(Layer.provide(NodeServices.layer)),
  Cloudauth.layerTest(() => Canned.passed(Document.GlobalPassport)),
  ImageStore.layerNone
)

process.send?.(await Effect.runPromise(Effect.provide(program, live)))
process.disconnect?.()
