/** The faults as they show through the `HttpClient` that needs no socket; time is the test clock's. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { Emulator } from "../src/Emulator.ts"
import * as Fault from "../src/Fault.ts"
import { checkResultQuery, signedHeaders } from "./support.ts"

const layer = Layer.provideMerge(Emulator.layerHttpClient, Emulator.layerMemory())
const of = Fault.Fault.cases

const call = Effect.gen(function* () {
  const emulator = yield* Emulator
  const client = yield* HttpClient.HttpClient
  const query = checkResultQuery("hksb-passed-global-passport")
  const headers = signedHeaders(query, { host: "127.0.0.1:1", now: yield* emulator.now })
  const response = yield* client.execute(HttpClientRequest.post(`${emulator.url}/?${query}`, { headers }))
  return { status: response.status, body: yield* response.text }
})
const under = (...faults: ReadonlyArray<Fault.Fault>) =>
  Effect.andThen(
    Effect.flatMap(Emulator, (emulator) => emulator.setFaults(faults.map((fault) => Fault.rule(fault)))),
    call
  )
const reasonOf = (...faults: ReadonlyArray<Fault.Fault>) =>
  Effect.map(Effect.flip(under(...faults)), (error) => error.reason._tag)

describe("in memory", () => {
  it.effect("a lost connection is a transport error before the body, and a broken body within it", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* reasonOf(of.Reset.make({ at: "before-headers" })), "TransportError")
      assert.strictEqual(yield* reasonOf(of.Reset.make({ at: "within-headers" })), "TransportError")
      assert.strictEqual(yield* reasonOf(of.TlsError.make({})), "TransportError")
      for (const fault of [
        of.Reset.make({ at: "after-headers" }),
        of.Reset.make({ at: "within-body" }),
        of.TruncatedBody.make({ keep: 0.5 }),
        of.WrongContentLength.make({ by: 5 })
      ]) {
        assert.strictEqual(yield* reasonOf(fault), "DecodeError", fault._tag)
      }
      const whole = (yield* under()).body
      assert.strictEqual((yield* under(of.WrongContentLength.make({ by: -5 }))).body.length, whole.length - 5)
    }).pipe(Effect.provide(layer))
  )

  it.effect("garbage, storms and bursts come as answers", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* under(of.ServerError.make({ status: 500 }))).status, 500)
      assert.include((yield* under(of.Throttle.make({}))).body, "Throttling.Api")
      const { body } = yield* under(of.Garbage.make({ bytes: 100 }))
      assert.throws(() => JSON.parse(body))
    }).pipe(Effect.provide(layer))
  )

  it.effect("delays and slow bodies take the test clock's time", () =>
    Effect.gen(function* () {
      const delayed = yield* Effect.forkChild(under(of.Delay.make({ millis: 60_000 })))
      yield* TestClock.adjust(59_999)
      assert.isUndefined(delayed.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.strictEqual((yield* Fiber.join(delayed)).status, 200)

      const slow = yield* Effect.forkChild(under(of.SlowBody.make({ chunkBytes: 100, everyMillis: 60_000 })))
      for (let minute = 0; minute < 60; minute++) yield* TestClock.adjust("1 minute")
      assert.include((yield* Fiber.join(slow)).body, "Success")
    }).pipe(Effect.provide(layer))
  )

  it.effect("a dropped answer never comes, and waiting for it can be given up", () =>
    Effect.gen(function* () {
      const dropped = yield* Effect.forkChild(under(of.DroppedAnswer.make({})))
      yield* TestClock.adjust("1 day")
      assert.isUndefined(dropped.pollUnsafe())
      yield* Fiber.interrupt(dropped)
      const emulator = yield* Emulator
      const [only] = yield* emulator.calls
      assert.deepStrictEqual([only?.code, typeof only?.answeredMillis], ["Success", "number"])
    }).pipe(Effect.provide(layer))
  )
})
