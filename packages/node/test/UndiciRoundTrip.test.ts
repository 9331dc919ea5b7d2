/** A round trip as undici drives it, in every order in which that can be. */
import type { Outcome } from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FastCheck from "fast-check"
import type { Dispatcher } from "undici"
import { InFlight } from "../src/internal/InFlight.ts"
import { RepeatedAnswers } from "../src/internal/RepeatedAnswers.ts"
import type { ParsedHeaders } from "../src/internal/ParsedHeaders.ts"
import { UndiciRoundTrip } from "../src/internal/UndiciRoundTrip.ts"

const limit = 100

/** A round trip, what it told, and the side of undici: an abort is told at once, as undici does, or never. */
const begun = (isAbortTold = true) => {
  const outcomes: Array<Outcome> = []
  const aborts: Array<Error> = []
  const inFlight = new InFlight()
  const trip = new UndiciRoundTrip(limit, (outcome) => outcomes.push(outcome), inFlight, "1.1")
  const controller: Dispatcher.DispatchController = {
    get aborted() {
      return aborts.length > 0
    },
    get paused() {
      return false
    },
    reason: null,
    rawHeaders: null,
    rawTrailers: null,
    pause: () => {},
    resume: () => {},
    abort: (reason) => {
      if (aborts.push(reason) === 1 && isAbortTold) trip.onResponseError(controller, reason)
    }
  }
  return {
    trip,
    inFlight,
    outcomes,
    aborts,
    start: () => trip.onRequestStart(controller),
    head: (status = 200, headers: ParsedHeaders = {}) => trip.onResponseStart(controller, status, headers),
    data: (size: number) => trip.onResponseData(controller, new Uint8Array(size)),
    end: () => trip.onResponseEnd(),
    error: (cause: Error) => trip.onResponseError(controller, cause),
    /** Whether nothing is under way any more. */
    isIdle: async () => {
      const drained = Effect.runFork(inFlight.drain(60_000))
      await settled()
      const exit = drained.pollUnsafe()
      await Effect.runPromise(Fiber.interrupt(drained))
      return exit !== undefined
    }
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

const causeOf = ([outcome]: ReadonlyArray<Outcome>) =>
  outcome?._tag === "Failed" && outcome.cause instanceof Error ? outcome.cause.message : outcome?._tag

const sizeOf = ([outcome]: ReadonlyArray<Outcome>) =>
  outcome?._tag === "Answered" ? outcome.body.reduce((size, piece) => size + piece.byteLength, 0) : undefined

describe("a round trip", () => {
  it("ends with the answer, in a microtask, and is over", async () => {
    const { data, end, head, isIdle, outcomes, start, trip } = begun()
    start()
    assert.isUndefined(trip.status)
    head(103, { link: "early" })
    assert.isUndefined(trip.status)
    head(201, { "set-cookie": ["a", "b"], "x-acs-request-id": "1" })
    assert.strictEqual(trip.status, 201)
    data(60)
    data(40)
    end()
    assert.deepStrictEqual(outcomes, [])
    await Promise.resolve()
    assert.strictEqual(outcomes.length, 1)
    assert.strictEqual(sizeOf(outcomes), 100)
    const [outcome] = outcomes
    assert.deepStrictEqual(
      { ...(outcome?._tag === "Answered" ? outcome.headers() : {}) },
      { "set-cookie": "a, b", "x-acs-request-id": "1" }
    )
    trip.cancel()
    assert.isTrue(await isIdle())
  })

  it.each([
    ["declared", { "content-length": "101" }, []],
    ["in one piece", {}, [101]],
    ["in many", {}, [60, 40, 1]]
  ] as const)("takes no more than the limit: %s", async (_, headers, sizes) => {
    for (const isAbortTold of [true, false]) {
      const { aborts, data, error, head, isIdle, outcomes, start } = begun(isAbortTold)
      start()
      head(200, headers)
      for (const size of sizes) data(size)
      // What was on its way comes nevertheless.
      data(1)
      if (!isAbortTold) error(new Error("the connection is gone"))
      await settled()
      assert.deepStrictEqual(outcomes, [{ _tag: "BodyTooLarge", limit }])
      assert.strictEqual(aborts.length, 1)
      assert.isTrue(await isIdle())
    }
  })

  it("is none where the answer is longer than it declares, whatever comes after", async () => {
    for (const isAbortTold of [true, false]) {
      const { aborts, data, end, head, isIdle, outcomes, start } = begun(isAbortTold)
      start()
      head(200, { "content-length": "10" })
      data(10)
      data(1)
      data(1)
      if (!isAbortTold) end()
      await settled()
      assert.strictEqual(outcomes.length, 1)
      assert.strictEqual(causeOf(outcomes), "The response is longer than it declares")
      assert.isAtLeast(aborts.length, 1)
      assert.isTrue(await isIdle())
    }
  })

  it("is none where the connection has brought this answer before", async () => {
    const { aborts, head, isIdle, outcomes, start, trip } = begun()
    const answers = new RepeatedAnswers()
    answers.isRepeated({ "x-acs-request-id": "1" })
    trip.goesOver(answers)
    start()
    head(200, { "x-acs-request-id": "1" })
    await settled()
    assert.match(String(causeOf(outcomes)), /belongs to another request/)
    assert.isUndefined(trip.status)
    assert.strictEqual(aborts.length, 1)
    assert.isTrue(await isIdle())
  })

  it("fails as its connection does: before the head, and within the body", async () => {
    for (const isBegun of [false, true]) {
      const { data, error, head, isIdle, outcomes, start, trip } = begun()
      start()
      if (isBegun) {
        head(200, { "content-length": "10" })
        data(5)
      }
      error(new Error("reset"))
      await settled()
      assert.strictEqual(causeOf(outcomes), "reset")
      assert.strictEqual(trip.status, isBegun ? 200 : undefined)
      assert.isTrue(await isIdle())
    }
  })
})

describe("a round trip whose end undici tells twice, as its proxy does where it is refused", () => {
  const twice: ReadonlyArray<[string, (trip: ReturnType<typeof begun>) => void]> = [
    ["an end", ({ end }) => end()],
    ["another error", ({ error }) => error(new Error("the connection is gone"))]
  ]

  it.each(twice)("ends once: an error, then %s", async (_, again) => {
    const refused = begun()
    refused.start()
    refused.error(new Error("407"))
    again(refused)
    await settled()
    assert.strictEqual(refused.outcomes.length, 1)
    assert.strictEqual(causeOf(refused.outcomes), "407")
    assert.isTrue(await refused.isIdle())
  })

  it.each(twice)("takes no other request for ended: an error, then %s", async (_, again) => {
    const refused = begun()
    const inFlight = refused.inFlight
    const other = new UndiciRoundTrip(limit, () => {}, inFlight, "1.1")
    refused.start()
    refused.error(new Error("407"))
    again(refused)
    assert.isFalse(await refused.isIdle())
    other.onResponseError(null, new Error("the end of the other"))
    assert.isTrue(await refused.isIdle())
  })
})

describe("a cancelled round trip", () => {
  it("that waits for a connection gives it to the next", async () => {
    const { aborts, error, isIdle, outcomes, start, trip } = begun()
    trip.cancel()
    let thrown: unknown
    try {
      start()
    } catch (cause) {
      thrown = cause
    }
    assert.strictEqual((thrown as Error).name, "AbortError") // an Aborted
    error(thrown as Error) // as undici does
    await settled()
    assert.deepStrictEqual(outcomes, [])
    assert.deepStrictEqual(aborts, [])
    assert.isTrue(await isIdle())
  })

  const steps: ReadonlyArray<[name: string, advance: (trip: ReturnType<typeof begun>) => void, isOver: boolean]> = [
    ["before the head", () => {}, false],
    ["after an informational answer", ({ head }) => head(100), false],
    ["after the head", ({ head }) => head(), false],
    ["in the body", ({ data, head }) => (head(), data(10)), false],
    ["at the end of the body", ({ data, end, head }) => (head(), data(10), end()), true],
    ["where the body was too large", ({ data, head }) => (head(), data(101)), true],
    ["where it has failed", ({ error }) => error(new Error("reset")), true]
  ]

  it.each(steps)("tells nothing any more, and ends once: %s", async (_, advance, isOver) => {
    const begunTrip = begun()
    const { aborts, isIdle, outcomes, start, trip } = begunTrip
    start()
    advance(begunTrip)
    const before = aborts.length
    trip.cancel()
    trip.cancel()
    await settled()
    assert.deepStrictEqual(outcomes, [])
    assert.strictEqual(aborts.length - before, isOver ? 0 : 1)
    assert.isTrue(await isIdle())
  })

  it("tells at most once in any order of events, and leaves nothing under way", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(
        FastCheck.array(FastCheck.constantFrom("head", "declared", "data", "cancel", "pause"), { maxLength: 8 }),
        FastCheck.constantFrom("end", "error"),
        async (events, last) => {
          const { aborts, data, end, error, head, isIdle, outcomes, start, trip } = begun()
          start()
          let isBegun = false
          let toldBefore: number | undefined
          for (const event of events) {
            if (event === "pause") await Promise.resolve()
            if (event === "cancel") {
              toldBefore ??= outcomes.length
              trip.cancel()
            }
            // undici tells nothing of what was aborted.
            if (aborts.length > 0) continue
            if (!isBegun && (event === "head" || event === "declared")) {
              isBegun = true
              head(200, event === "declared" ? { "content-length": "50" } : {})
            }
            if (isBegun && event === "data") data(30)
          }
          if (aborts.length === 0) {
            if (last === "end" && isBegun) end()
            else error(new Error("reset"))
          }
          await settled()
          assert.strictEqual(outcomes.length, toldBefore ?? 1)
          assert.isTrue(await isIdle())
        }
      )
    ))
})
