import { existsSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ExitCode from "../src/ExitCode.ts"
import * as chart from "../src/internal/chart.ts"
import { collection } from "./collection.ts"
import { directory, runOn } from "./support.ts"

const emulated = Emulator.layer()

describe("columns", () => {
  it("stand above their labels, however few, and the axis counts whole results", () => {
    const { text } = chart.columns("t", ["12:10"], [{ name: "passed", tone: "pass", values: [1] }])
    const [, x, width] = /<rect[^>]* x="([\d.]+)"\s+width="([\d.]+)"/.exec(text) ?? []
    const label = /x="([\d.]+)"[^>]*>12:10</.exec(text)?.[1]
    assert.strictEqual(Number(x) + Number(width) / 2, Number(label))
    assert.notInclude(text, ">0.5<")
  })
})

describe("report", () => {
  it.live("counts what is there, and names no person", () =>
    Effect.gen(function* () {
      const { path, store } = yield* collection
      const out = join(path, "report.html")
      assert.strictEqual((yield* runOn(["report", "--store", store, "--out", out])).code, 0)
      assert.strictEqual(statSync(out).mode & 0o777, 0o600)
      const page = readFileSync(out, "utf8")
      assert.notMatch(page, /PERSONCANARY|data:image|transaction-\d/)
      const { stdout } = yield* runOn(["report", "--store", store, "--json"])
      assert.notMatch(stdout, /CANARY/)
      const figures = JSON.parse(stdout)
      assert.deepStrictEqual(figures.verdicts, { Passed: 27, Rejected: 30, Inconclusive: 3 })
      assert.deepStrictEqual(figures.billed, { yes: 60, no: 0, unknown: 0 })
      assert.deepStrictEqual(figures.failures, [["TransactionIdInvalid", 1]])
      assert.deepStrictEqual(Object.fromEntries(figures.bySubCode), { "200": 27, "211": 18, "212": 15 })
      assert.strictEqual(figures.isTimeOfCheck, true)
      assert.strictEqual(figures.buckets.length, 10)
      const spoofed = figures.buckets.reduce(
        (sum: number, bucket: { spoofTypes: Record<string, number> }) =>
          sum + Object.values(bucket.spoofTypes).reduce((sum, n) => sum + n, 0),
        0
      )
      assert.strictEqual(spoofed, 15)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("fails if there is no collection, and makes none", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const ran = yield* runOn(["report", "--store", join(path, "none.db")])
      assert.strictEqual(ran.code, ExitCode.table.Usage.code)
      assert.isFalse(existsSync(join(path, "none.db")))
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("prints the page, and nothing else, with --out -", () =>
    Effect.gen(function* () {
      const { path, store } = yield* collection
      const ran = yield* runOn(["report", "--store", store, "--out", "-"])
      assert.strictEqual(ran.code, 0)
      assert.match(ran.stdout, /^<!doctype html>[\s\S]*<\/html>\s*$/)
      assert.strictEqual(ran.stderr, "")
      assert.isFalse(existsSync("-"))
      assert.isFalse(existsSync(join(path, "-")))
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )
})
