/** How refreshing credentials stay fresh while calls use them. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials, type Input, type RefreshOptions } from "../src/Credentials.ts"
import { failure, passing } from "./fixtures/answers.ts"
import { clientOf, failureOf, reply, serve } from "./fixtures/server.ts"
import { hour, onSteppedClock } from "./fixtures/steppedClock.ts"

const minutes = (n: number): number => n * 60_000
const idOf = Credentials.use(({ get }) => Effect.map(get, ({ accessKeyId }) => Redacted.value(accessKeyId)))
const check = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "t1" })
const ok = reply(200, passing())
const down = Effect.fail("the vault is down")

/** A source that gives `key1`, `key2`, …, each for an hour unless `load` says otherwise, and counts. */
const source = (load: (count: number) => Effect.Effect<Partial<Input>, string> = () => Effect.succeed({})) => {
  let count = 0
  const options: RefreshOptions<string, never> = {
    load: Effect.clockWith((clock) => {
      const number = ++count
      const expiresAt = clock.currentTimeMillisUnsafe() + hour
      return Effect.map(load(number), (input) => ({
        accessKeyId: `key${number}`,
        accessKeySecret: "s",
        securityToken: `token${number}`,
        expiresAt,
        ...input
      }))
    })
  }
  return { options, loads: () => count }
}

describe("a refresh ahead of the expiry", () => {
  it.effect("that hangs delays no call while the key is valid", () =>
    Effect.gen(function* () {
      const { loads, options } = source((count) => (count === 1 ? Effect.succeed({}) : Effect.never))
      const server = serve(ok)
      yield* Effect.gen(function* () {
        yield* check
        yield* TestClock.adjust(minutes(56))
        for (let call = 0; call < 50; call++) yield* check
        assert.strictEqual(loads(), 2)
        assert.lengthOf(server.sent, 51)
        // The hanging fetch ends, the source has its pause, and the key is still used.
        yield* TestClock.adjust("39 seconds")
        yield* check
        assert.strictEqual(loads(), 2)
        yield* TestClock.adjust("1 second")
        yield* check
        assert.strictEqual(loads(), 3)
      }).pipe(Effect.provide(clientOf(server, { credentials: Credentials.layerRefreshing(options) })))
    })
  )

  it.effect("goes on in the background, once for all calls, and its key is used when it comes", () =>
    Effect.gen(function* () {
      const { loads, options } = source((count) => Effect.delay(Effect.succeed({}), count === 1 ? 0 : 2000))
      yield* Effect.gen(function* () {
        const first = yield* Effect.forkChild(idOf)
        yield* TestClock.adjust(minutes(55))
        assert.strictEqual(yield* Fiber.join(first), "key1")
        const all = Effect.all(
          Array.from({ length: 50 }, () => idOf),
          { concurrency: 50 }
        )
        assert.deepStrictEqual([...new Set(yield* all)], ["key1"])
        yield* TestClock.adjust("2 seconds")
        assert.deepStrictEqual([...new Set(yield* all)], ["key2"])
        assert.strictEqual(loads(), 2)
      }).pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )

  it.effect("is waited for once the key has expired, and then names the phase", () =>
    Effect.gen(function* () {
      const { options } = source((count) => (count === 1 ? Effect.succeed({}) : Effect.never))
      const client = clientOf(serve(ok), {
        credentials: Credentials.layerRefreshing({ ...options, loadTimeout: "10 minutes" })
      })
      yield* Effect.gen(function* () {
        yield* check
        yield* TestClock.adjust(minutes(59))
        yield* check
        yield* TestClock.adjust(minutes(1))
        const fiber = yield* Effect.forkChild(Effect.exit(check))
        yield* TestClock.adjust("30 seconds")
        assert.deepInclude(failureOf(yield* Fiber.join(fiber)), {
          _tag: "CallTimeout",
          limit: "deadline",
          phase: "credential",
          attempts: 0
        })
      }).pipe(Effect.provide(client))
    })
  )

  it.effect("ends with the layer", () =>
    Effect.gen(function* () {
      let ended = 0
      const hanging = Effect.onInterrupt(Effect.never, () => Effect.sync(() => ended++))
      const { options } = source((count) => (count === 1 ? Effect.succeed({}) : hanging))
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Credentials.layerRefreshing(options), scope)
      yield* Effect.provideContext(idOf, context)
      yield* TestClock.adjust(minutes(56))
      yield* Effect.provideContext(idOf, context)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(ended, 1)
    })
  )

  it.effect("is made once in a while, not for each call, if keys live shorter than that", () =>
    Effect.gen(function* () {
      const { loads, options } = source(() => Effect.succeed({ expiresAt: minutes(4) }))
      yield* Effect.gen(function* () {
        for (let call = 0; call < 50; call++) yield* idOf
        assert.strictEqual(loads(), 2)
        yield* TestClock.adjust("10 seconds")
        for (let call = 0; call < 50; call++) yield* idOf
        assert.strictEqual(loads(), 3)
      }).pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )
})

describe("a source that is down", () => {
  it.effect("is not asked once per call: after 1 s, then after twice as long, up to the pause", () =>
    Effect.gen(function* () {
      const { loads, options } = source(() => down)
      yield* Effect.gen(function* () {
        const asked: Array<number> = []
        for (let second = 0; second < 40; second++) {
          const before = loads()
          for (let call = 0; call < 50; call++) {
            const error = yield* Effect.flip(check)
            assert.deepInclude(error, { _tag: "CredentialsError", reason: "the credential could not be fetched" })
          }
          if (loads() > before) asked.push(second)
          yield* TestClock.adjust("1 second")
        }
        assert.deepStrictEqual(asked, [0, 1, 3, 7, 15, 25, 35])
        assert.strictEqual(loads(), asked.length)
      }).pipe(Effect.provide(clientOf(serve(ok), { credentials: Credentials.layerRefreshing(options) })))
    })
  )

  it.effect("is forgiven as soon as it gives a key", () =>
    Effect.gen(function* () {
      const { loads, options } = source((count) => (count === 2 ? Effect.succeed({}) : down))
      yield* Effect.gen(function* () {
        yield* Effect.flip(idOf)
        yield* TestClock.adjust("1 second")
        assert.strictEqual(yield* idOf, "key2")
        yield* TestClock.adjust(minutes(60))
        yield* Effect.flip(idOf)
        yield* TestClock.adjust("999 millis")
        yield* Effect.flip(idOf)
        assert.strictEqual(loads(), 3)
      }).pipe(Effect.provide(Credentials.layerRefreshing(options)))
    })
  )
})

describe("a key that the service refuses as expired", () => {
  const expired = reply(403, failure("InvalidSecurityToken.Expired"))

  it.effect("is replaced at once", () =>
    Effect.gen(function* () {
      const { loads, options } = source()
      const server = serve(ok, expired, ok)
      yield* Effect.andThen(check, check).pipe(
        Effect.provide(clientOf(server, { credentials: Credentials.layerRefreshing(options) }))
      )
      assert.deepStrictEqual(
        server.sent.map(({ headers }) => headers["x-acs-accesskey-id"]),
        ["key1", "key1", "key2"]
      )
      assert.strictEqual(loads(), 2)
    })
  )

  it.effect("does not make calls ask a source that gives the same key again and again", () =>
    Effect.gen(function* () {
      const { loads, options } = source(() => Effect.succeed({ accessKeyId: "same", securityToken: "same" }))
      const server = serve(expired)
      yield* Effect.gen(function* () {
        for (let call = 0; call < 50; call++) {
          assert.include((yield* Effect.flip(check)).message, "still gives the key that the service refused")
        }
        assert.deepStrictEqual([loads(), server.sent.length], [2, 1])
        // After the pause it is tried again: the service may have been wrong.
        yield* TestClock.adjust("1 second")
        yield* Effect.flip(check)
        assert.strictEqual(server.sent.length, 2)
      }).pipe(Effect.provide(clientOf(server, { credentials: Credentials.layerRefreshing(options) })))
    })
  )
})

describe("on a machine whose clock is wrong", () => {
  it.effect("an hour fast, keys of an hour are used: the service's Date tells how long they last", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        set(hour)
        const { loads, options } = source(() => Effect.succeed({ expiresAt: hour }))
        const date = "Thu, 01 Jan 1970 00:00:00 GMT"
        const server = serve(reply(400, failure("InvalidTimeStamp.Expired"), { date }), ok)
        yield* Effect.gen(function* () {
          yield* check
          assert.strictEqual(loads(), 1)
          yield* TestClock.adjust(minutes(54))
          yield* check
          assert.strictEqual(loads(), 1)
          // By the server's time less than 5 minutes are left.
          yield* TestClock.adjust(minutes(1))
          yield* check
          assert.strictEqual(loads(), 2)
        }).pipe(Effect.provide(clientOf(server, { credentials: Credentials.layerRefreshing(options) })))
        assert.deepStrictEqual(
          server.sent.map(({ headers }) => headers["x-acs-date"]),
          ["1970-01-01T01:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:54:00Z", "1970-01-01T00:55:00Z"]
        )
      })
    )
  )

  it.effect("an hour slow, an expired key is not used for an hour more", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        yield* TestClock.adjust(2 * hour)
        set(-hour)
        const { loads, options } = source((count) => Effect.succeed({ expiresAt: (2 + count) * hour }))
        const server = serve(reply(200, passing(), { date: "Thu, 01 Jan 1970 02:00:00 GMT" }), ok)
        yield* Effect.gen(function* () {
          yield* check
          yield* TestClock.adjust(minutes(61))
          yield* check
          assert.strictEqual(loads(), 2)
        }).pipe(Effect.provide(clientOf(server, { credentials: Credentials.layerRefreshing(options) })))
      })
    )
  )
})
