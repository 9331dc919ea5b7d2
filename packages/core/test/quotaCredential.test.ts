/** A call under the quota has its credential before its place. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { credentialsError } from "../src/CloudauthError.ts"
import { type Credential, Credentials, make } from "../src/Credentials.ts"
import { Transport } from "../src/Transport.ts"
import { answered, check, checks, mostInASecond, service, start } from "./fixtures/quota.ts"
import { failureOf, key } from "./fixtures/server.ts"

/** A source that answers after a while, and counts how often it is asked. */
const source = (get: Credentials["Service"]["get"], millis: number) => {
  let asked = 0
  const counted = Effect.suspend(() => {
    asked++
    return Effect.delay(get, millis)
  })
  const layer = Layer.succeed(Credentials, { get: counted, invalidate: () => Effect.void })
  return { asked: () => asked, layer }
}

const clientOf = (transport: Layer.Layer<Transport>, credentials: Layer.Layer<Credentials>) =>
  Cloudauth.layerTransport().pipe(Layer.provide([transport, credentials]))

const renewed = make({ ...key, accessKeyId: "renewed" })

describe("the credential of a call under the quota", () => {
  it.effect("is asked for once for each attempt", () =>
    Effect.gen(function* () {
      const { arrivals, layer } = service({ perSecond: 10 })
      const credentials = source(Effect.succeed(make(key)), 500)
      assert.strictEqual(yield* answered(checks(30)).pipe(Effect.provide(clientOf(layer, credentials.layer))), 30)
      assert.strictEqual(credentials.asked(), 30)
      assert.strictEqual(mostInASecond(arrivals.map(({ at }) => at)), 10)
    })
  )

  it.effect("that can't be had fails the call, takes no place and is asked for once", () =>
    Effect.gen(function* () {
      const { arrivals, layer } = service({ perSecond: 10 })
      const credentials = source(Effect.fail(credentialsError("the vault refuses")), 500)
      const [fiber] = yield* start([check()]).pipe(Effect.provide(clientOf(layer, credentials.layer)))
      yield* TestClock.adjust("500 millis")
      const exit = fiber && (yield* Fiber.join(fiber))
      assert.deepInclude(exit && failureOf(exit), { _tag: "CredentialsError", attempts: 0 })
      assert.strictEqual(credentials.asked(), 1)
      assert.lengthOf(arrivals, 0)
    })
  )

  it.effect("counts toward the deadline, and the error names the phase", () =>
    Effect.gen(function* () {
      const { layer } = service({ perSecond: 10 })
      const credentials = source(Effect.never, 0)
      const [fiber] = yield* start([check()]).pipe(Effect.provide(clientOf(layer, credentials.layer)))
      yield* TestClock.adjust("30 seconds")
      const exit = fiber && (yield* Fiber.join(fiber))
      assert.deepInclude(exit && failureOf(exit), {
        _tag: "CallTimeout",
        limit: "deadline",
        phase: "credential",
        attempts: 0
      })
    })
  )

  it.effect.each([
    ["expired", { expiresAt: 1500 }, 0],
    ["was refused", {}, 1]
  ] as const)("is asked for again if it %s while the call waited", ([, life, refusals]) =>
    Effect.gen(function* () {
      const old = make({ ...key, ...life })
      let current: Credential = old
      const sent: Array<string> = []
      const credentials = Layer.succeed(Credentials, {
        get: Effect.clockWith((clock) =>
          Effect.succeed(clock.currentTimeMillisUnsafe() < (current.expiresAt ?? Infinity) ? current : renewed)
        ),
        invalidate: () => Effect.sync(() => (current = renewed))
      })
      const transport = Layer.succeed(Transport, {
        send: ({ headers }) =>
          Effect.suspend(() => {
            const isOld = headers["authorization"]?.includes(Redacted.value(old.accessKeyId)) === true
            sent.push(isOld ? "old" : "new")
            // The answer takes its time: by then the other calls have their credentials.
            return Effect.delay(isOld && refusals > 0 ? Canned.error("SecurityTokenExpired") : Canned.passed(), 10)
          })
      })
      assert.strictEqual(yield* answered(checks(30)).pipe(Effect.provide(clientOf(transport, credentials))), 30)
      assert.strictEqual(sent.length, 30 + refusals)
      // A call goes out each 110 ms: those of the first 1.5 seconds, or the one that was refused.
      assert.strictEqual(sent.filter((key) => key === "old").length, refusals > 0 ? refusals : 14)
    })
  )
})
