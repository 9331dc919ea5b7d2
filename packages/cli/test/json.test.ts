import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as ExitCode from "../src/ExitCode.ts"
import * as Failure from "../src/Failure.ts"
import { directory, environment, run, runOn, start } from "./support.ts"

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Failure.Json), { onExcessProperty: "error" })

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe("--json", () => {
  it.live("prints every failure in one shape on standard output, and nothing else", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const list = join(path, "empty.csv")
      writeFileSync(list, "transaction_id\n")
      const wrongSettings = join(path, "settings.json")
      writeFileSync(wrongSettings, "{")
      for (const [args, outcome, words] of [
        [["check", "nobody", "--json"], "UnknownTransaction", /TransactionIdInvalid/],
        [["collect", list, "--json", "--store", join(path, "a.db")], "Usage", /no transaction id/],
        [["collect", join(path, "none"), "--json", "--store", join(path, "a.db")], "Storage", /cannot be read/],
        [["report", "--json", "--store", join(path, "none.db")], "Usage", /no collection/],
        [["retention", "--json", "--store", join(path, "none.db")], "Usage", /no collection/],
        [["retention", "purge", "--json", "--older-than", "soon"], "Usage", /older-than/],
        [["check", "--json"], "Usage", /transaction-id/],
        [["check", "x", "--json", "--region", "cn-hongkong"], "Usage", /no effect/],
        [["doctor", "--json", "--config", wrongSettings], "Usage", /settings\.json/]
      ] as const) {
        const ran = yield* runOn(args)
        assert.strictEqual(ran.code, ExitCode.table[outcome].code, ran.stderr)
        const { error } = decode(ran.stdout)
        assert.deepInclude(error, { outcome, exitCode: ran.code })
        assert.match(error.message, words)
        assert.notMatch(ran.stderr, words)
      }
      const { error } = decode((yield* runOn(["check", "nobody", "--json"])).stdout)
      assert.deepInclude(error, { code: "TransactionIdInvalid" })
      assert.isString(error.requestId)
      assert.isString(error.advice)
    }).pipe(Effect.scoped, Effect.provide(Emulator.layer()))
  )

  it.live("prints one document if a collection stops, and the same from a process of its own", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const list = join(path, "ids.txt")
      writeFileSync(list, "hksb1\n")
      const env = {
        CLOUDAUTH_ENDPOINT: "http://127.0.0.1:1",
        ALIBABA_CLOUD_ACCESS_KEY_ID: "a",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "b"
      }
      const args = ["collect", list, "--json", "--images", "none", "--store"]
      const ran = yield* run([...args, join(path, "a.db")], env)
      const summary = Schema.decodeUnknownSync(
        Schema.fromJsonString(Schema.Struct({ ...Failure.Json.fields, stored: Schema.Int }))
      )(ran.stdout)
      assert.deepInclude(summary.error, { outcome: "Transport", exitCode: ran.code })
      const child = yield* Effect.promise(() => start(["report", "--json", "--store", "none.db"], env).ended)
      assert.strictEqual(decode(child.stdout).error.outcome, "Usage")
      assert.strictEqual(child.stderr, "")
    }).pipe(Effect.scoped)
  )

  it.live("leaves text as it is without --json, and an id of that name behind --", () =>
    Effect.gen(function* () {
      for (const args of [
        ["check", "nobody"],
        ["check", "--", "--json"]
      ]) {
        const ran = yield* runOn(args)
        assert.strictEqual(ran.code, ExitCode.table.UnknownTransaction.code)
        assert.strictEqual(ran.stdout, "")
        assert.include(ran.stderr, "TransactionIdInvalid")
      }
    }).pipe(Effect.provide(Emulator.layer()))
  )

  it.live("has times in ISO 8601, and durations whose names have their unit", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const emulator = yield* Emulator
      yield* emulator.register("one", Scenario.passed())
      const Result = Schema.fromJsonString(
        Schema.Struct({
          receivedAt: Schema.String.check(Schema.isPattern(iso)),
          collectedAt: Schema.String.check(Schema.isPattern(iso)),
          durationMillis: Schema.Int
        })
      )
      Schema.decodeUnknownSync(Result)((yield* runOn(["check", "one", "--json"])).stdout)
      const list = join(path, "ids.csv")
      const store = join(path, "a.db")
      writeFileSync(list, "transaction_id,created_at\none,2026-11-20T08:00:00+08:00\n")
      yield* runOn(["collect", list, "--store", store, "--images", "none"])
      const Report = Schema.fromJsonString(
        Schema.Struct({
          createdAt: Schema.String.check(Schema.isPattern(iso)),
          bucketMillis: Schema.Int,
          buckets: Schema.Array(Schema.Struct({ start: Schema.Literal("2026-11-20T00:00:00.000Z") })),
          latencyMillis: Schema.Struct({ p50: Schema.Finite }),
          latencies: Schema.Array(Schema.Struct({ upToMillis: Schema.Int, count: Schema.Int }))
        })
      )
      const { stdout } = yield* run(["report", "--json", "--store", store], environment(emulator))
      Schema.decodeUnknownSync(Report)(stdout)
    }).pipe(Effect.scoped, Effect.provide(Emulator.layer()))
  )
})
