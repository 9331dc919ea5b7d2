import * as Metrics from "@effect-cloudauth/core/Metrics"
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import * as Attributes from "../src/Attributes.ts"
import { type RecordedMetric, TestTelemetry } from "../src/TestTelemetry.ts"
import manifest from "../package.json" with { type: "json" }
import * as support from "./support.ts"

const metricsAfter = <E>(use: Effect.Effect<unknown, E, TestTelemetry>) =>
  Effect.gen(function* () {
    yield* use
    return yield* (yield* TestTelemetry).metrics
  }).pipe(Effect.provide(TestTelemetry.layer))

const calling = (
  handler: Parameters<typeof support.client>[0],
  call: Effect.Effect<unknown, unknown, Cloudauth> = Cloudauth.checkResult(support.request)
) => metricsAfter(support.settled(Effect.provide(call, support.client(handler).layer)))

/** The points of a metric: attributes and value; of a histogram, its count and sum. */
const points = (metrics: ReadonlyArray<RecordedMetric>, name: Metrics.Name) => {
  const data = metrics.find((metric) => metric.descriptor.name === name)?.dataPoints ?? []
  return data.map(({ attributes, value }) => [attributes, typeof value === "number" ? value : [value.count, value.sum]])
}

/** What was called, and where. */
const asked = { "rpc.method": "Cloudauth/CheckResult", "cloud.region": "cn-hongkong" }

describe("metrics", () => {
  it.effect("of a call that is throttled twice and passes", () =>
    Effect.gen(function* () {
      const metrics = yield* calling(support.inTurn(support.throttled, support.throttled, support.passed))
      const of = (name: Metrics.Name) => points(metrics, name)
      const passed = {
        "rpc.method": "Cloudauth/CheckResult",
        "cloud.region": "cn-hongkong",
        "cloudauth.outcome": "passed"
      }
      const [[attributes]] = of("cloudauth.operation.duration") as [[unknown]] // one series
      assert.deepStrictEqual(attributes, passed)
      assert.deepStrictEqual(of("cloudauth.operation.attempts"), [[passed, [1, 3]]])
      assert.deepStrictEqual(of("cloudauth.operation.active"), [[{}, 0]])
      assert.deepStrictEqual(of("cloudauth.retries"), [
        [{ "cloudauth.retry.class": "throttle", "error.type": "Throttled" }, 2]
      ])
      assert.deepStrictEqual(of("cloudauth.throttles"), [
        [{ "cloud.region": "cn-hongkong", "cloudauth.response.code": "Throttling.Api" }, 2]
      ])
      assert.deepStrictEqual(of("cloudauth.verdicts"), [
        [
          {
            "cloud.region": "cn-hongkong",
            "cloudauth.verdict": "Passed",
            "cloudauth.sub_code": "200",
            "cloudauth.document": "HongKongIdentityCard"
          },
          1
        ]
      ])
      assert.deepStrictEqual(
        of("cloudauth.attempt.duration").map(([attributes, value]) => [attributes, (value as Array<number>)[0]]),
        [
          [{ ...asked, "http.response.status_code": 403, "error.type": "Throttled" }, 2],
          [{ ...asked, "http.response.status_code": 200 }, 1]
        ]
      )
      const [[, [sizes]]] = of("cloudauth.response.size") as [[unknown, [number]]] // one series
      assert.strictEqual(sizes, 3)
      const [[, [decodes, seconds]]] = of("cloudauth.decode.duration") as [[unknown, [number, number]]] // one series
      assert.strictEqual(decodes, 1)
      assert.isBelow(seconds, 1)
    })
  )

  it.effect("tell the service's time from the waits before it", () =>
    Effect.gen(function* () {
      const transport = support.fakeTransport((request) =>
        Effect.sleep("5 seconds").pipe(
          Effect.andThen(Effect.sync(() => request.onConnected?.())),
          Effect.andThen(Effect.sleep("1 second")),
          Effect.andThen(Canned.passed())
        )
      )
      const client = Cloudauth.layerTransport({ quota: "none" }).pipe(
        Layer.provide([Credentials.layerStatic(support.key), transport.layer])
      )
      const check = Cloudauth.checkResult(support.request)
      const metrics = yield* metricsAfter(support.settled(Effect.provide(check, client)))
      const sums = (["cloudauth.attempt.duration", "cloudauth.exchange.duration"] as const).map(
        (name) => (points(metrics, name) as [[unknown, [number, number]]])[0][1][1] // one series of a histogram
      )
      assert.deepStrictEqual(sums.map(Math.round), [6, 1])
    })
  )

  it.effect("count a verdict and a billed authentication once, however often its result is fetched", () =>
    Effect.gen(function* () {
      const twice = Effect.andThen(Cloudauth.checkResult(support.request), Cloudauth.checkResult(support.request))
      const other = Cloudauth.checkResult({ ...support.request, transactionId: "another" })
      const metrics = yield* calling(() => Canned.passed(), Effect.andThen(twice, other))
      assert.deepStrictEqual(points(metrics, "cloudauth.authentications.billed"), [
        [{ "cloudauth.sub_code": "200" }, 2]
      ])
      const [[attributes, count]] = points(metrics, "cloudauth.verdicts") as [[object, number]] // one series
      assert.strictEqual(count, 2)
      assert.notProperty(attributes, "cloudauth.billed")
    })
  )

  it.effect("count a call under way until it ends, however it ends", () =>
    Effect.gen(function* () {
      const telemetry = yield* TestTelemetry
      const active = Effect.map(telemetry.metrics, (metrics) => points(metrics, "cloudauth.operation.active")[0]?.[1])
      const call = Cloudauth.checkResult(support.request).pipe(Effect.provide(support.client(() => Effect.never).layer))
      const fiber = yield* Effect.forkChild(call)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* active, 1)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(yield* active, 0)
      const [[attributes]] = points(yield* telemetry.metrics, "cloudauth.operation.duration") as [[unknown]] // as above
      assert.deepStrictEqual(attributes, {
        "rpc.method": "Cloudauth/CheckResult",
        "cloud.region": "cn-hongkong",
        "cloudauth.outcome": "interrupted"
      })
    }).pipe(Effect.provide(TestTelemetry.layer))
  )

  it.effect("count no error while a user has not finished", () =>
    Effect.gen(function* () {
      const metrics = yield* calling(
        support.inTurn(support.notCompleted),
        Cloudauth.awaitResult(support.request, { polling: Schedule.recurs(2) })
      )
      assert.deepStrictEqual(points(metrics, "cloudauth.operation.attempts"), [
        [
          {
            "rpc.method": "Cloudauth/CheckResult",
            "cloud.region": "cn-hongkong",
            "cloudauth.outcome": "not_completed"
          },
          [3, 3]
        ]
      ])
      for (const metric of metrics) {
        for (const { attributes } of metric.dataPoints) assert.notProperty(attributes, "error.type")
      }
    })
  )

  it.effect(
    "count warnings by their path, refreshes by their end, the limiter's wait, the quota and the days left",
    () =>
      Effect.gen(function* () {
        const passed = Canned.passed(undefined, { fields: { birthDate: "soon" } })
        const transport = support.fakeTransport(() => Effect.andThen(Telemetry.limiterWaited(1500), passed))
        const client = (load: Effect.Effect<typeof support.key, Error>) =>
          Cloudauth.layerTransport().pipe(Layer.provide([Credentials.layerRefreshing({ load }), transport.layer]))
        const check = Cloudauth.checkResult(support.request)
        const metrics = yield* metricsAfter(
          Effect.gen(function* () {
            yield* TestClock.setTime(30 * 86_400_000)
            yield* support.settled(
              Effect.provide(
                Effect.andThen(check, Telemetry.resultFetched(86_400_000)),
                client(Effect.succeed(support.key))
              )
            )
            yield* support.settled(Effect.provide(check, client(Effect.fail(new Error("no")))))
          })
        )
        assert.deepStrictEqual(points(metrics, "cloudauth.decode.warnings"), [
          [{ "cloudauth.warning.path": "Result.ExtIdInfo.ocrIdInfo.birthDate" }, 1]
        ])
        assert.deepStrictEqual(points(metrics, "cloudauth.limiter.wait.duration"), [[{}, [1, 1.5]]])
        assert.deepStrictEqual(points(metrics, "cloudauth.quota.waiting"), [[{}, [1, 0]]])
        assert.deepStrictEqual(points(metrics, "cloudauth.quota.share"), [[{}, [1, 0.1]]])
        assert.deepStrictEqual(
          points(metrics, "cloudauth.credential.refresh.duration").map(([attributes]) => attributes),
          [{ "cloudauth.credential.refresh": "succeeded" }, { "cloudauth.credential.refresh": "failed" }]
        )
        const [[, [count, days]]] = points(metrics, "cloudauth.result.days_left") as [[unknown, [number, number]]] // as above
        assert.strictEqual(count, 1)
        assert.approximately(days, 1, 0.01)
      })
  )

  it.effect("have the units, descriptions, buckets and attributes of the table, and no others", () =>
    Effect.gen(function* () {
      const metrics = yield* calling(
        support.inTurn(support.throttled, support.error("InternalError", 500), support.rejected("211"))
      )
      assert.isAbove(metrics.length, 8)
      for (const { dataPoints, descriptor, scope } of metrics) {
        assert.property(Metrics.table, descriptor.name)
        const facts: Metrics.Instrument = Metrics.table[descriptor.name as Metrics.Name] // property has just shown the key
        assert.deepStrictEqual([descriptor.unit, descriptor.description], [facts.unit, facts.description])
        assert.deepStrictEqual([scope.name, scope.version], ["@effect-cloudauth/otel", manifest.version])
        const value = dataPoints[0]?.value
        if (typeof value === "object") assert.deepStrictEqual(value.buckets?.boundaries, [...(facts.buckets ?? [])])
        for (const { attributes } of dataPoints) {
          for (const attribute of Object.keys(attributes)) {
            assert.include(facts.attributes, attribute)
            assert.include(Attributes.definitionOf(attribute as Attributes.Name).signals, "metric") // as the line above shows
          }
        }
      }
    })
  )

  it.effect("make no series of what a server says", () =>
    Effect.gen(function* () {
      const text = fc.oneof(fc.string(), fc.constantFrom("200", "Success", "Throttling.Api", "Throttling.Whatever", ""))
      const answers = fc.sample(
        fc.record({ status: fc.integer({ min: 200, max: 599 }), code: text, subCode: text, path: fc.string() }),
        { numRuns: 300, seed: 1 }
      )
      const metrics = yield* metricsAfter(
        Effect.forEach(answers, ({ code, path, status, subCode }, index) => {
          const ext = { ocrIdInfo: { [path]: 1, birthDate: 5 }, [path]: path, spoofInfo: path }
          const body =
            index % 2 === 0
              ? { Code: "Success", Result: { Passed: "N", SubCode: subCode, ExtIdInfo: ext } }
              : { Code: code, Message: path, RequestId: path }
          return support.settled(
            Effect.provide(
              Cloudauth.checkResult(support.request),
              support.client(() => Canned.response(JSON.stringify(body), status)).layer
            )
          )
        })
      )
      for (const { dataPoints, descriptor } of metrics) assert.isBelow(dataPoints.length, 40, descriptor.name)
      const allowed =
        /^(cn-hongkong|other|none|answer|Result\.ExtIdInfo[\w.]*|[A-Z]\w+(\.\w+)*|[a-z_]+|\d{3}|Cloudauth\/\w+)$/
      for (const { dataPoints } of metrics) {
        for (const { attributes } of dataPoints) {
          for (const value of Object.values(attributes)) assert.match(String(value), allowed)
        }
      }
    })
  )
})
