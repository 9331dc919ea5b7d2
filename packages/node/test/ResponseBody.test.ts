import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FastCheck from "fast-check"
import { type Connection, ResponseBody } from "../src/internal/ResponseBody.ts"

const recorded = () => {
  const events: Array<string> = []
  const connection: Connection = {
    pause: () => events.push("pause"),
    resume: () => events.push("resume"),
    abort: () => events.push("abort")
  }
  return { connection, events }
}

const bytes = (size: number, value = 1) => new Uint8Array(size).fill(value)

const chunks = FastCheck.array(FastCheck.uint8Array({ maxLength: 200 }), { maxLength: 12 })

const join = (parts: ReadonlyArray<Uint8Array>) => new Uint8Array(Buffer.concat(parts))

describe("ResponseBody", () => {
  it("gives the same bytes however they arrive, and whenever the reader comes", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(chunks, FastCheck.nat(12), FastCheck.boolean(), async (parts, before, declares) => {
        const { connection, events } = recorded()
        const whole = join(parts)
        const body = new ResponseBody(connection, declares ? whole.byteLength : undefined)
        for (const part of parts.slice(0, before)) body.push(part)
        const fiber = Effect.runFork(body.read(whole.byteLength))
        for (const part of parts.slice(before)) body.push(part)
        body.complete()
        assert.deepStrictEqual(join(await Effect.runPromise(Fiber.join(fiber))), whole)
        assert.deepStrictEqual(events, [])
        // What was read stays readable.
        assert.deepStrictEqual(join(await Effect.runPromise(body.read(whole.byteLength))), whole)
      })
    ))

  it("stops at the limit and ends the connection, however the bytes arrive", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(chunks, FastCheck.nat(12), FastCheck.boolean(), async (parts, before, declares) => {
        const size = join(parts).byteLength
        FastCheck.pre(size > 0)
        const { connection, events } = recorded()
        const body = new ResponseBody(connection, declares ? size : undefined)
        for (const part of parts.slice(0, before)) body.push(part)
        const fiber = Effect.runFork(Effect.flip(body.read(size - 1)))
        for (const part of parts.slice(before)) body.push(part)
        body.complete()
        assert.deepStrictEqual(await Effect.runPromise(Fiber.join(fiber)), { _tag: "BodyTooLarge", limit: size - 1 })
        // Complete bodies have no connection left to end.
        if (before < parts.length && join(parts.slice(before)).byteLength > 0) {
          assert.deepStrictEqual(events, ["abort"])
        }
      })
    ))

  it.effect("hands over the pieces without a copy", () =>
    Effect.gen(function* () {
      const body = new ResponseBody(recorded().connection, 5)
      const chunk = bytes(5)
      body.push(chunk)
      body.complete()
      assert.strictEqual((yield* body.read(5))[0], chunk)
    })
  )

  it.effect("pauses past 64 KiB while nobody reads, and goes on when somebody does", () =>
    Effect.gen(function* () {
      const { connection, events } = recorded()
      const body = new ResponseBody(connection, undefined)
      body.push(bytes(65_536))
      assert.deepStrictEqual(events, [])
      body.push(bytes(1))
      body.push(bytes(1))
      assert.deepStrictEqual(events, ["pause"])
      const fiber = yield* Effect.forkChild(body.read(1_000_000), { startImmediately: true })
      assert.deepStrictEqual(events, ["pause", "resume"])
      body.push(bytes(200_000))
      assert.deepStrictEqual(events, ["pause", "resume"])
      body.complete()
      assert.strictEqual(join(yield* Fiber.join(fiber)).byteLength, 265_538)
    })
  )

  it.effect("streams piece by piece, pausing while the reader is slow", () =>
    Effect.gen(function* () {
      const { connection, events } = recorded()
      const body = new ResponseBody(connection, undefined)
      body.push(bytes(70_000, 1))
      assert.strictEqual((yield* body.pull())[0].byteLength, 70_000)
      assert.deepStrictEqual(events, ["pause", "resume"])
      const fiber = yield* Effect.forkChild(body.pull(), { startImmediately: true })
      body.push(bytes(3, 2))
      assert.deepStrictEqual(yield* Fiber.join(fiber), [bytes(3, 2)])
      body.complete()
      const exit = yield* Effect.exit(body.pull())
      assert.isTrue(Exit.isFailure(exit) && Cause.hasFails(exit.cause))
      // A stream consumes the body.
      assert.strictEqual((yield* Effect.flip(body.read(10)))._tag, "BodyFailure")
    })
  )

  it.effect("ends the connection when the reader is interrupted", () =>
    Effect.gen(function* () {
      const { connection, events } = recorded()
      const body = new ResponseBody(connection, undefined)
      const fiber = yield* Effect.forkChild(body.read(10), { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(events, ["abort"])
    })
  )

  it.effect("fails when the connection does, and refuses a second reader at the same time", () =>
    Effect.gen(function* () {
      const body = new ResponseBody(recorded().connection, undefined)
      const fiber = yield* Effect.forkChild(Effect.flip(body.read(10)), { startImmediately: true })
      assert.strictEqual((yield* Effect.flip(body.read(10)))._tag, "BodyFailure")
      const cause = new Error("reset")
      body.fail(cause)
      assert.deepStrictEqual(yield* Fiber.join(fiber), { _tag: "BodyFailure", cause })
    })
  )

  it.effect("refuses more than the response declares", () =>
    Effect.gen(function* () {
      const { connection, events } = recorded()
      const body = new ResponseBody(connection, 4)
      const fiber = yield* Effect.forkChild(Effect.flip(body.read(100)), { startImmediately: true })
      body.push(bytes(3))
      body.push(bytes(3))
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "BodyFailure")
      assert.deepStrictEqual(events, ["abort"])
    })
  )
})
