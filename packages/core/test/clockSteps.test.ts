import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import { failure, passing } from "./fixtures/answers.ts"
import { clientOf, reply, serve } from "./fixtures/server.ts"
import { hour, onSteppedClock } from "./fixtures/steppedClock.ts"

const request = { merchantBizId: "order1", transactionId: "hksb1" }
const throttled = (retryAfter: string) => reply(400, failure("Throttling"), { "x-acs-retry-after": retryAfter })
const pending = reply(404, failure("ProcessNotCompleted"))

/** Both ways a clock can be set; each test must hold for either. */
const steps = [
  ["back", -hour],
  ["forward", hour]
] as const

describe.each(steps)("when the machine's clock is set %s by an hour", (_, step) => {
  it.effect("a call that waits to retry has the rest of its deadline, no more and no less", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        const server = serve(throttled("5000"), throttled("6000"), throttled("6000"), reply(200, passing()))
        const fiber = yield* Effect.forkChild(Cloudauth.checkResult(request).pipe(Effect.provide(clientOf(server))))
        yield* TestClock.adjust("10 seconds")
        set(step)
        yield* TestClock.adjust("15 seconds")
        assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
        assert.strictEqual(server.sent.length, 4)
      })
    )
  )

  it.effect("a call that is throttled on and on ends within its deadline", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        const server = serve(throttled("4000"))
        const fiber = yield* Effect.forkChild(
          Effect.flip(Cloudauth.checkResult(request)).pipe(Effect.provide(clientOf(server)))
        )
        yield* TestClock.adjust("10 seconds")
        set(step)
        yield* TestClock.adjust("20 seconds")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "Throttled")
        // At 0, 4, 8, 12, 16 and 24 s: the next one would come after the deadline.
        assert.strictEqual(server.sent.length, 6)
      })
    )
  )

  it.effect("awaitResult polls for as long as its schedule says", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        const server = serve(pending)
        const waiting = Cloudauth.awaitResult(request, {
          polling: Schedule.spaced("10 seconds").pipe(Schedule.upTo({ duration: "1 minute" }))
        })
        const fiber = yield* Effect.forkChild(Effect.flip(waiting).pipe(Effect.provide(clientOf(server))))
        yield* TestClock.adjust("25 seconds")
        set(step)
        yield* TestClock.adjust("30 seconds")
        assert.isUndefined(fiber.pollUnsafe())
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "WaitTimedOut")
        assert.strictEqual(server.sent.length, 8)
      })
    )
  )

  it.effect("awaitResult times out, and finds the user gone, after the time that has passed", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        yield* TestClock.adjust("2 hours")
        const waits = [Cloudauth.awaitResult(request, { timeout: "20 minutes" }), Cloudauth.awaitResult(request)]
        const fibers = yield* Effect.forEach(waits, (waiting) =>
          Effect.forkChild(Effect.flip(waiting).pipe(Effect.provide(clientOf(serve(pending)))))
        )
        yield* TestClock.adjust("19 minutes")
        set(step)
        assert.deepStrictEqual(
          fibers.map((fiber) => fiber.pollUnsafe()),
          [undefined, undefined]
        )
        yield* TestClock.adjust("1 minute")
        assert.isUndefined(fibers[1]?.pollUnsafe())
        yield* TestClock.adjust("11 minutes")
        const tags = (yield* Fiber.joinAll(fibers)).map(({ _tag }) => _tag)
        assert.deepStrictEqual(tags, ["WaitTimedOut", "TransactionAbandoned"])
      })
    )
  )

  it.effect("a credential whose refresh failed is refreshed again after the pause", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        let loads = 0
        const layer = Credentials.layerRefreshing({
          load: Effect.suspend(() =>
            ++loads === 1
              ? Effect.succeed({ accessKeyId: "id", accessKeySecret: "secret", expiresAt: 4 * hour })
              : Effect.fail("the vault is down")
          ),
          refreshAhead: "1 day",
          retryAfterFailure: "10 seconds"
        })
        yield* Effect.gen(function* () {
          const get = Effect.flatMap(Credentials, (credentials) => credentials.get)
          yield* get
          yield* get
          assert.strictEqual(loads, 2)
          set(step)
          yield* TestClock.adjust("9 seconds")
          yield* get
          assert.strictEqual(loads, 2)
          yield* TestClock.adjust("1 second")
          assert.strictEqual(Redacted.value((yield* get).accessKeyId), "id")
          assert.strictEqual(loads, 3)
        }).pipe(Effect.provide(layer))
      })
    )
  )

  it.effect("a claim in memory lasts as long as its lease", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        const store = yield* TransactionStore
        yield* store.put({ transactionId: "t1", merchantBizId: "order1" })
        const claim = Effect.map(store.claim("t1", "1 minute"), Option.isSome)
        assert.isTrue(yield* claim)
        set(step)
        yield* TestClock.adjust("59 seconds")
        assert.isFalse(yield* claim)
        yield* TestClock.adjust("1 second")
        assert.isTrue(yield* claim)
      }).pipe(Effect.provide(TransactionStore.layerMemory))
    )
  )

  it.effect("requests are dated, and credentials expire, by the clock as it is set", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        yield* TestClock.adjust("2 hours")
        const server = serve(reply(200, passing()))
        const credentials = Credentials.layerRefreshing({
          load: Effect.succeed({ accessKeyId: "id", accessKeySecret: "secret", expiresAt: 2.5 * hour }),
          refreshAhead: 0
        })
        yield* Effect.gen(function* () {
          yield* Cloudauth.checkResult(request)
          set(step)
          const second = yield* Effect.result(Cloudauth.checkResult(request))
          if (step < 0) {
            assert.deepStrictEqual(
              server.sent.map(({ headers }) => headers["x-acs-date"]),
              ["1970-01-01T02:00:00Z", "1970-01-01T01:00:00Z"]
            )
          } else {
            assert.isTrue(second._tag === "Failure" && CloudauthError.isCredentialsError(second.failure))
          }
        }).pipe(Effect.provide(clientOf(server, { credentials })))
      })
    )
  )
})
