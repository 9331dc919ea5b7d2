/** `collect` as a process of its own. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ExitCode from "../src/ExitCode.ts"
import { callsPerId, emulated, ids, summary } from "./collection.ts"
import { keys, startS3 } from "./s3.ts"
import { directory, environment, runOn, start } from "./support.ts"

describe("collect", () => {
  it.live("images into object storage; from a pipe", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      const server = yield* Effect.acquireRelease(
        Effect.promise(() => startS3("us-east-1")),
        (server) => Effect.promise(server.close)
      )
      const child = start(
        ["collect", "-", "--store", join(path, "a.db"), "--images", "s3://evidence/kyc"],
        {
          ...environment(emulator),
          CLOUDAUTH_S3_ENDPOINT: server.url,
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.accessKeySecret,
          AWS_SESSION_TOKEN: keys.sessionToken
        },
        `${ids(20).join("\n")}\n`
      )
      const ran = yield* Effect.promise(() => child.ended)
      assert.strictEqual(ran.code, 0, ran.stderr)
      assert.strictEqual(server.objects.size, 40)
      assert.match(
        [...server.objects.keys()][0] ?? "",
        /^\/evidence\/kyc\/[0-9a-f]{2}\/[0-9a-f]{40}-(front|back)\.jpg$/
      )
      assert.notMatch(ran.stdout + ran.stderr, /CANARY/)
      assert.include(ran.stderr, "20/20 100%")
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("goes on if standard error is closed", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      const store = join(path, "a.db")
      const input = ids(50).join("\n")
      const child = start(["collect", "-", "--store", store, "--images", "none"], environment(emulator), input)
      child.process.stderr?.destroy()
      const ran = yield* Effect.promise(() => child.ended)
      assert.strictEqual(ran.code, 0)
      assert.include(ran.stdout, "Stored 50")
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("shares a store with another process: each id is asked once, and both end when all is collected", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      const list = join(path, "ids.txt")
      yield* emulator.setDefault(Scenario.passed({ delayMillis: 50 }))
      writeFileSync(list, ids(120).join("\n"))
      const args = ["collect", list, "--store", join(path, "a.db"), "--images", "none", "--concurrency", "4", "--json"]
      const both = [start(args, environment(emulator)), start(args, environment(emulator))]
      const ran = yield* Effect.promise(() => Promise.all(both.map(({ ended }) => ended)))
      for (const { code, stderr, stdout } of ran) {
        assert.strictEqual(code, 0, stderr)
        assert.strictEqual(summary(stdout).inStore.Stored, 120)
      }
      assert.deepStrictEqual(new Set((yield* callsPerId).values()), new Set([1]))
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live(
    "ends in order when it is asked to stop: what is under way is stored, and a later run asks for the rest alone",
    () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        const path = yield* directory
        const list = join(path, "ids.txt")
        yield* emulator.setDefault(Scenario.passed({ delayMillis: 200 }))
        writeFileSync(list, ids(60).join("\n"))
        const args = [
          "collect",
          list,
          "--store",
          join(path, "a.db"),
          "--images",
          "none",
          "--concurrency",
          "5",
          "--json"
        ]
        const child = start(args, environment(emulator))
        while ((yield* emulator.calls).length < 10) yield* Effect.sleep("5 millis")
        child.process.kill("SIGTERM")
        const ended = yield* Effect.promise(() => child.ended)
        assert.strictEqual(ended.code, ExitCode.table.Interrupted.code, ended.stderr)
        assert.include(ended.stderr, "run it again to go on")
        const asked = (yield* emulator.calls).length
        assert.isBelow(asked, 60)
        yield* emulator.setDefault(Scenario.passed())
        const rest = yield* runOn(args)
        assert.strictEqual(rest.code, 0, rest.stderr)
        assert.strictEqual(summary(rest.stdout).stored, 60 - asked)
        assert.deepStrictEqual(new Set((yield* callsPerId).values()), new Set([1]))
      }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("says before the first call how long it takes, and what will be late", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const list = join(path, "ids.csv")
      const tomorrow = new Date(Date.now() - 29 * 86_400_000).toISOString()
      const soon = new Date(Date.now() - 30 * 86_400_000 + 80_000).toISOString()
      writeFileSync(list, `transaction_id,authenticated_at\n${ids(3).join(`,${tomorrow}\n`)},${tomorrow}\n`)
      const args = ["collect", list, "--store", join(path, "a.db"), "--images", "none", "--qps", "100"]
      const fits = yield* runOn(args)
      assert.include(fits.stderr, "3 ids at 90.9/s need 0 s; the first expire in 24 h.")
      const many = Array.from({ length: 400 }, (_, index) => `late-${index},${soon}`)
      writeFileSync(list, `transaction_id,authenticated_at\n${many.join("\n")}\n`)
      const child = start([...args.slice(0, -1), "1"], environment(yield* Emulator))
      let said = ""
      child.process.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()))
      while (!said.includes("ask the vendor for a higher quota")) yield* Effect.sleep("20 millis")
      assert.match(said, /3\d\d ids will expire before their turn/)
      child.process.kill("SIGKILL")
      yield* Effect.promise(() => child.ended)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )
})
