/**
 * A collection on several runners while things break, judged by what the service saw and what the database holds.
 *
 * The service's answers take `delay`, and a runner has `concurrency` calls under way, so that one runner cannot use up
 * the quota by itself: throughput grows with the runners until the quota ends it.
 */
import { exec } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { Redis } from "effect/persistence/Redis"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import * as Runner from "../../src/Runner.ts"
import * as Submitter from "../../src/Submitter.ts"
import * as Redacted from "effect/Redacted"
import { most, recovery, share } from "./arrivals.ts"
import type { Arrival } from "./emulatorProcess.ts"
import * as processes from "./processes.ts"
import * as servers from "./servers.ts"

export interface Options {
  readonly runners: number
  readonly transactions: number
  /** Calls a second. */
  readonly quota: number
  /** Calls under way in one runner. */
  readonly concurrency: number
  /** What the service takes for an answer, in milliseconds. */
  readonly delay: number
  /** One in so many users has not finished when first asked; 0 for none. */
  readonly unfinished: number
  /** What breaks, and once which share of the results is stored, in this order. */
  readonly faults: ReadonlyArray<readonly [stored: number, fault: Fault]>
  /** The command that restarts PostgreSQL. */
  readonly restart?: string
  /** After so many milliseconds it is given up. */
  readonly limit: number
  readonly verdictsOnly?: boolean
  readonly images?: string
  readonly tell?: (line: string) => void
}

type Fault = "kill a runner" | "cut the limiters' connections" | "restart PostgreSQL" | "flush Redis"

export interface Event {
  readonly fault: Fault
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A shard moves when a runner joins, too. */
const joined = "This runner takes part."

/** A runner also gives up its shards if it can't confirm its locks in time, on an overloaded machine. */
const unhealthy = "Shard lock storage is unhealthy"

export interface Outcome {
  readonly options: Options
  readonly database: string
  readonly started: number
  readonly ended: number
  readonly counts: { readonly Stored: number; readonly Failed: number; readonly Pending: number }
  /** Rows of results, and how many different ids they have. */
  readonly rows: number
  readonly distinct: number
  readonly inbox: number
  readonly arrivals: ReadonlyArray<Arrival>
  readonly events: ReadonlyArray<Event>
  /** How often shards may have moved after the first runner took all. */
  readonly moves: number
  /** Answers with a result, and those of them that came for an id that had one already. */
  readonly fetched: number
  readonly repeated: ReadonlyArray<{ readonly id: string; readonly explained: boolean }>
  /** The most that arrived within any second. */
  readonly most: number
  readonly engine: { readonly messages: number; readonly replies: number; readonly bytes: number }
  /** Transactions of PostgreSQL. */
  readonly committed: number
  readonly resultBytes: number
}

const runner = join(import.meta.dirname, "../../src/bin/runner.ts")

/** Restarts PostgreSQL. Dies if it was not restarted. */
const restart = (command: string): Effect.Effect<void> =>
  Effect.gen(function* () {
    const begun = number("SELECT extract(epoch FROM pg_postmaster_start_time())::float8 AS n").pipe(
      Effect.provide(servers.sql(servers.databaseUrl)),
      Effect.sandbox
    )
    const before = yield* Effect.orDie(begun)
    yield* Effect.promise(() => promisify(exec)(command))
    const after = yield* begun.pipe(
      Effect.retry(Schedule.spaced("500 millis")),
      Effect.timeout("1 minute"),
      Effect.orDie
    )
    if (after === before) yield* Effect.die(new Error(`PostgreSQL was not restarted by '${command}'.`))
  })

// Below those that outgoing connections take.
let ports = 20_000 + (process.pid % 2500) * 4

/** One number of a query. */
const number = (statement: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<{ readonly n: number }>(statement)).pipe(
    Effect.map(([row]) => Number(row?.n ?? 0)),
    Effect.orDie
  )

/**
 * What is documented: an answer is asked for again where its shard moved between the answer's arrival at the service and
 * its commit. That takes milliseconds, on an overloaded machine seconds.
 */
const window = (options: Options) => options.delay + 10_000

export const run = (options: Options): Effect.Effect<Outcome, never, Scope.Scope> =>
  Effect.gen(function* () {
    const tell = options.tell ?? (() => {})
    const database = yield* servers.database("campaign")
    const account = `campaign-${process.pid}-${ports}`
    const emulator = yield* processes.emulator(options.delay)
    const ids = Array.from({ length: options.transactions }, (_, index) => `campaign${index}`)
    const passed = Scenario.passed({ document: "global-passport", personPerTransaction: true })
    const late = options.unfinished === 0 ? [] : ids.filter((_, index) => index % options.unfinished === 0)
    yield* emulator.register(late, Scenario.sequence([Scenario.notCompleted, passed]))
    yield* Effect.addFinalizer(() => Effect.ignore(Effect.provide(servers.forget(account), servers.redis)))

    const ledger = Runner.layerLedger(Redacted.make(database))
    const batch = 1000
    for (let from = 0; from < ids.length; from += batch) {
      yield* Effect.orDie(
        Effect.provide(
          Submitter.submit(ids.slice(from, from + batch).map((transactionId) => ({ transactionId }))),
          ledger
        )
      )
    }
    tell(`${ids.length} ids are in the ledger`)

    const started = yield* Clock.currentTimeMillis
    const runners: Array<processes.Supervised> = []
    const joins: Array<number> = []
    const lost: Array<number> = []
    for (let index = 0; index < options.runners; index++) {
      runners.push(
        yield* processes.supervised(
          runner,
          {
            DATABASE_URL: database,
            REDIS_URL: servers.redisUrl,
            CLOUDAUTH_ACCOUNT: account,
            CLOUDAUTH_QPS: String(options.quota),
            CLOUDAUTH_CONCURRENCY: String(options.concurrency),
            CLOUDAUTH_ENDPOINT: emulator.url,
            CLOUDAUTH_IMAGES: options.images ?? "none",
            CLOUDAUTH_VERDICTS_ONLY: String(options.verdictsOnly ?? false),
            ALIBABA_CLOUD_ACCESS_KEY_ID: "emulator-access-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "emulator-access-key-secret",
            HOST: "127.0.0.1",
            PORT: String(ports++),
            NO_COLOR: "1"
          },
          {
            onOutput: (text) => {
              if (text.includes(joined)) joins.push(Date.now())
              if (text.includes(unhealthy)) lost.push(Date.now())
              tell(`[${index}] ${text.trimEnd().slice(0, 2000)}`)
            }
          }
        )
      )
    }

    const events: Array<Event> = []
    const cause = (fault: Fault) =>
      Effect.gen(function* () {
        const at = yield* Clock.currentTimeMillis
        events.push({ fault, at })
        tell(`${((at - started) / 1000).toFixed(0)} s: ${fault}`)
        switch (fault) {
          case "kill a runner": {
            const victim = runners[yield* Random.nextIntBetween(0, runners.length - 1)]
            return yield* victim?.kill ?? Effect.void
          }
          case "cut the limiters' connections":
            return yield* Effect.asVoid(Effect.provide(servers.cutLimiters, servers.redis))
          case "restart PostgreSQL":
            return yield* restart(options.restart ?? "false")
          case "flush Redis":
            // A database that the URL names belongs to the campaign: all of it goes.
            return yield* new URL(servers.redisUrl).pathname.length > 1
              ? Effect.flatMap(Redis, (client) => client.send("FLUSHDB")).pipe(
                  Effect.ignore,
                  Effect.provide(servers.redis)
                )
              : Effect.provide(servers.forget(account), servers.redis)
        }
      })
    const pending = number("SELECT COUNT(*) AS n FROM cloudauth_collect_queue WHERE state = 'Pending'").pipe(
      Effect.provide(servers.sql(database)),
      // The database may be away just now.
      Effect.catchCause(() => Effect.succeed(-1))
    )
    const due = [...options.faults]
    for (;;) {
      const left = yield* pending
      const now = yield* Clock.currentTimeMillis
      if (left >= 0) tell(`${((now - started) / 1000).toFixed(0)} s: ${left} pending`)
      const [stored = Infinity, fault] = due[0] ?? []
      if (left >= 0 && fault !== undefined && options.transactions - left >= stored * options.transactions) {
        due.shift()
        yield* cause(fault)
      }
      if (left === 0 || now - started > options.limit) break
      yield* Effect.sleep("500 millis")
    }
    const ended = yield* Clock.currentTimeMillis
    // What is left is the acknowledgement of the last results.
    for (let look = 0; look < 40; look++) {
      const left = yield* Effect.provide(number("SELECT COUNT(*) AS n FROM cloudauth_inbox"), servers.sql(database))
      if (left === 0) break
      yield* Effect.sleep("250 millis")
    }

    const arrivals = yield* emulator.arrivals()
    const state = (name: string) => number(`SELECT COUNT(*) AS n FROM cloudauth_collect_queue WHERE state = '${name}'`)
    const held = yield* Effect.all({
      Stored: state("Stored"),
      Failed: state("Failed"),
      Pending: state("Pending"),
      rows: number("SELECT COUNT(*) AS n FROM cloudauth_result"),
      distinct: number("SELECT COUNT(DISTINCT transaction_id) AS n FROM cloudauth_result"),
      inbox: number("SELECT COUNT(*) AS n FROM cloudauth_inbox"),
      messages: number("SELECT COUNT(*) AS n FROM cluster_messages"),
      replies: number("SELECT COUNT(*) AS n FROM cluster_replies"),
      bytes: number(
        "SELECT pg_total_relation_size('cluster_messages') + pg_total_relation_size('cluster_replies') AS n"
      ),
      committed: number("SELECT xact_commit AS n FROM pg_stat_database WHERE datname = current_database()"),
      resultBytes: number(
        "SELECT pg_total_relation_size('cloudauth_result') + pg_total_relation_size('cloudauth_collect_queue') AS n"
      )
    }).pipe(Effect.provide(servers.sql(database)))

    const answered = arrivals.filter(([, , code]) => code === "Success")
    const at = (...wanted: ReadonlyArray<Fault>) =>
      events.filter(({ fault }) => wanted.includes(fault)).map(({ at }) => at)
    const kills = at("kill a runner")
    /** Shards move from a runner's start, or its death, until some seconds after it took part again. */
    const since = (join: number) => Math.max(started, ...kills.filter((kill) => kill <= join))
    const moves = [
      ...joins.map((join) => [since(join), join + 20_000] as const),
      ...[...kills, ...at("restart PostgreSQL"), ...lost].map((time) => [time, time + 20_000] as const)
    ]
    const firsts = new Map<string, number>()
    const repeated: Array<{ readonly id: string; readonly explained: boolean }> = []
    for (const [time, id] of answered) {
      const first = firsts.get(id)
      if (first !== undefined) {
        const explained = moves.some(
          ([from, to]) => first <= to + 1000 && first + window(options) >= from && time >= from - 1000
        )
        repeated.push({ id, explained })
      }
      firsts.set(id, time)
    }
    return {
      options,
      database,
      started,
      ended,
      counts: held,
      rows: held.rows,
      distinct: held.distinct,
      inbox: held.inbox,
      arrivals,
      events,
      moves: moves.length - 1,
      fetched: answered.length,
      repeated,
      most: most(
        arrivals.map(([time]) => time),
        1000
      ),
      engine: held,
      committed: held.committed,
      resultBytes: held.resultBytes
    }
  })

/** What is wrong with an outcome; nothing if all is well. */
export const faultsOf = (outcome: Outcome): ReadonlyArray<string> => {
  const { counts, distinct, inbox, options, repeated, rows } = outcome
  const wanted = options.transactions
  const wrong: Array<string> = []
  if (counts.Stored !== wanted) wrong.push(`${counts.Stored} of ${wanted} are stored`)
  if (counts.Pending !== 0 || counts.Failed !== 0) {
    wrong.push(`${counts.Pending} are pending and ${counts.Failed} failed`)
  }
  if (rows !== wanted || distinct !== wanted) wrong.push(`there are ${rows} rows for ${distinct} ids`)
  if (inbox !== 0) wrong.push(`${inbox} parcels are left in the inbox`)
  if (outcome.events.length < options.faults.length) {
    wrong.push(`${outcome.events.length} of ${options.faults.length} faults were caused`)
  }
  if (outcome.most > options.quota) wrong.push(`${outcome.most} calls arrived within a second, ${options.quota} may`)
  const unexplained = repeated.filter(({ explained }) => !explained).length
  if (unexplained > 0) wrong.push(`${unexplained} results were fetched again outside the documented window`)
  if (repeated.length > outcome.moves * options.concurrency) {
    wrong.push(
      `${repeated.length} results were fetched again, more than were in flight as shards moved ${outcome.moves} times`
    )
  }
  return wrong
}

/** Of the quota, from the first call to the moment the last tenth of the work began. */
export const used = ({ arrivals, options }: Outcome): number => {
  const times = arrivals.map(([time]) => time)
  const from = times[0] ?? 0
  const to = times[Math.floor(times.length * 0.9)] ?? from + 1
  return share(times, options.quota, from, to)
}

/** Calls a second in the best stretch of ten seconds. */
export const pace = ({ arrivals }: Outcome): number =>
  most(
    arrivals.map(([time]) => time),
    10_000
  ) / 10

/** How long each fault was felt, in milliseconds: until 80 % of the best pace over two seconds was there again. */
export const recoveries = (outcome: Outcome): ReadonlyArray<Event & { readonly recovery: number | undefined }> => {
  const times = outcome.arrivals.map(([time]) => time)
  return outcome.events.map((event) => ({ ...event, recovery: recovery(times, pace(outcome), event.at, 0.8) }))
}
