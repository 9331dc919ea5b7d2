/** A queue whose connection to the database goes silent, as behind a firewall that drops it: a driver may wait for ever. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { CollectQueue } from "../src/CollectQueue.ts"
import {
  counts,
  ids,
  itemsOf,
  pass,
  passed,
  processOn,
  quick,
  resultsTable,
  saved,
  type Services,
  saveResult,
  serviceOf
} from "./fixtures/collectQueue.ts"
import { type Silence, sqlitePool } from "./fixtures/databases.ts"

/**
 * A process with three ids in its queue. The connection of the next statement that `state.next` matches goes silent, and of
 * each that `state.all` matches.
 */
const backend = Effect.gen(function* () {
  const directory = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "cloudauth-"))),
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true }))
  )
  const state: { next: RegExp | undefined; all: RegExp | undefined; silence: Silence } = {
    next: undefined,
    all: undefined,
    silence: "before"
  }
  const database = sqlitePool(join(directory, "queue.db"), (sql) => {
    if (state.all?.test(sql) === true) return state.silence
    if (state.next?.test(sql) !== true) return undefined
    state.next = undefined
    return state.silence
  })
  const context = yield* processOn(database)
  const process = <A, E>(effect: Effect.Effect<A, E, Services>) => Effect.provideContext(effect, context)
  yield* process(
    Effect.andThen(
      resultsTable,
      CollectQueue.use((queue) => queue.add(itemsOf(ids(3))))
    )
  )
  return { process, state }
})

/** Lets time pass, by the clock of this process and by the database's. */
const later = Effect.andThen(TestClock.adjust("5 seconds"), pass(5000))

/** Lets time pass until an effect ends, for ten minutes at most. */
const inTime = <A, E>(effect: Effect.Effect<A, E, Services>) =>
  Effect.gen(function* () {
    const running = yield* Effect.forkChild(effect)
    for (let step = 0; step < 120 && running.pollUnsafe() === undefined; step++) yield* later
    assert.isDefined(running.pollUnsafe(), "it hangs")
    return yield* Fiber.join(running)
  })

const statements: ReadonlyArray<readonly [string, RegExp]> = [
  ["leases ids", /SET lease_owner = \?, free_from/],
  ["begins a transaction", /^BEGIN/],
  ["marks an id", /SET state = 'Stored'/],
  ["stores a result", /INSERT INTO results/],
  ["commits", /^COMMIT/]
]

describe("a queue whose connection goes silent", () => {
  it.effect.each(
    statements.flatMap(([name, statement]) =>
      (["before", "after"] as const).map((silence) => [silence, name, statement] as const)
    )
  )("goes on, and stores each result once: %s the database %s", ([silence, , statement]) =>
    Effect.gen(function* () {
      const { process, state } = yield* backend
      Object.assign(state, { next: statement, silence })
      const service = serviceOf(passed)
      const run = CollectQueue.run({ ...quick, every: "1 second", save: saveResult })
      yield* process(inTime(Effect.provide(run, service.layer)))
      assert.isUndefined(state.next, "no statement was cut off")
      assert.deepStrictEqual(yield* process(saved), ids(3))
      assert.deepStrictEqual(service.asked, ids(3))
      assert.deepInclude(yield* process(counts), { Pending: 0, Stored: 3 })
    })
  )

  it.effect("keeps its ids if a sign of life has no answer", () =>
    Effect.gen(function* () {
      const { process, state } = yield* backend
      state.next = /SET free_from = [^,]* WHERE lease_owner = /
      const service = serviceOf(passed)
      const prepare = () => Effect.sleep("1 minute")
      const run = CollectQueue.run({ ...quick, every: "1 second", prepare, save: saveResult }).pipe(
        Effect.provide(service.layer)
      )
      const running = yield* Effect.forkChild(process(run))
      for (let step = 0; step < 11; step++) {
        yield* process(later)
        assert.deepStrictEqual(yield* process(CollectQueue.use((queue) => queue.lease("other", 9, "1 minute"))), [])
      }
      assert.isUndefined(state.next, "no sign was cut off")
      yield* process(later)
      yield* Fiber.join(running)
      assert.deepStrictEqual(service.asked, ids(3))
    })
  )

  it.effect("fails once the database has had no answer for three minutes", () =>
    Effect.gen(function* () {
      const { process, state } = yield* backend
      state.all = /INSERT INTO results/
      const service = serviceOf(passed)
      const run = CollectQueue.run({ ...quick, every: "1 second", save: saveResult })
      const started = yield* Clock.currentTimeMillis
      const error = yield* Effect.flip(process(inTime(Effect.provide(run, service.layer))))
      assert.deepInclude(error, { _tag: "CollectQueueError", operation: "settle", isPassing: true })
      assert.isAtMost((yield* Clock.currentTimeMillis) - started, 5 * 60_000)
      assert.deepInclude(yield* process(counts), { Pending: 3, Stored: 0 })
    })
  )
})
