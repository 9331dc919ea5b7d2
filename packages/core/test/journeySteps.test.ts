/** How far users come: each step of a transaction is counted once, whatever asks and however often. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import * as TestClock from "effect/testing/TestClock"
import * as Canned from "../src/Canned.ts"
import { CollectQueue } from "../src/CollectQueue.ts"
import * as DecisionPolicy from "../src/DecisionPolicy.ts"
import * as DocType from "../src/DocType.ts"
import * as Document from "../src/Document.ts"
import * as Telemetry from "../src/Telemetry.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import { TransactionStoreError } from "../src/TransactionStoreError.ts"
import { databases, quick, saveResult, serviceOf, withQueue } from "./fixtures/collectQueue.ts"
import { genuine, merchant } from "./fixtures/merchant.ts"

const initialize = TransactionStore.initialize({
  merchantBizId: "order1",
  merchantUserId: "canaryuser",
  docType: DocType.GlobalPassport
})

const checkStored = TransactionStore.checkStored({ merchantBizId: "order1" })

/** The steps that an effect tells, and its value. */
const stepsOf = <A, E, R>(effect: Effect.Effect<A, E, R>) => {
  const told: Array<Telemetry.JourneyFacts> = []
  const observer = Telemetry.makeObserver({ journeyStepped: (facts) => told.push(facts) })
  return Effect.map(Effect.provideService(effect, Telemetry.Observer, observer), (value) => ({
    value,
    told,
    steps: told.map(({ step }) => step)
  }))
}

const policy = DecisionPolicy.standard

const passed = () => Canned.passed(Document.GlobalPassport)

describe("the steps of a user's way", () => {
  it.effect("are that it began, and that its result is known: after how long, and once for twenty answers", () =>
    Effect.gen(function* () {
      const { services } = yield* merchant(passed)
      const { steps, told } = yield* stepsOf(
        Effect.gen(function* () {
          yield* initialize
          yield* TestClock.adjust("4 minutes")
          for (let count = 0; count < 20; count++) yield* checkStored
        }).pipe(Effect.provide(services))
      )
      assert.deepStrictEqual(steps, ["begun", "finished"])
      assert.deepInclude(told[1], { age: 240_000, document: "GlobalPassport" })
      assert.strictEqual(told[1]?.result?.verdict._tag, "Passed")
    })
  )

  it.effect("do not end while the user has not finished", () =>
    Effect.gen(function* () {
      const { services } = yield* merchant(() => Canned.error("ProcessNotCompleted"))
      const { steps } = yield* stepsOf(
        Effect.andThen(initialize, Effect.exit(checkStored)).pipe(Effect.provide(services))
      )
      assert.deepStrictEqual(steps, ["begun"])
    })
  )

  it.effect(
    "end without a result if the user gives up, whichever asks first, and go on if the callback comes late",
    () =>
      Effect.gen(function* () {
        let isDone = false
        const { services, start } = yield* merchant(() => (isDone ? passed() : Canned.error("ProcessNotCompleted")))
        const { steps } = yield* stepsOf(
          Effect.gen(function* () {
            const { transactionId } = yield* Effect.provide(initialize, services)
            const send = yield* start(() => Effect.void)
            yield* TestClock.adjust("31 minutes")
            yield* Effect.exit(Effect.provide(checkStored, services))
            yield* TestClock.adjust("2 hours")
            isDone = true
            yield* send(genuine(transactionId))
            yield* TestClock.adjust(1)
          })
        )
        assert.deepStrictEqual(steps, ["begun", "abandoned", "finished"])
      })
  )

  it.effect("end as expired only if no result was ever known", () =>
    Effect.gen(function* () {
      const { services } = yield* merchant(passed)
      const expired = Effect.andThen(TestClock.adjust("33 days"), Effect.exit(checkStored))
      const lost = yield* stepsOf(Effect.andThen(initialize, expired).pipe(Effect.provide(services)))
      assert.deepStrictEqual(lost.steps, ["begun", "expired"])
      const other = yield* merchant(passed)
      const kept = yield* stepsOf(
        Effect.andThen(Effect.andThen(initialize, checkStored), expired).pipe(Effect.provide(other.services))
      )
      assert.deepStrictEqual(kept.steps, ["begun", "finished"])
    })
  )

  it.live("come from a queue that collects, too", () =>
    withQueue(databases[0].open, [], (process) =>
      Effect.gen(function* () {
        const service = serviceOf(() => Canned.rejected("212"))
        const { steps } = yield* stepsOf(
          Effect.gen(function* () {
            const { transactionId } = yield* process(Effect.provide(initialize, service.layer))
            yield* process(TransactionStore.use((store) => store.notified(transactionId)))
            const collect = Effect.gen(function* () {
              yield* CollectQueue.takeOver
              yield* CollectQueue.run({ ...quick, transactions: yield* TransactionStore, save: saveResult })
              yield* Effect.exit(checkStored)
            })
            yield* process(Effect.provide(collect, service.layer))
          })
        )
        assert.deepStrictEqual(steps, ["begun", "finished"])
      })
    )
  )
})

describe("decide", () => {
  it.effect("decides as the policy says, and counts a transaction's decision once, or again if it is revised", () =>
    Effect.gen(function* () {
      const { services } = yield* merchant(passed)
      const { steps, value } = yield* stepsOf(
        Effect.gen(function* () {
          yield* initialize
          const result = yield* checkStored
          const decisions = [
            yield* TransactionStore.decide({ ...policy, passed: "review" }, result),
            yield* TransactionStore.decide({ ...policy, passed: "review" }, result),
            yield* TransactionStore.decide(policy)({ ...result, findings: [] })
          ]
          return decisions.map(({ _tag }) => _tag)
        }).pipe(Effect.provide(services))
      )
      assert.deepStrictEqual(value, ["review", "review", "accept"])
      assert.deepStrictEqual(steps, ["begun", "finished", "reviewed", "passed"])
    })
  )

  it.effect.each([
    ["accept", "passed"],
    ["retake", "retaken"],
    ["review", "reviewed"],
    ["decline", "declined"]
  ] as const)("counts %s as %s", ([outcome, step]) =>
    Effect.gen(function* () {
      const { services } = yield* merchant(passed)
      const { steps } = yield* stepsOf(
        Effect.gen(function* () {
          yield* initialize
          const result = yield* checkStored
          yield* TransactionStore.decide({ ...policy, passed: outcome, findings: {} }, { ...result, findings: [] })
        }).pipe(Effect.provide(services))
      )
      assert.strictEqual(steps.at(-1), step)
    })
  )

  it.effect("decides though the store fails, does not hold the transaction, or the result has no id", () =>
    Effect.gen(function* () {
      const failing = Effect.fail(new TransactionStoreError({ operation: "reached", underlying: undefined }))
      const { services } = yield* merchant(undefined, (store) => ({ ...store, reached: () => failing }))
      const { steps } = yield* stepsOf(
        Effect.gen(function* () {
          yield* initialize
          const { transactionId: _, ...result } = yield* checkStored
          for (const decidable of [result, { ...result, transactionId: "stranger" }, yield* checkStored]) {
            assert.isDefined((yield* TransactionStore.decide(policy, decidable))._tag)
          }
        }).pipe(Effect.provide(services))
      )
      assert.deepStrictEqual(steps, ["begun"])
    })
  )
})

describe("the metrics of the journey", () => {
  it.effect("count steps by document, and results by verdict and bill, without an id", () =>
    Effect.gen(function* () {
      const { services } = yield* merchant(() => Canned.rejected("212"))
      const text = yield* Effect.gen(function* () {
        yield* initialize
        yield* TestClock.adjust("90 seconds")
        const result = yield* checkStored
        yield* TransactionStore.decide(policy, result)
        yield* checkStored
        return yield* PrometheusMetrics.format()
      }).pipe(Effect.provide(services), Effect.provideService(Metric.MetricRegistry, new Map()))
      const lines = text.split("\n").filter((line) => line.startsWith("cloudauth_journey_"))
      const steps = lines.filter((line) => line.startsWith("cloudauth_journey_steps{"))
      assert.lengthOf(steps, 3)
      for (const line of steps) assert.match(line, /cloudauth_document="GlobalPassport".* 1( |$)/)
      const count = lines.filter((line) => line.startsWith("cloudauth_journey_duration_count"))
      assert.lengthOf(count, 1)
      assert.match(count[0] ?? "", /cloudauth_verdict="Rejected".*cloudauth_billed="true".* 1( |$)/)
      assert.notMatch(text, /canary|order1|testorder1/)
    })
  )
})
