import { describe, expect, it } from "@effect/vitest"
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
  it("redacts text, and keeps what is redacted", () => {
    const secret = Redacted.make("secret")
    const credential = make({ accessKeyId: "id", accessKeySecret: secret, securityToken: "token", expiresAt: 5 })
    expect(Redacted.value(credential.accessKeyId)).toBe("id")
    expect(credential.accessKeySecret).toBe(secret)
    expect(credential.securityToken && Redacted.value(credential.securityToken)).toBe("token")
    expect(JSON.stringify(credential)).not.toMatch(/"id"|secret"|token"/)
  })
})

describe("Credentials.layerStatic", () => {
  it.effect("gives the key", () =>
    Effect.gen(function* () {
      const credential = yield* get
      expect(Redacted.value(credential.accessKeyId)).toBe("id")
      expect(Redacted.value(credential.accessKeySecret)).toBe("secret")
      expect(credential.securityToken).toBeUndefined()
      yield* invalidateCurrent
      expect(yield* idOf).toBe("id")
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

  it.effect.each(wrong)("refuses %j without quoting it", ([part, input]) =>
    Effect.gen(function* () {
      const layer = Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret", ...input })
      const error = yield* Effect.flip(get).pipe(Effect.provide(layer))
      expect(error).toMatchObject({ _tag: "CredentialsError", attempts: 0 })
      expect(error.reason).toContain(part)
      expect(`${error.message}${JSON.stringify(error)}${String(error)}`).not.toContain("canary")
    })
  )
})

describe("Credentials.layerConfig", () => {
  const withEnv = (env: Record<string, string>) =>
    get.pipe(
      Effect.provide(Credentials.layerConfig),
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
    )

  it.effect("reads the vendor's environment names", () =>
    Effect.gen(function* () {
      const credential = yield* withEnv({
        ALIBABA_CLOUD_ACCESS_KEY_ID: "id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret",
        ALIBABA_CLOUD_SECURITY_TOKEN: "token"
      })
      expect(Redacted.value(credential.accessKeyId)).toBe("id")
      expect(Redacted.value(credential.accessKeySecret)).toBe("secret")
      expect(credential.securityToken && Redacted.value(credential.securityToken)).toBe("token")
    })
  )

  it.effect("needs no token", () =>
    Effect.gen(function* () {
      const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: "id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret" }
      expect((yield* withEnv(env)).securityToken).toBeUndefined()
    })
  )

  it.effect("names the variable that is missing, and no value", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(withEnv({ ALIBABA_CLOUD_ACCESS_KEY_ID: "canary" }))
      expect(String(error)).toContain("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
      expect(String(error)).not.toContain("canary")
    })
  )

  it.effect("refuses an empty key", () =>
    Effect.gen(function* () {
      const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret" }
      const exit = yield* Effect.exit(withEnv(env))
      expect(Exit.isFailure(exit)).toBe(true)
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
        expect(yield* idOf).toBe("key1")
        yield* TestClock.adjust(minutes(54))
        expect(yield* idOf).toBe("key1")
        yield* TestClock.adjust(minutes(1))
        expect(yield* idOf).toBe("key2")
        expect(yield* idOf).toBe("key2")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
      expect(loads()).toBe(2)
    })
  )

  it.effect("waits for a fetch as long as it may take, then says so", () =>
    Effect.gen(function* () {
      const { loads, options } = source(() => Effect.never)
      const program = Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(Effect.flip(get))
        yield* TestClock.adjust("4999 millis")
        expect(waiting.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust("1 millis")
        const error = yield* Fiber.join(waiting)
        expect(error._tag).toBe("CredentialsError")
        expect(error.message).toContain("fetching the credential took too long")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing({ ...options, loadTimeout: "5 seconds" })))
      expect(loads()).toBe(1)
    })
  )

  it.effect("fetches nothing before it is asked", () =>
    Effect.gen(function* () {
      const { loads, options } = source()
      yield* Effect.provide(Credentials, Credentials.layerRefreshing(options))
      expect(loads()).toBe(0)
    })
  )

  it.effect("keeps a key that does not expire", () =>
    Effect.gen(function* () {
      const { loads, options } = source(() => Effect.succeed({ expiresAt: undefined }))
      const program = Effect.gen(function* () {
        yield* get
        yield* TestClock.adjust("1000 days")
        expect(yield* idOf).toBe("key1")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
      expect(loads()).toBe(1)
    })
  )

  it.effect("fetches once for all who wait", () =>
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
        expect(new Set(yield* Fiber.join(waiting))).toEqual(new Set(["key1"]))
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
      expect(loads()).toBe(1)
    })
  )

  it.effect("fetches once for all who wait, where it fails, too", () =>
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
        expect((yield* Fiber.join(waiting)).every(Exit.isFailure)).toBe(true)
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
      expect(loads()).toBe(1)
    })
  )

  // A flight must not be noted after it has landed: a finished fiber would be joined for ever after.
  it.effect("fetches again after the first flight, wherever the runtime yields", () =>
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
      expect(stuck).toEqual([])
    })
  )

  it.effect("turns a defect of the source into a CredentialsError that does not quote it", () =>
    Effect.gen(function* () {
      const { options } = source(() => Effect.die(new Error("canary")))
      const error = yield* Effect.flip(get).pipe(Effect.provide(Credentials.layerRefreshing(options)))
      expect(error._tag).toBe("CredentialsError")
      expect(String(error)).not.toContain("canary")
    })
  )

  it.effect("goes on for the others where the caller who began it is interrupted", () =>
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
        expect(yield* Fiber.join(second)).toBe("key1")
        expect(loads()).toBe(1)
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  // Was a bug: a fetch that nobody could begin any more was waited for for ever.
  it.effect.each([
    ["before the fetch has begun", 0],
    ["while it is under way", 1]
  ] as const)("says that its layer has closed, to who waits then and to who asks later: %s", ([, begun]) =>
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
        expect(error._tag).toBe("CredentialsError")
        expect(error.message).toContain("the layer of the credentials has closed")
      }
      expect(loads()).toBe(begun)
    })
  )

  it.effect("keeps the old key in service where a refresh fails, and tries again after a pause", () =>
    Effect.gen(function* () {
      const { loads, options } = source((count) => (count === 2 ? Effect.fail("down") : Effect.succeed({})))
      const program = Effect.gen(function* () {
        yield* get
        yield* TestClock.adjust(minutes(56))
        expect(yield* idOf).toBe("key1")
        expect(loads()).toBe(2)
        yield* TestClock.adjust("9 seconds")
        expect(yield* idOf).toBe("key1")
        expect(loads()).toBe(2)
        yield* TestClock.adjust("1 second")
        expect(yield* idOf).toBe("key3")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  it.effect("fails where the refresh fails and the old key has expired", () =>
    Effect.gen(function* () {
      const { options } = source((count) => (count > 1 ? Effect.fail(new Error("canary")) : Effect.succeed({})))
      const program = Effect.gen(function* () {
        yield* get
        yield* TestClock.adjust(minutes(60))
        const error = yield* Effect.flip(get)
        expect(error._tag).toBe("CredentialsError")
        expect(String(error)).not.toContain("canary")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  it.effect("passes a CredentialsError of the source on as it is", () =>
    Effect.gen(function* () {
      const reason = CloudauthError.credentialsError("the vault is closed")
      const { options } = source(() => Effect.fail(reason))
      expect(yield* Effect.flip(get).pipe(Effect.provide(Credentials.layerRefreshing(options)))).toBe(reason)
    })
  )

  it.effect("fetches anew once the key was invalidated", () =>
    Effect.gen(function* () {
      const { options } = source()
      const program = Effect.gen(function* () {
        const credentials = yield* Credentials
        const first = yield* credentials.get
        yield* credentials.invalidate(first)
        expect(yield* idOf).toBe("key2")
        // Those who come late with the first key do not throw the second away.
        yield* credentials.invalidate(first)
        expect(yield* idOf).toBe("key2")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  it.effect("does not serve a key again that was invalidated, where no other can be had", () =>
    Effect.gen(function* () {
      const { options } = source((count) => (count > 1 ? Effect.fail("down") : Effect.succeed({})))
      const program = Effect.gen(function* () {
        yield* invalidateCurrent
        expect((yield* Effect.flip(get))._tag).toBe("CredentialsError")
      })
      yield* program.pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  it.effect("refuses what the source gives where it would break a header", () =>
    Effect.gen(function* () {
      const { options } = source(() => Effect.succeed({ accessKeyId: "canary\n" }))
      const error = yield* Effect.flip(get).pipe(Effect.provide(Credentials.layerRefreshing(options)))
      expect(error._tag).toBe("CredentialsError")
      expect(error.message).not.toContain("canary")
    })
  )

  it.effect("does not give a key that has expired before it came", () =>
    Effect.gen(function* () {
      const { options } = source(() => Effect.succeed({ expiresAt: -1 }))
      const exit = yield* Effect.exit(get).pipe(Effect.provide(Credentials.layerRefreshing(options)))
      expect(Exit.isFailure(exit)).toBe(true)
    })
  )
})
