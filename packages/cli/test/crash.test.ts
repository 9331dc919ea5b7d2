/**
 * kill -9 at random moments of a collection, again and again. However it falls: in the end every id is stored once, and
 * the emulator's own log shows no id that was asked after its result was durably stored.
 */
import { createHash } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { ResultStore } from "../src/ResultStore.ts"
import * as Stores from "../src/Stores.ts"
import { startServer } from "./postgres.ts"
import { directory, environment, start } from "./support.ts"

const emulated = Emulator.layer({ keepCalls: 200_000 })

const storedIds = (store: string) =>
  Effect.gen(function* () {
    const results = yield* ResultStore.use(({ results }) => Stream.runCollect(results))
    return results.map(({ facts }) => facts)
  }).pipe(Effect.provide(Layer.fresh(Stores.layer(Stores.parse(store)))), Effect.provide(NodeServices.layer))

/** Waits until what a dead process had sent has been carried out. */
const quiet = Effect.gen(function* () {
  const emulator = yield* Emulator
  while ((yield* emulator.connections) > 0) yield* Effect.sleep("10 millis")
})

interface Plan {
  readonly ids: number
  readonly kills: number
  readonly images: boolean
  readonly seed: number
}

const survives = (storeIn: (path: string) => string, plan: Plan) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    const path = yield* directory
    const store = storeIn(path)
    const list = join(path, "ids.txt")
    const ids = Array.from({ length: plan.ids }, (_, index) => `crash-${index}`)
    writeFileSync(list, ids.join("\n"))
    yield* emulator.setDefault(Scenario.passed({ delayMillis: 5, images: { bytes: 30_000 } }))

    // A run can be repeated by its seed, as far as the machine allows.
    let state = plan.seed
    const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648

    const env = { ...environment(emulator), CLOUDAUTH_STORE: store }
    const images = plan.images ? join(path, "images") : "none"
    const collect = (...more: ReadonlyArray<string>) =>
      start(["collect", ...more, "--images", images, "--concurrency", "8", "--json"], env)

    let durable = new Set<string>()
    let mark = 0
    let interrupted = 0
    const check = Effect.gen(function* () {
      yield* quiet
      const calls = yield* emulator.calls
      for (const { sequence, transactionId = "" } of calls) {
        if (sequence > mark)
          assert.isFalse(durable.has(transactionId), `${transactionId} was asked after it was stored`)
      }
      const now = (yield* storedIds(store)).map(({ transactionId }) => transactionId)
      assert.strictEqual(new Set(now).size, now.length, "each result is stored once")
      for (const id of durable) assert.include(new Set(now), id)
      durable = new Set(now)
      mark = calls.at(-1)?.sequence ?? 0
    })

    for (let kill = 0; kill < plan.kills; kill++) {
      const before = (yield* emulator.calls).length
      const child = collect(list)
      const run = { isOver: false }
      void child.ended.then(() => (run.isOver = true))
      // Some die while they start and register, most while they collect.
      const isEarly = random() < 0.25
      const after = isEarly ? 0 : Math.ceil(random() * (plan.ids / plan.kills) * 1.2)
      const started = Date.now()
      const limit = isEarly ? 200 + random() * 1500 : 30_000
      while (!run.isOver && Date.now() - started < limit) {
        if (!isEarly && (yield* emulator.calls).length - before >= after) break
        yield* Effect.sleep("2 millis")
      }
      child.process.kill("SIGKILL")
      if ((yield* Effect.promise(() => child.ended)).signal === "SIGKILL") interrupted += 1
      yield* check
    }
    assert.isAbove(interrupted, plan.kills / 2, "most runs were killed in the middle")

    const last = yield* Effect.promise(() => collect(list).ended)
    assert.strictEqual(last.code, 0, last.stderr)
    yield* check
    assert.deepStrictEqual(durable, new Set(ids))

    const calls = yield* emulator.calls
    // What was asked but not yet stored at a kill is asked again: for each kill at most what was under way and one batch.
    assert.isAtMost(calls.length, plan.ids + plan.kills * (8 + 256))
    for (const facts of yield* storedIds(store)) {
      assert.strictEqual(facts.images.length, plan.images ? 1 : 0)
      for (const image of facts.images) {
        const bytes = readFileSync(join(images, image.location))
        assert.strictEqual(createHash("sha256").update(bytes).digest("hex"), image.sha256)
      }
    }
    // And a run more asks for nothing.
    yield* Effect.promise(() => collect().ended)
    assert.strictEqual((yield* emulator.calls).length, calls.length)
  }).pipe(Effect.scoped, Effect.provide(Layer.fresh(emulated)))

const server = await startServer()

describe("kill -9 in the middle of collect", () => {
  afterAll(() => server?.stop())

  it.live(
    "SQLite, 2,000 ids",
    () => survives((path) => join(path, "results.db"), { ids: 2000, kills: 6, images: false, seed: 11 }),
    180_000
  )

  it.live(
    "SQLite and photographs, 400 ids",
    () => survives((path) => join(path, "results.db"), { ids: 400, kills: 5, images: true, seed: 23 }),
    180_000
  )

  it.live(
    "a directory and photographs, 400 ids",
    () => survives((path) => `${join(path, "results")}/`, { ids: 400, kills: 5, images: true, seed: 37 }),
    180_000
  )

  it.live.skipIf(server === undefined)(
    "PostgreSQL, 600 ids",
    () => survives(() => server?.url ?? "", { ids: 600, kills: 4, images: false, seed: 41 }),
    180_000
  )
})
