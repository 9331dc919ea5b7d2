import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ExitCode from "../src/ExitCode.ts"
import { directory, runOn } from "./support.ts"

const emulated = Emulator.layer()
const day = 86_400_000
const daysAgo = (days: number) => new Date(Date.now() - days * day).toISOString()

const filesIn = (path: string): number =>
  existsSync(path)
    ? readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length
    : 0

describe("retention", () => {
  it.live("knows what is lost soon, what is lost, and what has time; its list is one for collect", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      const list = join(path, "ids.csv")
      writeFileSync(
        list,
        [
          "transaction_id,created_at",
          `pending-soon-000001,${daysAgo(28)}`,
          `pending-sooner-0001,${daysAgo(29)}`,
          `pending-late-000001,${daysAgo(3)}`,
          `pending-gone-000001,${daysAgo(31)}`,
          "pending-unknown-001,",
          `collected-00000001,${daysAgo(29)}`
        ].join("\n")
      )
      yield* emulator.setDefault(Scenario.notCompleted)
      yield* emulator.register("collected-00000001", Scenario.passed())
      const store = join(path, "results.db")
      yield* runOn(["collect", list, "--store", store])
      const due = yield* runOn(["retention", "--within", "5d", "--store", store, "--json", "--reveal"])
      assert.strictEqual(due.code, ExitCode.table.Due.code)
      const outlook = JSON.parse(due.stdout)
      assert.deepStrictEqual(
        outlook.due.map((entry: { transactionId: string }) => entry.transactionId),
        ["pending-sooner-0001", "pending-soon-000001"]
      )
      assert.strictEqual(outlook.gone, 1)
      assert.strictEqual(outlook.later, 2)
      const masked = yield* runOn(["retention", "--within", "5d", "--store", store])
      assert.include(masked.stdout, "pend…0001")
      assert.notInclude(masked.stdout, "pending-soon")
      assert.strictEqual((yield* runOn(["retention", "--within", "12h", "--store", store])).code, 0)
      // Ids without a time are counted from when they came: 30 days from now.
      assert.strictEqual(
        JSON.parse((yield* runOn(["retention", "--within", "40d", "--store", store, "--json"])).stdout).due.length,
        4
      )

      const out = join(path, "due.csv")
      yield* runOn(["retention", "--within", "5d", "--store", store, "--out", out])
      yield* emulator.setDefault(Scenario.passed())
      const collected = yield* runOn(["collect", out, "--store", store, "--json"])
      assert.strictEqual(JSON.parse(collected.stdout).stored, 2)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("purges what is older than an age, images too", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const list = join(path, "ids.txt")
      writeFileSync(list, Array.from({ length: 12 }, (_, index) => `hksb-passed-global-passport-${index}`).join("\n"))
      const store = join(path, "results.db")
      const images = join(path, "results-images")
      yield* runOn(["collect", list, "--store", store])
      assert.strictEqual(filesIn(images), 24)
      const purge = (...args: ReadonlyArray<string>) => runOn(["retention", "purge", "--store", store, ...args])
      assert.include((yield* purge("--older-than", "90d")).stdout, "Deleted 0 results")
      yield* Effect.sleep("5 millis")
      assert.include((yield* purge("--older-than", "1ms", "--dry-run")).stdout, "Would delete 12 results")
      assert.strictEqual(filesIn(images), 24)
      assert.include((yield* purge("--older-than", "1ms")).stdout, "Deleted 12 results")
      assert.strictEqual(filesIn(images), 0)
      // The ids are known still, and not asked again.
      const again = yield* runOn(["collect", list, "--store", store, "--json"])
      assert.deepInclude(JSON.parse(again.stdout), { stored: 0 })
      assert.strictEqual((yield* purge("--older-than", "soon")).code, ExitCode.table.Usage.code)
      assert.strictEqual((yield* purge()).code, ExitCode.table.Usage.code)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("forgets the ids with --forget", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const list = join(path, "ids.txt")
      writeFileSync(list, "hksb-passed-global-passport-FORGETCANARY")
      const store = join(path, "results.db")
      yield* runOn(["collect", list, "--store", store])
      yield* Effect.sleep("5 millis")
      yield* runOn(["retention", "purge", "--older-than", "1ms", "--forget", "--store", store])
      for (const name of ["results.db", "results.db-wal"]) {
        const file = join(path, name)
        if (existsSync(file)) assert.notInclude(readFileSync(file, "latin1"), "FORGETCANARY")
      }
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )
})
