import { assert, describe, it } from "@effect/vitest"
import { ImageStore, ImageStoreError } from "@effect-cloudauth/cli/ImageStore"
import * as NodeSqlite from "@effect-cloudauth/cli/NodeSqlite"
import { ResultStore, StoreError } from "@effect-cloudauth/cli/ResultStore"
import * as SqlResultStore from "@effect-cloudauth/cli/SqlResultStore"
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Quota from "@effect-cloudauth/core/Quota"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import * as CollectResult from "../src/CollectResult.ts"
import * as Feeder from "../src/Feeder.ts"
import { Inbox } from "../src/Inbox.ts"
import { feed } from "../src/internal/feed.ts"
import * as Patience from "../src/Patience.ts"
import * as Submitter from "../src/Submitter.ts"

/** What a test can break. */
interface Broken {
  results: number
  images: number
  acknowledgements: number
}

class World extends Context.Service<World, { readonly broken: Broken; readonly acknowledged: Array<string> }>()(
  "World"
) {}

/** Fails as often as is asked for, then does what it is for. */
const faulty = <A, E>(broken: Broken, part: keyof Broken, error: () => E, effect: Effect.Effect<A, E>) =>
  Effect.suspend(() => {
    if (broken[part] === 0) return effect
    broken[part] -= 1
    return Effect.fail(error())
  })

const storeError = () => new StoreError({ operation: "save", reason: "broken", underlying: Redacted.make("") })

const ledger = SqlResultStore.layer({ description: "memory" }).pipe(
  Layer.provide(NodeSqlite.layer({ file: ":memory:" }))
)

const brokenStores = Layer.effectContext(
  Effect.gen(function* () {
    const { acknowledged, broken } = yield* World
    const results = yield* ResultStore
    const kept = new Map<string, Uint8Array>()
    return Context.make(ResultStore, {
      ...results,
      save: (ended) => faulty(broken, "results", storeError, results.save(ended))
    }).pipe(
      Context.add(ImageStore, {
        description: "memory",
        put: ({ bytes, key }) =>
          faulty(
            broken,
            "images",
            () => new ImageStoreError({ operation: "put", reason: "broken" }),
            Effect.sync(() => {
              kept.set(key, bytes)
              return key
            })
          ),
        get: (location) => Effect.sync(() => kept.get(location)),
        remove: (location) => Effect.sync(() => void kept.delete(location))
      }),
      Context.add(CollectResult.Acknowledgement, ({ transactionId }) =>
        faulty(
          broken,
          "acknowledgements",
          storeError,
          Effect.sync(() => void acknowledged.push(transactionId))
        )
      )
    )
  })
)

const client = Layer.unwrap(
  Effect.map(Emulator, ({ accessKeyId, accessKeySecret, url }) =>
    Cloudauth.layer({ url }).pipe(
      Layer.provide([Credentials.layerStatic({ accessKeyId, accessKeySecret }), Emulator.layerHttpClient])
    )
  )
)

const layerOf = (client: Layer.Layer<Cloudauth, InvalidRequest, Emulator>) =>
  CollectResult.layer().pipe(
    Layer.provideMerge(Layer.mergeAll(WorkflowEngine.layerMemory, Inbox.layerMemory, client, brokenStores)),
    Layer.provideMerge(
      Layer.mergeAll(
        Emulator.layerMemory(),
        ledger,
        Layer.sync(World, () => ({ broken: { results: 0, images: 0, acknowledgements: 0 }, acknowledged: [] }))
      )
    )
  )

const layer = layerOf(client)

const daily: Patience.Patience = { first: "1 hour", factor: 2, cap: "1 day" }

const passed = Scenario.passed({ document: "global-passport" })

/** Lets what does not depend on the clock, such as hashing, come to its end. */
const breathe = Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, 3)))

/** Waits until something is so; the test's time limit ends it. */
const until = (isSo: Effect.Effect<boolean, never, Emulator>): Effect.Effect<void, never, Emulator> =>
  Effect.flatMap(isSo, (so) => (so ? Effect.void : Effect.andThen(breathe, until(isSo))))

/** Moves the clock until a fiber has ended, by steps of `every`, at most `steps` of them. */
const pass = Effect.fnUntraced(function* (fiber: Fiber.Fiber<unknown, unknown>, every: string, steps: number) {
  for (let step = 0; step < steps; step++) {
    yield* breathe
    if (fiber.pollUnsafe() !== undefined) return
    yield* TestClock.adjust(every as "1 hour") // any duration in words
  }
})

const start = Effect.fnUntraced(function* (transactionId: string) {
  yield* Submitter.submit([{ transactionId, merchantBizId: "order1" }])
  const payload = CollectResult.payload({ transactionId, merchantBizId: "order1" }, yield* Clock.currentTimeMillis)
  return yield* Effect.forkChild(Effect.exit(CollectResult.CollectResult.execute(payload)))
})

/** Registers an id and executes its workflow to its end. */
const collect = Effect.fnUntraced(function* (transactionId: string, every = "1 hour", steps = 48) {
  const fiber = yield* start(transactionId)
  yield* pass(fiber, every, steps)
  return yield* Fiber.join(fiber)
})

const codes = (transactionId: string) =>
  Effect.flatMap(Emulator, (emulator) =>
    Effect.map(emulator.callsOf(transactionId), (calls) => calls.map((call) => call.code))
  )

describe("CollectResult", () => {
  it.effect("stores the result and its images, acknowledges, and keeps nothing in the inbox", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("t1", passed)
      const collected = yield* yield* collect("t1")
      assert.deepInclude(collected, { transactionId: "t1", merchantBizId: "order1" })
      assert.strictEqual(collected.verdict._tag, "Passed")
      const stored = yield* (yield* ResultStore).find("t1")
      assert.isAtLeast(Object.keys(stored?.view.locations ?? {}).length, 1)
      assert.isDefined(stored?.person)
      assert.deepStrictEqual((yield* World).acknowledged, ["t1"])
      assert.isUndefined(yield* (yield* Inbox).find("t1"))
    }).pipe(Effect.provide(layer))
  )

  it.effect("lets calls pass for which a person waits: its own have the priority of a batch", () => {
    const priorities: Array<Quota.Priority> = []
    const asked = Cloudauth.layerTest(() =>
      Effect.flatMap(Quota.Priority, (priority) => {
        priorities.push(priority)
        return Canned.passed()
      })
    )
    return Effect.gen(function* () {
      yield* yield* collect("t1")
      assert.deepStrictEqual(priorities, ["batch"])
    }).pipe(Effect.provide(layerOf(asked)))
  })

  it.effect("waits for the user by its patience, and asks no more once there is a result", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("t2", Scenario.sequence([Scenario.notCompleted, Scenario.notCompleted, passed]))
      assert.strictEqual((yield* yield* collect("t2", "1 second")).verdict._tag, "Passed")
      const calls = yield* emulator.callsOf("t2")
      // The clock may be ahead of what does not depend on it, never behind.
      const [first, second, third] = calls.map(({ time }) => time)
      assert.isAtLeast((second ?? 0) - (first ?? 0), 10_000)
      assert.isAtLeast((third ?? 0) - (second ?? 0), 15_000)
      assert.strictEqual((yield* yield* collect("t2")).verdict._tag, "Passed")
      assert.deepStrictEqual(yield* codes("t2"), ["ProcessNotCompleted", "ProcessNotCompleted", "Success"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("repeats a step that fails, for as long as it takes, without asking again", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const { acknowledged, broken } = yield* World
      yield* emulator.register("t3", passed)
      Object.assign(broken, { images: 20, results: 15, acknowledgements: 7 })
      assert.strictEqual((yield* yield* collect("t3")).verdict._tag, "Passed")
      assert.deepStrictEqual(yield* codes("t3"), ["Success"])
      assert.deepStrictEqual(broken, { images: 0, results: 0, acknowledgements: 0 })
      assert.deepStrictEqual(acknowledged, ["t3"])
      assert.strictEqual((yield* (yield* ResultStore).counts).Stored, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("a person's data leaves the inbox with the result, whether it is acknowledged or not", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const { acknowledged, broken } = yield* World
      yield* emulator.register("unheard", passed)
      broken.acknowledgements = 1_000_000
      yield* pass(yield* start("unheard"), "1 minute", 5)
      assert.isDefined(yield* (yield* ResultStore).find("unheard"))
      assert.isUndefined(yield* (yield* Inbox).find("unheard"))
      assert.isEmpty(acknowledged)
    }).pipe(Effect.provide(layer))
  )

  it.effect("outlasts a service that is down, throttled, or an account that is blocked", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register(
        "t4",
        Scenario.sequence([
          Scenario.errorCode("InvalidAccessKeyId.Inactive"),
          Scenario.errorCode("NoPermission", { status: 403 }),
          ...Array.from({ length: 10 }, () => Scenario.errorCode("ServiceUnavailable")),
          Scenario.throttled({ retryAfterMillis: 50 }),
          passed
        ])
      )
      assert.strictEqual((yield* yield* collect("t4")).verdict._tag, "Passed")
      assert.strictEqual((yield* codes("t4")).filter((code) => code === "Success").length, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("ends with what the service refuses, and keeps that, too", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(yield* collect("unknown"))
      assert.deepInclude(error, { _tag: "NotCollected", error: "TransactionIdInvalid", code: "TransactionIdInvalid" })
      assert.strictEqual((yield* (yield* ResultStore).counts).Failed, 1)
      assert.strictEqual((yield* codes("unknown")).length, 1)
      // Another round asks again.
      const emulator = yield* Emulator
      yield* emulator.register("unknown", passed)
      const again = CollectResult.payload({ transactionId: "unknown", merchantBizId: "order1" }, 0, 1)
      const later = { ...again, deadline: (yield* Clock.currentTimeMillis) + 1000 }
      yield* (yield* ResultStore).retryFailed
      assert.strictEqual((yield* CollectResult.CollectResult.execute(later)).verdict._tag, "Passed")
      assert.strictEqual((yield* (yield* ResultStore).counts).Stored, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("gives up after 30 days on a user who never finished", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("t5", Scenario.notCompleted)
      const store = yield* ResultStore
      yield* Submitter.submit([{ transactionId: "t5" }])
      // One that waits for the result would look for it every half minute of those thirty days.
      yield* Feeder.once()
      const wanted = Patience.attempts(daily, "30 days")
      for (let attempt = 1; attempt <= wanted; attempt++) {
        while ((yield* codes("t5")).length < attempt) {
          yield* breathe
          yield* TestClock.adjust("1 second")
        }
        yield* TestClock.adjust(Patience.after(daily, attempt))
      }
      while ((yield* store.counts).Failed === 0) {
        yield* breathe
        yield* TestClock.adjust("1 second")
      }
      const failures = yield* Stream.runCollect(store.failures)
      assert.deepStrictEqual(
        failures.map(({ error }) => error),
        ["DeadlinePassed"]
      )
      assert.strictEqual((yield* codes("t5")).length, wanted)
    }).pipe(Effect.provide(layer.pipe(Layer.provide(Layer.succeed(Patience.Polling, daily)))))
  )

  it.effect("a user who never comes costs 137 calls by default", () =>
    Effect.gen(function* () {
      const polling = yield* Patience.Polling
      assert.strictEqual(Patience.attempts(polling, "30 days"), 137)
      assert.strictEqual(Patience.attempts(polling, "5 minutes"), 7)
    })
  )

  it.effect("an answer that is in the inbox or stored already is not asked for", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const { broken } = yield* World
      yield* emulator.register("t6", passed)
      broken.results = 1_000_000
      const stuck = yield* start("t6")
      yield* pass(stuck, "1 minute", 5)
      assert.isDefined(yield* (yield* Inbox).find("t6"))
      broken.results = 0
      // As on another machine, whose engine knows nothing.
      const payload = CollectResult.payload({ transactionId: "t6", merchantBizId: "order1" }, 0, 2)
      assert.strictEqual((yield* CollectResult.CollectResult.execute(payload)).verdict._tag, "Passed")
      const third = CollectResult.payload({ transactionId: "t6", merchantBizId: "order1" }, 0, 3)
      assert.strictEqual((yield* CollectResult.CollectResult.execute(third)).verdict._tag, "Passed")
      assert.deepStrictEqual(yield* codes("t6"), ["Success"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("the feeder submits what is pending, and nothing twice", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const ids = Array.from({ length: 40 }, (_, index) => `f${index}`)
      for (const id of ids) yield* emulator.register(id, passed)
      yield* Submitter.submit(ids.map((transactionId) => ({ transactionId })))
      const settled = yield* Effect.forkChild(Submitter.settled(() => Effect.void))
      yield* Feeder.once()
      yield* Feeder.once()
      yield* pass(settled, "1 second", 100)
      assert.strictEqual((yield* Fiber.join(settled)).Stored, 40)
      assert.strictEqual((yield* emulator.calls).length, 40)
    }).pipe(Effect.provide(layer))
  )

  it.effect("an id that failed and is submitted again is asked for again", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const store = yield* ResultStore
      const submitted = Effect.fnUntraced(function* () {
        const registered = yield* Submitter.submit([{ transactionId: "late" }])
        yield* Feeder.once()
        yield* Feeder.once()
        const settled = yield* Effect.forkChild(Submitter.settled(() => Effect.void))
        yield* pass(settled, "1 second", 100)
        // An id that failed is asked for again at another time.
        yield* TestClock.adjust("1 second")
        return [registered, yield* store.counts] as const
      })
      const failed = { Stored: 0, Failed: 1, Pending: 0, Purged: 0 }
      assert.deepStrictEqual(yield* submitted(), [{ added: 1, again: 0, done: 0 }, failed])
      assert.deepStrictEqual(yield* submitted(), [{ added: 0, again: 1, done: 0 }, failed])
      yield* emulator.register("late", passed)
      assert.deepStrictEqual(yield* submitted(), [
        { added: 0, again: 1, done: 0 },
        { ...failed, Stored: 1, Failed: 0 }
      ])
      assert.deepStrictEqual(yield* codes("late"), ["TransactionIdInvalid", "TransactionIdInvalid", "Success"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("the feeder comes back to an id that is pending once more, however many others are registered", () =>
    Effect.gen(function* () {
      yield* Submitter.submit([{ transactionId: "again" }])
      yield* Effect.forkScoped(feed(Effect.succeed(0), { every: "1 second", ahead: 10, concurrency: 4 }))
      for (let second = 0; second < 330; second += 1) {
        const transactionId = second % 50 === 0 ? "again" : `other${second}`
        yield* Submitter.submit([{ transactionId }])
        yield* breathe
        yield* TestClock.adjust("1 second")
      }
      assert.lengthOf(yield* codes("again"), 2)
      assert.lengthOf(yield* codes("other1"), 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("the feeder gives the engine no more than it has room for", () =>
    Effect.gen(function* () {
      const ids = Array.from({ length: 30 }, (_, index) => `r${index}`)
      yield* Submitter.submit(ids.map((transactionId) => ({ transactionId })))
      let active = 25
      const asked = Effect.map(
        Effect.flatMap(Emulator, (emulator) => emulator.calls),
        (calls) => calls.length
      )
      yield* Effect.forkScoped(
        feed(
          Effect.sync(() => active),
          { every: "1 second", ahead: 25, concurrency: 4 }
        )
      )
      for (const [left, expected] of [
        [25, 0],
        [18, 7],
        [30, 7],
        [0, 30]
      ] as const) {
        active = left
        yield* TestClock.adjust("1 second")
        active = 25
        yield* until(Effect.map(asked, (count) => count === expected))
      }
    }).pipe(Effect.provide(layer))
  )
})
