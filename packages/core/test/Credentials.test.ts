import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Scheduler from "effect/Scheduler"
import { TestClock } from "effect/testing"
import * as CloudauthError from "../src/CloudauthError.ts"
import { Credentials, make } from "../src/Credentials.ts"
import type { Input, RefreshOptions } from "../src/Credentials.ts"

const get = Effect.flatMap(Credentials, (credentials) => credentials.get)
const idOf = Effect.map(get, ({ accessKeyId }) => Redacted.value(accessKeyId))
const invalidateCurrent = Effect.flatMap(Credentials, (credentials) =>
  Effect.flatMap(credentials.get, credentials.invalidate)
)

const minutes = (n: number): number => n * 60_000

describe("Credentials.make", () => {
  it("redacts text, and keeps redacted values", () => {
    const secret = Redacted.make("secret")
    const credential = make({ accessKeyId: "id", accessKeySecret: secret, securityToken: "token", expiresAt: 5 })
    assert.strictEqual(Redacted.value(credential.accessKeyId), "id")
    assert.strictEqual(credential.accessKeySecret, secret)
    assert.strictEqual(credential.securityToken && Redacted.value(credential.securityToken), "token")
    assert.notMatch(JSON.stringify(credential), /"id"|secret"|token"/)
  })
})

describe("Credentials.layerStatic", () => {
  it.effect("gives the key", () =>
    Effect.gen(function* () {
      const credential = yield* get
      assert.strictEqual(Redacted.value(credential.accessKeyId), "id")
      assert.strictEqual(Redacted.value(credential.accessKeySecret), "secret")
      assert.isUndefined(credential.securityToken)
      yield* invalidateCurrent
      assert.strictEqual(yield* idOf, "id")
    }).pipe(Effect.provide(Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" })))
  )

  const wrong: ReadonlyArray<[part: string, input: Partial<Input>]> = [
    ["accessKeyId", { accessKeyId: "" }],
    ["accessKeyId", { accessKeyId: " canary" }],
    ["accessKeyId", { accessKeyId: "canary\n" }],
    ["accessKeyId", { accessKeyId: "canary\r\nx-evil: 1" }],
    ["accessKeyId", { accessKeyId: "canáry" }],
    ["accessKeySecret", { accessKeySecret: "" }],
    ["accessKeySecret", { accessKeySecret: "canary\u0000" }],
    ["accessKeySecret", { accessKeySecret: Redacted.make("canary canary") }],
    ["securityToken", { securityToken: "" }],
    ["securityToken", { securityToken: "canary\ncanary" }]
  ]

  it.effect.each(["accessKeyId", "accessKeySecret", "securityToken"] as const)("points out quotes around %s", (part) =>
    Effect.gen(function* () {
      for (const quoted of ['"canary"', "'canary'", "`canary`", '"canary', "canary'"]) {
        const layer = Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret", [part]: quoted })
        const error = yield* Effect.flip(get).pipe(Effect.provide(layer))
        assert.strictEqual(error.reason, `${part} is in quotes, which an env file keeps: remove the quotes`)
        assert.notInclude(`${error.message}${JSON.stringify(error)}${String(error)}`, "canary")
      }
    })
  )

  it.effect.each(wrong)("refuses %j without quoting it", ([part, input]) =>
    Effect.gen(function* () {
      const layer = Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret", ...input })
      const error = yield* Effect.flip(get).pipe(Effect.provide(layer))
      assert.deepInclude(error, { _tag: "CredentialsError", attempts: 0 })
      assert.include(error.reason, part)
      assert.notInclude(`${error.message}${JSON.stringify(error)}${String(error)}`, "canary")
    })
  )
})

describe("Credentials.layerConfig", () => {
  const withEnv = (env: Record<string, string>) =>
    get.pipe(
      Effect.provide(Credentials.layerConfig()),
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
    )

  it.effect("reads the vendor's environment names", () =>
    Effect.gen(function* () {
      const credential = yield* withEnv({
        ALIBABA_CLOUD_ACCESS_KEY_ID: "id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret",
        ALIBABA_CLOUD_SECURITY_TOKEN: "token"
      })
      assert.strictEqual(Redacted.value(credential.accessKeyId), "id")
      assert.strictEqual(Redacted.value(credential.accessKeySecret), "secret")
      assert.strictEqual(credential.securityToken && Redacted.value(credential.securityToken), "token")
    })
  )

  it.effect("needs no token", () =>
    Effect.gen(function* () {
      const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: "id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret" }
      assert.isUndefined((yield* withEnv(env)).securityToken)
    })
  )

  it.effect("names the variable that is missing, and no value", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(withEnv({ ALIBABA_CLOUD_ACCESS_KEY_ID: "canary" }))
      assert.include(String(error), "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
      assert.notInclude(String(error), "canary")
    })
  )

  it.effect("refuses an empty key", () =>
    Effect.gen(function* () {
      const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret" }
      const exit = yield* Effect.exit(withEnv(env))
      assert.isTrue(Exit.isFailure(exit))
    })
  )
})

/** A source that counts, and gives `key1`, `key2`, … each for an hour. */
const source = (load?: (count: number) => Effect.Effect<Partial<Input>, unknown>) => {
  let count = 0
  const options: RefreshOptions<unknown, never> = {
    load: Effect.gen(function* () {
      count++
      const number = count
      const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
      const input = load === undefined ? {} : yield* load(number)
      return { accessKeyId: `key${number}`, accessKeySecret: "s", expiresAt: now + minutes(60), ...input }
    })
  }
  return { options, loads: () => count }
}

describe("Credentials.layerRefreshing", () => {
  it.effect("fetches once, then again ahead of the expiry", () =>
    Effect.gen(function* () {
      const { loads, options } = source()
      const program = Effect.gen(function* () {
        assert.strictEqual(yield* idOf, "key1")
        yield* TestClock.adjust(minutes(54))
        assert.strictEqual(yield* idOf, "key1")
        yield* TestClock.adjust(minutes(1))
        assert.strictEqual(yield* idOf, "key2")
        assert.strictEqual(yield* idOf, "key2")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
      assert.strictEqual(loads(), 2)
    })
  )

  it.effect("fails with its reason if a fetch takes too long", () =>
    Effect.gen(function* () {
      const { loads, options } = source(() => Effect.never)
      const program = Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(Effect.flip(get))
        yield* TestClock.adjust("4999 millis")
        assert.isUndefined(waiting.pollUnsafe())
        yield* TestClock.adjust("1 millis")
        const error = yield* Fiber.join(waiting)
        assert.strictEqual(error._tag, "CredentialsError")
        assert.include(error.message, "fetching the credential took too long")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing({ ...options, loadTimeout: "5 seconds" })))
      assert.strictEqual(loads(), 1)
    })
  )

  it.effect("fetches nothing before the first use", () =>
    Effect.gen(function* () {
      const { loads, options } = source()
      yield* Effect.provide(Credentials, Credentials.layerRefreshing(options))
      assert.strictEqual(loads(), 0)
    })
  )

  it.effect("keeps a key that does not expire", () =>
    Effect.gen(function* () {
      const { loads, options } = source(() => Effect.succeed({ expiresAt: undefined }))
      const program = Effect.gen(function* () {
        yield* get
        yield* TestClock.adjust("1000 days")
        assert.strictEqual(yield* idOf, "key1")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
      assert.strictEqual(loads(), 1)
    })
  )

  it.effect("fetches once for all waiting calls", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { loads, options } = source(() => Effect.as(Deferred.await(gate), {}))
      const program = Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(
          Effect.all(
            Array.from({ length: 50 }, () => idOf),
            { concurrency: 50 }
          )
        )
        yield* Effect.yieldNow
        yield* Deferred.succeed(gate, undefined)
        assert.deepStrictEqual(new Set(yield* Fiber.join(waiting)), new Set(["key1"]))
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
      assert.strictEqual(loads(), 1)
    })
  )

  it.effect("fetches once for all waiting calls, also if it fails", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { loads, options } = source(() => Effect.andThen(Deferred.await(gate), Effect.fail("down")))
      const program = Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(
          Effect.all(
            Array.from({ length: 50 }, () => Effect.exit(idOf)),
            { concurrency: 50 }
          )
        )
        yield* Effect.yieldNow
        yield* Deferred.succeed(gate, undefined)
        assert.isTrue((yield* Fiber.join(waiting)).every(Exit.isFailure))
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
      assert.strictEqual(loads(), 1)
    })
  )

  // A flight must not be noted after it has landed: a finished fiber would be joined for ever after.
  it.effect("fetches again after the first fetch, whenever the runtime yields", () =>
    Effect.gen(function* () {
      const stuck: Array<number> = []
      for (let operations = 0; operations <= 300; operations++) {
        const { options } = source()
        const program = Effect.gen(function* () {
          for (let i = 0; i < operations; i++) yield* Effect.void
          yield* idOf
          yield* TestClock.adjust(minutes(61))
          if ((yield* idOf) === "key1") stuck.push(operations)
        })
        yield* program.pipe(
          Effect.provide(Credentials.layerRefreshing(options)),
          Effect.provideService(Scheduler.MaxOpsBeforeYield, 300)
        )
      }
      assert.deepStrictEqual(stuck, [])
    })
  )

  it.effect("turns a defect of the source into a CredentialsError that does not quote it", () =>
    Effect.gen(function* () {
      const { options } = source(() => Effect.die(new Error("canary")))
      const error = yield* Effect.flip(get).pipe(Effect.provide(Credentials.layerRefreshing(options)))
      assert.strictEqual(error._tag, "CredentialsError")
      assert.notInclude(String(error), "canary")
    })
  )

  it.effect("continues for the other calls if the call that began it is interrupted", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { loads, options } = source(() => Effect.as(Deferred.await(gate), {}))
      const program = Effect.gen(function* () {
        const first = yield* Effect.forkChild(idOf)
        yield* Effect.yieldNow
        const second = yield* Effect.forkChild(idOf)
        yield* Effect.yieldNow
        yield* Fiber.interrupt(first)
        yield* Deferred.succeed(gate, undefined)
        assert.strictEqual(yield* Fiber.join(second), "key1")
        assert.strictEqual(loads(), 1)
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  // Was a bug: calls waited for ever for a fetch that could no longer begin.
  it.effect.each([
    ["before the fetch has begun", 0],
    ["while it is under way", 1]
  ] as const)("fails waiting and later calls when its layer closes: %s", ([, begun]) =>
    Effect.gen(function* () {
      const { loads, options } = source(() => Effect.never)
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Credentials.layerRefreshing(options), scope)
      const asked = Effect.forkChild(Effect.flip(Effect.provideContext(get, context)), { startImmediately: true })
      const waiting = yield* asked
      if (begun === 1) yield* Effect.yieldNow
      yield* Scope.close(scope, Exit.void)
      for (const fiber of [waiting, yield* asked]) {
        const error = yield* Fiber.join(fiber)
        assert.strictEqual(error._tag, "CredentialsError")
        assert.include(error.message, "the layer of the credentials has closed")
      }
      assert.strictEqual(loads(), begun)
    })
  )

  it.effect("keeps the old key in service if a refresh fails, and tries again after a pause", () =>
    Effect.gen(function* () {
      const { loads, options } = source((count) => (count === 2 ? Effect.fail("down") : Effect.succeed({})))
      const program = Effect.gen(function* () {
        yield* get
        yield* TestClock.adjust(minutes(56))
        assert.strictEqual(yield* idOf, "key1")
        assert.strictEqual(loads(), 2)
        yield* TestClock.adjust("9 seconds")
        assert.strictEqual(yield* idOf, "key1")
        assert.strictEqual(loads(), 2)
        yield* TestClock.adjust("1 second")
        assert.strictEqual(yield* idOf, "key3")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  it.effect("fails if the refresh fails and the old key has expired", () =>
    Effect.gen(function* () {
      const { options } = source((count) => (count > 1 ? Effect.fail(new Error("canary")) : Effect.succeed({})))
      const program = Effect.gen(function* () {
        yield* get
        yield* TestClock.adjust(minutes(60))
        const error = yield* Effect.flip(get)
        assert.strictEqual(error._tag, "CredentialsError")
        assert.notInclude(String(error), "canary")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  it.effect("passes a CredentialsError of the source on unchanged", () =>
    Effect.gen(function* () {
      const reason = CloudauthError.credentialsError("the vault is closed")
      const { options } = source(() => Effect.fail(reason))
      assert.strictEqual(yield* Effect.flip(get).pipe(Effect.provide(Credentials.layerRefreshing(options))), reason)
    })
  )

  it.effect("fetches a new key after an invalidation", () =>
    Effect.gen(function* () {
      const { options } = source()
      const program = Effect.gen(function* () {
        const credentials = yield* Credentials
        const first = yield* credentials.get
        yield* credentials.invalidate(first)
        assert.strictEqual(yield* idOf, "key2")
        // Those who come late with the first key do not throw the second away.
        yield* credentials.invalidate(first)
        assert.strictEqual(yield* idOf, "key2")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  it.effect("does not serve an invalidated key again, even if there is no other", () =>
    Effect.gen(function* () {
      const { options } = source((count) => (count > 1 ? Effect.fail("down") : Effect.succeed({})))
      const program = Effect.gen(function* () {
        yield* invalidateCurrent
        assert.strictEqual((yield* Effect.flip(get))._tag, "CredentialsError")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  it.effect("refuses a key that would break a header", () =>
    Effect.gen(function* () {
      const { options } = source(() => Effect.succeed({ accessKeyId: "canary\n" }))
      const error = yield* Effect.flip(get).pipe(Effect.provide(Credentials.layerRefreshing(options)))
      assert.strictEqual(error._tag, "CredentialsError")
      assert.notInclude(error.message, "canary")
    })
  )

  it.effect("does not give a key that had expired before it arrived", () =>
    Effect.gen(function* () {
      const { options } = source(() => Effect.succeed({ expiresAt: -1 }))
      const exit = yield* Effect.exit(get).pipe(Effect.provide(Credentials.layerRefreshing(options)))
      assert.isTrue(Exit.isFailure(exit))
    })
  )
})
