/** Collecting a queue: each result stored once, nothing lost, and no more calls than were under way repeated. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import { type Collected, CollectQueue, type Event } from "../src/CollectQueue.ts"
import * as Quota from "../src/Quota.ts"
import {
  counts,
  databases,
  ids,
  itemsOf,
  pass,
  passed,
  quick,
  saved,
  saveResult,
  serviceOf,
  withQueue
} from "./fixtures/collectQueue.ts"
import { hasPostgres, postgresSchema } from "./fixtures/databases.ts"

describe.each(databases)("a run in $name", ({ open, skip }) => {
  it.live.skipIf(skip)("asks once for each id, in the background, and stores each result once", () =>
    withQueue(open, ids(300), (process) =>
      Effect.gen(function* () {
        const service = serviceOf(passed)
        const run = CollectQueue.run({ ...quick, save: saveResult }).pipe(Effect.provide(service.layer))
        yield* Effect.all([process(run), process(run), process(run)], { concurrency: "unbounded" })
        assert.deepStrictEqual([...service.asked].sort(), ids(300))
        assert.deepStrictEqual(yield* process(saved), ids(300))
        assert.deepInclude(yield* process(counts), { Pending: 0, Stored: 300 })
      })
    )
  )

  it.live.skipIf(skip)("sets aside what the service says of an id, with its reason, and leaves the rest pending", () =>
    withQueue(open, ids(30), (process) =>
      Effect.gen(function* () {
        const answers: Record<string, Canned.Canned> = {
          "id-003": Canned.error("TransactionIdInvalid"),
          "id-007": Canned.connectionFailed(),
          "id-011": Canned.error("ProcessNotCompleted")
        }
        const service = serviceOf((id) => answers[id] ?? Canned.passed())
        const events: Array<Event> = []
        yield* process(
          CollectQueue.run({ ...quick, save: saveResult, onEvent: (event) => events.push(event) }).pipe(
            Effect.provide(service.layer)
          )
        )
        assert.deepInclude(yield* process(counts), { Pending: 1, Failed: 2, Stored: 27 })
        const aside = yield* process(CollectQueue.use((queue) => Stream.runCollect(queue.setAside)))
        assert.deepStrictEqual(
          aside.map(({ error, transactionId }) => [transactionId, error]),
          [
            ["id-003", "TransactionIdInvalid"],
            ["id-011", "ProcessNotCompleted"]
          ]
        )
        const left = events.flatMap((event) => (event._tag === "Left" ? [[event.item.transactionId, event.error]] : []))
        assert.deepStrictEqual(left, [["id-007", "TransportError"]])
        assert.lengthOf(events, 30)
      })
    )
  )

  it.live.skipIf(skip)("stops at an outage, sets nothing aside, and the next run goes on", () =>
    withQueue(open, ids(60), (process) =>
      Effect.gen(function* () {
        const away = serviceOf(() => Canned.connectionFailed("ECONNREFUSED"))
        const stopped = yield* Effect.flip(
          process(CollectQueue.run({ ...quick, concurrency: 8, save: saveResult }).pipe(Effect.provide(away.layer)))
        )
        assert.deepInclude(stopped, { _tag: "Stopped" })
        assert.isBelow(away.asked.length, 30)
        assert.deepInclude(yield* process(counts), { Pending: 60, Failed: 0 })
        const back = serviceOf(passed)
        yield* process(CollectQueue.run({ ...quick, save: saveResult }).pipe(Effect.provide(back.layer)))
        assert.deepStrictEqual(yield* process(saved), ids(60))
      })
    )
  )

  it.live.skipIf(skip)("goes on through an outage until it is interrupted, if it is told to", () =>
    withQueue(open, ids(20), (process) =>
      Effect.gen(function* () {
        let isAway = true
        const service = serviceOf(() => (isAway ? Canned.connectionFailed() : Canned.passed()))
        const all = yield* Deferred.make<void>()
        let stored = 0
        const running = yield* process(
          CollectQueue.run({
            ...quick,
            until: "interrupted",
            concurrency: 2,
            save: saveResult,
            onEvent: ({ _tag }) => {
              if (_tag === "Left" && service.asked.length >= 8) isAway = false
              if (_tag === "Collected" && ++stored === 12) Deferred.doneUnsafe(all, Effect.void)
            }
          }).pipe(Effect.provide(service.layer))
        ).pipe(Effect.forkChild)
        yield* Deferred.await(all)
        yield* Fiber.interrupt(running)
        assert.deepInclude(yield* process(counts), { Failed: 0, Stored: 12 })
      })
    )
  )

  it.live.skipIf(skip)("lets calls under way end when it is interrupted, stores them, and asks for nothing more", () =>
    withQueue(open, ids(40), (process) =>
      Effect.gen(function* () {
        const allAsked = yield* Deferred.make<void>()
        const answer = yield* Deferred.make<void>()
        const service = serviceOf(() => {
          if (service.asked.length === 5) Deferred.doneUnsafe(allAsked, Effect.void)
          return Effect.andThen(Deferred.await(answer), Canned.passed())
        })
        const running = yield* process(
          CollectQueue.run({ ...quick, concurrency: 5, save: saveResult }).pipe(Effect.provide(service.layer))
        ).pipe(Effect.forkChild)
        yield* Deferred.await(allAsked)
        const ended = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
        yield* Deferred.succeed(answer, undefined)
        yield* Fiber.join(ended)
        assert.deepStrictEqual(service.asked, ids(5))
        assert.deepStrictEqual(yield* process(saved), ids(5))
        assert.deepInclude(yield* process(counts), { Pending: 35, Stored: 5 })
      })
    )
  )

  it.live.skipIf(skip)("has no more ids under way than it is told, those included that wait to be stored", () =>
    withQueue(open, ids(50), (process) =>
      Effect.gen(function* () {
        const underway = new Set<string>()
        let most = 0
        const service = serviceOf((id) => {
          underway.add(id)
          most = Math.max(most, underway.size)
          return Canned.passed()
        })
        yield* process(
          CollectQueue.run({
            ...quick,
            concurrency: 6,
            save: saveResult,
            onEvent: (event) => event._tag === "Collected" && underway.delete(event.collected.item.transactionId)
          }).pipe(Effect.provide(service.layer))
        )
        assert.isAtMost(most, 6)
        assert.strictEqual(service.asked.length, 50)
      })
    )
  )

  it.live.skipIf(skip)("takes over what a dead process had, and sets aside what was under way at twenty deaths", () =>
    withQueue(open, ids(4), (process) =>
      Effect.gen(function* () {
        const queue = <A, E>(use: (queue: CollectQueue["Service"]) => Effect.Effect<A, E>) =>
          process(CollectQueue.use(use))
        yield* queue((queue) => queue.lease("dead", 1, "1 minute"))
        for (let death = 1; death < 20; death++) {
          yield* process(pass(60_000))
          const [id] = yield* queue((queue) => queue.lease("dead", 1, "1 minute"))
          assert.deepInclude(id, { transactionId: "id-000", attempts: death + 1 })
        }
        yield* queue((queue) => queue.lease("dead, too", 1, "1 minute"))
        yield* process(pass(60_000))
        const service = serviceOf(passed)
        yield* process(CollectQueue.run({ ...quick, save: saveResult }).pipe(Effect.provide(service.layer)))
        assert.deepStrictEqual(service.asked, ids(4).slice(1))
        const [aside] = yield* queue((queue) => Stream.runCollect(queue.setAside))
        assert.deepInclude(aside, { transactionId: "id-000", error: "LeftUnfinished" })
      })
    )
  )

  it.live.skipIf(skip)("tries a database again that is away for a moment, and ends if a result can't be stored", () =>
    withQueue(open, ids(3), (process) =>
      Effect.gen(function* () {
        let outages = 2
        const service = serviceOf(passed)
        const away = { _tag: "Away", isPassing: true } as const
        yield* process(
          CollectQueue.run({
            ...quick,
            save: (collected) => (outages-- > 0 ? Effect.fail(away) : Effect.orDie(saveResult(collected)))
          }).pipe(Effect.provide(service.layer))
        )
        assert.deepStrictEqual(yield* process(saved), ids(3))
        assert.lengthOf(service.asked, 3)
        yield* process(CollectQueue.use((queue) => queue.add(itemsOf(["more"]))))
        const full = CollectQueue.run({ ...quick, save: () => Effect.fail("disk full" as const) })
        assert.strictEqual(yield* Effect.flip(process(full.pipe(Effect.provide(service.layer)))), "disk full")
        const broken = CollectQueue.run({ ...quick, prepare: () => Effect.die("defect"), save: () => Effect.void })
        yield* Effect.exit(process(broken.pipe(Effect.provide(service.layer))))
        assert.deepInclude(yield* process(counts), { Pending: 1, Stored: 3 })
      })
    )
  )
})

describe.skipIf(!hasPostgres)("a run whose PostgreSQL fails in the middle of storing", () => {
  const failures = {
    "cuts the connection": "SELECT pg_terminate_backend(pg_backend_pid())",
    "shuts down": "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P01'; END $$",
    "has crashed": "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P02'; END $$",
    "is starting": "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P03'; END $$",
    "has no connection left": "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53300'; END $$",
    "has become a replica": "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '25006'; END $$"
  }
  it.live.each(Object.entries(failures))("goes on, and stores each result once, if it %s", ([, failure]) =>
    withQueue(postgresSchema, ids(3), (process) =>
      Effect.gen(function* () {
        let outages = 2
        const service = serviceOf(passed)
        const save = (collected: Collected) =>
          SqlClient.use((sql) =>
            Effect.andThen(
              saveResult(collected),
              Effect.suspend(() => (outages-- > 0 ? Effect.asVoid(sql.unsafe(failure)) : Effect.void))
            )
          )
        yield* process(CollectQueue.run({ ...quick, save }).pipe(Effect.provide(service.layer)))
        assert.deepStrictEqual(yield* process(saved), ids(3))
        assert.lengthOf(service.asked, 3)
      })
    )
  )

  it.live("fails with an error, not with a defect, if the connection ends while ids are added", () =>
    withQueue(postgresSchema, [], (process) =>
      Effect.gen(function* () {
        const cut = `CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'`
        yield* process(SqlClient.use((sql) => sql.unsafe(cut)))
        yield* process(
          SqlClient.use((sql) =>
            sql.unsafe("CREATE TRIGGER cut BEFORE INSERT ON cloudauth_collect_queue EXECUTE FUNCTION cut()")
          )
        )
        const adding = process(CollectQueue.use((queue) => queue.add(itemsOf(ids(3)))))
        assert.deepInclude(yield* Effect.flip(adding), { _tag: "CollectQueueError", operation: "add", isPassing: true })
      })
    )
  )
})

describe("a run", () => {
  it.live("calls with the priority of a batch, and a call that its own queue refuses is no outage", () =>
    withQueue(databases[0].open, ids(60), (process) =>
      Effect.gen(function* () {
        const priorities = new Set<string>()
        const refusals = new Map<string, number>()
        const refused = new CloudauthError.CallTimeout({
          code: "CallTimeout",
          httpStatus: undefined,
          requestId: undefined,
          attempts: 0,
          advice: "",
          limit: "deadline",
          after: 30_000,
          phase: "queue"
        })
        const real = yield* Layer.build(serviceOf(passed).layer)
        const client = yield* Effect.provideContext(Cloudauth, real)
        // Each id is refused before it is sent until all have been: more in a row than an outage may have.
        const busy = Cloudauth.of({
          ...client,
          checkResult: (request, options) =>
            Effect.gen(function* () {
              priorities.add(yield* Quota.Priority)
              const id = String(request.transactionId)
              const nth = (refusals.get(id) ?? 0) + 1
              refusals.set(id, nth)
              if (nth === 1) return yield* refused
              return yield* client.checkResult(request, options)
            })
        })
        yield* process(CollectQueue.run({ ...quick, save: saveResult }).pipe(Effect.provideService(Cloudauth, busy)))
        assert.deepInclude(yield* process(counts), { Pending: 60, Failed: 0 })
        yield* process(CollectQueue.run({ ...quick, save: saveResult }).pipe(Effect.provideService(Cloudauth, busy)))
        assert.deepInclude(yield* process(counts), { Pending: 0, Stored: 60 })
        assert.deepStrictEqual([...priorities], ["batch"])
      })
    ).pipe(Effect.scoped)
  )
})
