/** What is not the fault of an id leaves it pending: an outage, a missing permission, a proxy, a clock that is set back. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Throttled } from "@effect-cloudauth/core/CloudauthError"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Collector from "../src/Collector.ts"
import * as ExitCode from "../src/ExitCode.ts"
import { ImageStore } from "../src/ImageStore.ts"
import { ResultStore } from "../src/ResultStore.ts"
import * as SqliteResultStore from "../src/SqliteResultStore.ts"
import { directory, runOn } from "./support.ts"

const emulated = Emulator.layer({ keepCalls: 100_000 })

const page = (status: number) =>
  Scenario.raw({ status, headers: { "content-type": "text/html" }, body: "<html>Sign in to the network</html>" })

/** What would fail for all ids. */
const failures: ReadonlyArray<readonly [name: string, step: Scenario.Step, exit: ExitCode.Name]> = [
  ["403 NoPermission", Scenario.errorCode("NoPermission", { status: 403 }), "Denied"],
  ["403 Forbidden.RAM", Scenario.errorCode("Forbidden.RAM", { status: 403 }), "Denied"],
  ["403 Forbidden.AccountAccessDenied", Scenario.errorCode("Forbidden.AccountAccessDenied"), "Denied"],
  [
    "400 InvalidSecurityToken.MismatchWithAccessKey",
    Scenario.errorCode("InvalidSecurityToken.MismatchWithAccessKey", { status: 400 }),
    "Credentials"
  ],
  ["400 SignatureDoesNotMatch", Scenario.errorCode("SignatureDoesNotMatch"), "Credentials"],
  ["404 InvalidAction.NotFound", Scenario.errorCode("InvalidAction.NotFound"), "InvalidRequest"],
  ["a code that this version does not know", Scenario.errorCode("Newer.Code", { status: 400 }), "Unreadable"],
  ["a proxy's page with 200", page(200), "Unreadable"],
  ["a proxy's page with 403", page(403), "Unreadable"],
  ["a proxy's page with 407", page(407), "Unreadable"],
  ["JSON of another service", Scenario.raw({ status: 200, body: '{"status":"ok"}' }), "Unreadable"]
]

const summary = (stdout: string) =>
  JSON.parse(stdout) as {
    readonly left: Readonly<Record<string, number>>
    readonly inStore: { readonly Stored: number; readonly Failed: number; readonly Pending: number }
  } // what `collect --json` prints

const collect = (path: string, count?: number, env?: Record<string, string>) => {
  const list = join(path, "ids.txt")
  if (count !== undefined) writeFileSync(list, Array.from({ length: count }, (_, index) => `id-${index}`).join("\n"))
  const source = count === undefined ? [] : [list]
  return runOn(["collect", ...source, "--store", join(path, "a.db"), "--json", "--images", "none"], env)
}

describe("collect", () => {
  for (const [name, step, exit] of failures) {
    it.live(`stops early at ${name}, and leaves all ids for the next run`, () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        const path = yield* directory
        yield* emulator.setDefault(step)
        const stopped = yield* collect(path, 60)
        assert.strictEqual(stopped.code, ExitCode.table[exit].code, stopped.stderr)
        assert.deepInclude(summary(stopped.stdout).inStore, { Stored: 0, Failed: 0, Pending: 60 })
        assert.isBelow((yield* emulator.calls).length, 40)
        yield* emulator.setDefault(Scenario.passed())
        const next = yield* collect(path)
        assert.strictEqual(next.code, 0, next.stderr)
        assert.deepInclude(summary(next.stdout).inStore, { Stored: 60, Failed: 0, Pending: 0 })
      }).pipe(Effect.scoped, Effect.provide(emulated))
    )
  }

  it.live("fails no id if the service can't be reached, however many there are", () =>
    Effect.forEach(
      [1, 19, 60],
      (count) =>
        Effect.gen(function* () {
          const away = yield* collect(yield* directory, count, { CLOUDAUTH_ENDPOINT: "http://127.0.0.1:1" })
          assert.strictEqual(away.code, ExitCode.table.Transport.code)
          assert.deepInclude(summary(away.stdout).inStore, { Failed: 0, Pending: count })
        }).pipe(Effect.scoped),
      { concurrency: "unbounded" }
    ).pipe(Effect.provide(emulated))
  )

  it.live("goes on if single calls fail, and fails only ids of which the service said something", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      yield* emulator.setDefault(Scenario.passed())
      for (let index = 0; index < 120; index += 3) {
        yield* emulator.register(`id-${index}`, Scenario.errorCode("NoPermission", { status: 403 }))
      }
      yield* emulator.register("id-1", Scenario.errorCode("TransactionIdInvalid"))
      yield* emulator.register("id-2", Scenario.errorCode("SystemError", { status: 500 }))
      const ran = yield* collect(path, 120)
      assert.strictEqual(ran.code, ExitCode.table.Incomplete.code)
      assert.deepInclude(summary(ran.stdout).inStore, { Stored: 78, Failed: 1, Pending: 41 })
      assert.deepStrictEqual(summary(ran.stdout).left, { RamUserAccessDenied: 40, ServiceFailed: 1 })
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.effect("waits no longer than the server says if the machine's clock is set back", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(36_000_000)
      const asked: Array<string> = []
      const clockIsBack = yield* Deferred.make<void>()
      const client = Cloudauth.layerTest(({ transactionId }) =>
        Effect.gen(function* () {
          asked.push(transactionId)
          if (transactionId === "throttled") {
            const observer = yield* Telemetry.Observer
            const error = new Throttled({
              code: "Throttling.Api",
              httpStatus: 400,
              requestId: undefined,
              serverMessage: undefined,
              attempts: 1,
              advice: "",
              retryAfter: undefined
            })
            yield* Effect.sleep("1 second")
            observer?.retryScheduled({ class: "throttle", delay: 60_000, attempt: 1, error }, Context.empty())
            return yield* Effect.never
          }
          if (transactionId === "slow") yield* Deferred.await(clockIsBack)
          return yield* Canned.passed()
        })
      )
      const ids = ["throttled", "slow", "after"]
      const collection = Layer.provide(SqliteResultStore.layer(":memory:"), NodeServices.layer)
      const bothAsked = Effect.suspend(() => (asked.length === 2 ? Effect.void : Effect.fail("not yet")))
      const running = yield* Effect.gen(function* () {
        const store = yield* ResultStore
        yield* store.register(
          ids.map((transactionId) => ({
            transactionId,
            merchantBizId: "order1",
            document: undefined,
            authenticatedAt: undefined
          }))
        )
        return yield* Collector.run({ concurrency: 2, verdictsOnly: true })
      }).pipe(Effect.provide(Layer.mergeAll(client, collection, ImageStore.layerNone)), Effect.forkChild)
      // The database is opened in real time.
      yield* Effect.eventually(Effect.andThen(TestClock.withLive(Effect.sleep("1 millis")), bothAsked))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(asked, ["throttled", "slow"])
      yield* TestClock.setTime(32_400_000)
      yield* Deferred.succeed(clockIsBack, undefined)
      yield* TestClock.adjust("59 seconds")
      assert.notInclude(asked, "after")
      yield* TestClock.adjust("1 second")
      assert.include(asked, "after")
      const ended = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(ended)
    })
  )
})
