/**
 * Queues many ids (a million unless told) and collects them in batches of 16 without a service: what the queue itself costs. Prints for
 * each tenth how long an id took, how much of that this process's processor, and how large the database became.
 *
 *     node packages/cli/scripts/queueGrowth.ts [--ids 1000000] [--store FILE.db|postgres://…]
 */
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { CollectQueue } from "@effect-cloudauth/core/CollectQueue"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import * as Stores from "../src/Stores.ts"

const { values } = parseArgs({ options: { ids: { type: "string", default: "1000000" }, store: { type: "string" } } })
const count = Number(values.ids)
const directory = mkdtempSync(join(tmpdir(), "cloudauth-growth-"))
const store = values.store ?? join(directory, "queue.db")
const day = 24 * 60 * 60_000

interface Cost {
  readonly millis: number
  readonly cpuMicros: number
}

const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const started = performance.now()
    const cpu = process.cpuUsage()
    yield* effect
    const { system, user } = process.cpuUsage(cpu)
    return { millis: performance.now() - started, cpuMicros: system + user }
  })

const size = SqlClient.use((sql) =>
  sql.onDialectOrElse({
    pg: () =>
      Effect.map(
        sql<{
          readonly n: number
        }>`SELECT CAST(pg_total_relation_size('cloudauth_collect_queue') AS double precision) AS n`,
        ([row]) => row?.n ?? 0
      ),
    orElse: () =>
      Effect.andThen(
        sql`PRAGMA wal_checkpoint(TRUNCATE)`,
        Effect.sync(() => statSync(store).size)
      )
  })
)

/** Ids whose deadlines are in no order. */
const item = (index: number) => ({
  transactionId: `hksb${String(index).padStart(28, "0")}`,
  merchantBizId: `order${index}`,
  authenticatedAt: Date.now() - ((index * 7919) % 29) * day
})

const program = Effect.gen(function* () {
  const queue = yield* CollectQueue
  const tenth = count / 10
  const adding: Array<Cost> = []
  for (let part = 0; part < 10; part++) {
    const cost = yield* timed(
      Effect.gen(function* () {
        for (let from = part * tenth; from < (part + 1) * tenth; from += 1000) {
          yield* queue.add(Array.from({ length: Math.min(1000, tenth) }, (_, index) => item(from + index)))
        }
      })
    )
    adding.push(cost)
  }
  const bytes = yield* size
  const collecting: Array<Cost> = []
  for (let part = 0; part < 10; part++) {
    const cost = yield* timed(
      Effect.gen(function* () {
        for (let done = 0; done < tenth;) {
          const leased = yield* queue.lease("growth", 16, "1 minute")
          if (leased.length === 0) return yield* Effect.die("the queue lost ids")
          yield* queue.settle(
            "growth",
            leased.map(({ transactionId }) => ({ _tag: "Collected", transactionId })),
            () => Effect.void
          )
          done += leased.length
        }
      })
    )
    collecting.push(cost)
  }
  const { Pending, Stored } = yield* queue.counts
  const times = (all: ReadonlyArray<Cost>) => all.map(({ millis }) => Math.round((millis * 1000) / tenth))
  const cpu = (all: ReadonlyArray<Cost>) => all.map(({ cpuMicros }) => Math.round(cpuMicros / tenth))
  console.log(
    JSON.stringify({
      ids: count,
      store: values.store === undefined ? "SQLite" : "PostgreSQL",
      microsecondsToAdd: times(adding),
      cpuMicrosecondsToAdd: cpu(adding),
      microsecondsToCollect: times(collecting),
      cpuMicrosecondsToCollect: cpu(collecting),
      bytesAnId: Math.round(bytes / count),
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1000),
      Pending,
      Stored
    })
  )
})

await Effect.runPromise(
  program.pipe(Effect.provide(Stores.layer(Stores.parse(store)).pipe(Layer.provide(NodeServices.layer))))
)
rmSync(directory, { recursive: true })
