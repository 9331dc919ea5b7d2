/** What Initialize asks for decides what the result can say. The client is the real one; time is the test clock's. */
import { assert, describe, it } from "@effect/vitest"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { InitializeRequest } from "@effect-cloudauth/core/InitializeRequest"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Emulator } from "../src/Emulator.ts"
import * as Scenario from "../src/Scenario.ts"

const run = <A, E>(effect: Effect.Effect<A, E, Cloudauth | Emulator>) => Effect.provide(effect, Emulator.layerClient())

const initialize = (more: Partial<InitializeRequest> = {}) =>
  Effect.map(
    Cloudauth.initialize({ merchantBizId: "order1", merchantUserId: "u1", docType: "01000000", ...more }),
    ({ transactionId }) => transactionId
  )

const check = (transactionId: string, isReturnImage = true) =>
  Cloudauth.checkResult({ merchantBizId: "order1", transactionId, isReturnImage }, { retry: RetryPolicy.none })

const failure = (transactionId: string) => Effect.map(Effect.flip(check(transactionId)), ({ _tag }) => _tag)

/** The result of a user whom Initialize sent on the way, ending with a scenario. */
const resultOf = (scenario: Scenario.Scenario, more: Partial<InitializeRequest> = {}, isReturnImage = true) =>
  Effect.gen(function* () {
    const { completeJourney } = yield* Emulator
    const transactionId = yield* initialize(more)
    assert.isTrue(yield* completeJourney(transactionId, scenario))
    return yield* check(transactionId, isReturnImage)
  })

describe("IdSpoof", () => {
  it.effect.each([
    Scenario.spoofed(["TAMPER"]),
    Scenario.contradictory("SpoofRisk"),
    Scenario.contradictory("SpoofTypeWithoutResult"),
    Scenario.repeatedKey("spoofInfo"),
    Scenario.repeatedKey("spoofResult"),
    Scenario.passed({ extraExtIdInfo: { spoofInfo: '{"spoofResult":"Y"}' } })
  ])("without it no risk is found, whatever the scenario: %j", (scenario) =>
    Effect.gen(function* () {
      const { spoof, verdict } = yield* resultOf(scenario)
      assert.strictEqual(verdict._tag, "Passed")
      // N, of which a client that doesn't know what was asked can't say more.
      assert.deepStrictEqual(spoof.front, { _tag: "Unconfirmed", types: [] })
      assert.strictEqual((yield* resultOf(scenario, { idSpoof: false })).spoof.front._tag, "Unconfirmed")
    }).pipe(run)
  )

  it.effect("with it the risk is reported", () =>
    Effect.gen(function* () {
      const { spoof, verdict } = yield* resultOf(Scenario.spoofed(["TAMPER"]), { idSpoof: true })
      assert.strictEqual(verdict._tag, "Rejected")
      assert.deepStrictEqual(spoof.front, { _tag: "Risk", types: ["TAMPER"] })
    }).pipe(run)
  )
})

describe("the edit page, the pages and the images", () => {
  it.effect("edited fields come only if the page was shown and could be edited", () =>
    Effect.gen(function* () {
      const edited = (more: Partial<InitializeRequest>) =>
        Effect.map(resultOf(Scenario.editedByUser(), more), ({ ocrEdited }) => ocrEdited._tag)
      assert.strictEqual(yield* edited({}), "Read")
      assert.strictEqual(yield* edited({ showOcrResult: true, editOcrResult: true }), "Read")
      assert.strictEqual(yield* edited({ showOcrResult: false }), "NotRead")
      assert.strictEqual(yield* edited({ editOcrResult: false }), "NotRead")
    }).pipe(run)
  )

  it.effect("the back comes only if Pages asks for it", () =>
    Effect.gen(function* () {
      const back = (scenario: Scenario.Scenario, more: Partial<InitializeRequest>) =>
        Effect.map(resultOf(scenario, more), ({ images, ocrBack, spoof }) => [
          ocrBack._tag !== "NotRead",
          spoof.back._tag !== "NotReported",
          images.back !== undefined
        ])
      assert.deepStrictEqual(yield* back(Scenario.passed({ back: true }), {}), [false, false, false])
      assert.deepStrictEqual(yield* back(Scenario.passed({ back: true }), { pages: "01" }), [false, false, false])
      assert.deepStrictEqual(yield* back(Scenario.passed(), { pages: "01,02" }), [true, true, true])
      assert.deepStrictEqual(yield* back(Scenario.passed({ back: false }), { pages: "01,02" }), [false, false, false])
    }).pipe(run)
  )

  it.effect("images come only if CheckResult asks for them", () =>
    Effect.gen(function* () {
      assert.isUndefined((yield* resultOf(Scenario.passed(), {}, false)).images.front)
      assert.isDefined((yield* resultOf(Scenario.passed())).images.front)
    }).pipe(run)
  )
})

describe("the life of a transaction", () => {
  it.effect("is 30 minutes: a user who has not finished by then never does", () =>
    Effect.gen(function* () {
      const { completeJourney, journeys } = yield* Emulator
      const inTime = yield* initialize()
      const late = yield* initialize()
      assert.match(late, /^emulator-/)
      yield* TestClock.adjust("30 minutes")
      yield* TestClock.adjust(-1)
      assert.strictEqual(yield* failure(late), "ProcessNotCompleted")
      assert.isTrue(yield* completeJourney(inTime))
      yield* TestClock.adjust(1)
      assert.isFalse(yield* completeJourney(late))
      assert.deepStrictEqual(
        (yield* journeys).map(({ state }) => state),
        ["Completed", "Abandoned"]
      )
      yield* TestClock.adjust("40 days")
      assert.strictEqual(yield* failure(late), "ProcessNotCompleted")
    }).pipe(run)
  )

  it.effect("a user who takes longer than 30 minutes abandons it", () =>
    Effect.gen(function* () {
      const transactionId = yield* initialize()
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* failure(transactionId), "ProcessNotCompleted")
      assert.strictEqual((yield* (yield* Emulator).journeys)[0]?.state, "Abandoned")
    }).pipe(Effect.provide(Emulator.layerClient({ journeys: { completesAfterMillis: 31 * 60_000 } })))
  )

  it.effect("the result is kept for 30 days from completion, then the id is invalid", () =>
    Effect.gen(function* () {
      const transactionId = yield* initialize()
      yield* TestClock.adjust("20 minutes")
      assert.isTrue(yield* (yield* Emulator).completeJourney(transactionId))
      yield* TestClock.adjust("30 days")
      assert.strictEqual((yield* check(transactionId)).verdict._tag, "Passed")
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* failure(transactionId), "TransactionIdInvalid")
    }).pipe(run)
  )

  it.effect("its dates are those of the day on which the user finished", () =>
    Effect.gen(function* () {
      const { completeJourney } = yield* Emulator
      const transactionId = yield* initialize()
      assert.isTrue(yield* completeJourney(transactionId, Scenario.expired()))
      const first = yield* check(transactionId)
      yield* TestClock.adjust("10 days")
      assert.deepStrictEqual(first.ocr, (yield* check(transactionId)).ocr)
    }).pipe(run)
  )
})
