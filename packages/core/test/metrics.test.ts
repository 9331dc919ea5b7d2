/** The client's metrics in Effect's own registry, with no package of OpenTelemetry's. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import * as Metrics from "../src/Metrics.ts"
import * as Telemetry from "../src/Telemetry.ts"

const request = { merchantBizId: "canarymerchant", transactionId: "canarytransaction" }

const check = (answer: Parameters<typeof Cloudauth.layerTest>[0]) =>
  Effect.exit(Cloudauth.checkResult(request).pipe(Effect.provide(Cloudauth.layerTest(answer), { local: true })))

/** What a scrape shows of a program, in a registry of its own. */
const scraped = <E>(program: Effect.Effect<unknown, E>) =>
  program.pipe(Effect.andThen(PrometheusMetrics.format()), Effect.provideService(Metric.MetricRegistry, new Map()))

describe("a client's metrics", () => {
  it.effect("are Effect's: a scrape shows the call, and nothing of the person", () =>
    Effect.gen(function* () {
      const text = yield* scraped(check(() => Canned.rejected("212")))
      const lines = text.split("\n")
      const series = (name: string) =>
        lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      assert.lengthOf(series("cloudauth_verdicts"), 1)
      assert.include(series("cloudauth_verdicts")[0], 'cloudauth_sub_code="212"')
      assert.match(series("cloudauth_operation_active")[0] ?? "", / 0( |$)/)
      assert.match(series("cloudauth_attempt_duration_count")[0] ?? "", /http_response_status_code="200".* 1( |$)/)
      assert.notMatch(text, /canary/)
    })
  )

  it.effect("have the program's own metric attributes", () =>
    Effect.gen(function* () {
      const text = yield* scraped(
        check(() => Canned.passed()).pipe(Effect.provideService(Metric.CurrentMetricAttributes, { tenant: "blue" }))
      )
      for (const line of text.split("\n").filter((line) => line.startsWith("cloudauth_"))) {
        assert.include(line, 'tenant="blue"')
      }
    })
  )

  it.effect("have no label but those of the table, whatever a server says", () =>
    Effect.gen(function* () {
      const seen: Array<readonly [Metrics.Name, Metrics.Labels]> = []
      const observer = Metrics.observer((name, _, labels) => seen.push([name, labels]))
      yield* check(() =>
        Canned.response(JSON.stringify({ Code: "Throttling.canary", Message: "canary", RequestId: "canary" }), 418)
      ).pipe(Effect.provideService(Telemetry.Observer, observer))
      assert.isNotEmpty(seen)
      for (const [name, labels] of seen) {
        assert.includeMembers([...Metrics.table[name].attributes], Object.keys(labels))
        assert.notMatch(JSON.stringify(labels), /canary|418/)
      }
    })
  )

  it.effect("are not recorded if the observer is undefined", () =>
    Effect.gen(function* () {
      const layer = Cloudauth.layerTest(() => Canned.passed()).pipe(
        Layer.provide(Layer.succeed(Telemetry.Observer, undefined))
      )
      const text = yield* scraped(Effect.provide(Cloudauth.checkResult(request), layer, { local: true }))
      assert.notInclude(text, "cloudauth_")
    })
  )

  it.effect("tell how fetching a credential ended", () =>
    Effect.gen(function* () {
      const credentials = Credentials.layerRefreshing({
        load: Effect.fail(CloudauthError.credentialsError("the vault is closed"))
      })
      const text = yield* scraped(
        Effect.exit(Effect.flatMap(Credentials, ({ get }) => get).pipe(Effect.provide(credentials, { local: true })))
      )
      assert.match(text, /cloudauth_credential_refresh_duration_count\{.*cloudauth_credential_refresh="failed".*\} 1/)
    })
  )
})
