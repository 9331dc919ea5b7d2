/** The real client over the emulator in memory: `TestClock` is the time of both. */
import { Cloudauth, type Options } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { Emulator } from "../src/Emulator.ts"
import * as Scenario from "../src/Scenario.ts"

const codesOf = (transactionId: string) =>
  Effect.map(
    Effect.flatMap(Emulator, (emulator) => emulator.callsOf(transactionId)),
    (calls) => calls.map(({ code }) => code)
  )

const once = (milliseconds: number) => Schedule.max([Schedule.spaced(milliseconds), Schedule.recurs(1)])

layer(Emulator.layerClient())("Emulator.layerClient", (it) => {
  it.effect("retries when the clock moves, and not before", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const throttled = Scenario.throttled({ retryAfterMillis: 3000 })
      yield* emulator.register("mine", Scenario.sequence([throttled, Scenario.passed()]))
      const call = yield* Effect.forkChild(
        Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "mine" }, { retry: { throttle: once(3000) } })
      )
      yield* TestClock.adjust("2999 millis")
      assert.deepStrictEqual(yield* codesOf("mine"), ["Throttling.Api"])
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(call)).verdict._tag, "Passed")
      assert.deepStrictEqual(yield* codesOf("mine"), ["Throttling.Api", "Success"])
    })
  )

  it.effect("polls until the user's time is over", () =>
    Effect.gen(function* () {
      const call = yield* Effect.forkChild(
        Effect.flip(Cloudauth.awaitResult({ merchantBizId: "order1", transactionId: "hksb-pending" }))
      )
      yield* TestClock.adjust("32 minutes")
      assert.strictEqual((yield* Fiber.join(call))._tag, "TransactionAbandoned")
      assert.isAbove((yield* codesOf("hksb-pending")).length, 10)
    })
  )
})

describe("Emulator.layerClient", () => {
  it.effect("is built in the fiber that calls, and needs no time for that", () =>
    Effect.gen(function* () {
      const call = Cloudauth.awaitResult({ merchantBizId: "order1", transactionId: "hksb-pending-three" })
      const fiber = yield* Effect.forkChild(Effect.provide(call, Emulator.layerClient()))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
    })
  )

  it.effect("takes options for the emulator and for the client", () =>
    Effect.gen(function* () {
      const call = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "any" })
      const options = { defaultScenario: Scenario.passed(), client: { maxBodyBytes: 10 } }
      const error = yield* Effect.flip(Effect.provide(call, Emulator.layerClient(options)))
      assert.strictEqual(error._tag, "DecodeError")
    })
  )
})

/** The client over an application's own `HttpClient`. */
const over = (wrap: (client: HttpClient.HttpClient) => HttpClient.HttpClient, options: Options = {}) => {
  const wrapped = Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, wrap))
  return Layer.unwrap(
    Effect.map(Emulator, (emulator) =>
      Cloudauth.layer({ ...options, url: emulator.url }).pipe(
        Layer.provide([Credentials.layerStatic(emulator), Layer.provide(wrapped, Emulator.layerHttpClient)])
      )
    )
  ).pipe(Layer.provideMerge(Emulator.layerMemory()))
}

/** How a client's calls end, by transaction id. */
const outcomes = (client: ReturnType<typeof over>) =>
  Effect.gen(function* () {
    const ids = [
      "hksb-passed-global-passport",
      "hksb-pending-three",
      "hksb-throttled-twice",
      "hksb-unavailable-twice",
      "hksb-error-TransactionIdInvalid"
    ]
    const ended = Effect.forEach(ids, (transactionId) =>
      Cloudauth.awaitResult({ merchantBizId: "order1", transactionId }).pipe(
        Effect.map(({ verdict }) => [transactionId, verdict._tag]),
        Effect.catch(({ _tag }) => Effect.succeed([transactionId, _tag]))
      )
    )
    const fiber = yield* Effect.forkChild(Effect.provide(ended, client))
    yield* TestClock.adjust("10 minutes")
    return yield* Fiber.join(fiber)
  })

const sendsAgain = (client: HttpClient.HttpClient) =>
  HttpClient.retryTransient(client, { schedule: Schedule.spaced("10 millis"), times: 3 })

const applications: Readonly<Record<string, (client: HttpClient.HttpClient) => HttpClient.HttpClient>> = {
  filterStatusOk: HttpClient.filterStatusOk,
  retryTransient: sendsAgain,
  "retryTransient behind filterStatusOk": (client) => sendsAgain(HttpClient.filterStatusOk(client)),
  followRedirects: HttpClient.followRedirects(3),
  "mapRequest with a header": HttpClient.mapRequest(HttpClientRequest.setHeader("x-app", "1"))
}

describe("an application's HttpClient", () => {
  it.effect.each(Object.keys(applications))("changes no outcome: %s", (name) =>
    Effect.gen(function* () {
      const plain = yield* outcomes(over((client) => client))
      const wrapped = yield* outcomes(over(applications[name] ?? assert.fail()))
      assert.deepStrictEqual(wrapped, plain)
      assert.deepStrictEqual(
        plain.map(([, end]) => end),
        ["Passed", "Passed", "Passed", "Passed", "TransactionIdInvalid"]
      )
    })
  )

  it.effect("that repeats requests repeats nonces: the error says so", () =>
    Effect.gen(function* () {
      const call = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb-error-InternalError" })
      const fiber = yield* Effect.forkChild(Effect.provide(Effect.flip(call), over(sendsAgain)))
      yield* TestClock.adjust("10 minutes")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error.code, "SignatureNonceUsed")
      assert.include(error.message, "an HttpClient that repeats requests")
    })
  )
})
