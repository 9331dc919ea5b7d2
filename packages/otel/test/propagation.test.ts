import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestTelemetry } from "../src/TestTelemetry.ts"
import type { Report } from "./programs/undici.ts"
import * as support from "./support.ts"

const propagating = (propagate: boolean) =>
  Effect.gen(function* () {
    const { layer, requests } = support.client(support.inTurn(support.throttled, support.passed))
    yield* support.settled(
      Cloudauth.checkResult(support.request).pipe(
        Effect.provide(layer),
        Effect.provideService(Telemetry.PropagateTrace, propagate)
      )
    )
    return { requests, spans: yield* (yield* TestTelemetry).spans }
  }).pipe(Effect.provide(TestTelemetry.layer))

describe("traceparent", () => {
  it.effect("is not sent: the service is a third party", () =>
    Effect.gen(function* () {
      const { requests } = yield* propagating(false)
      assert.lengthOf(requests, 2)
      for (const { headers } of requests) {
        for (const name of ["traceparent", "tracestate", "b3", "baggage"]) assert.notProperty(headers, name)
      }
    })
  )

  it.effect("is sent on request, naming the attempt, and is not signed", () =>
    Effect.gen(function* () {
      const { requests, spans } = yield* propagating(true)
      const attempts = spans.filter((span) => span.name === "Cloudauth.attempt")
      assert.lengthOf(requests, 2)
      for (const [index, { headers }] of requests.entries()) {
        const { spanId, traceId } = attempts[index]?.spanContext() ?? { spanId: "", traceId: "" }
        assert.strictEqual(headers["traceparent"], `00-${traceId}-${spanId}-01`)
        assert.notInclude(headers["authorization"], "traceparent")
        assert.notProperty(headers, "b3")
      }
    })
  )
})

const run = async (...parameters: ReadonlyArray<string>): Promise<Report> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, "programs/undici.ts"), ...parameters],
    {
      env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"], NODE_NO_WARNINGS: "1" }
    }
  )
  return JSON.parse(stdout) // the program prints a Report
}

const withoutInstrumentation = `
handler
  Cloudauth.checkResult
    Cloudauth.attempt ✗ Throttled
      Cloudauth.refreshCredential
        GET
    Cloudauth.attempt
  GET
`.trim()

// The instrumentation must be there before undici: each case is a process of its own.
describe("with @opentelemetry/instrumentation-undici in the process", () => {
  for (const transport of ["fetch", "undici"]) {
    it(`over ${transport}, requests are on the attempts' spans alone, and what else is fetched is seen`, async () => {
      const report = await run(transport)
      assert.strictEqual(report.tree, withoutInstrumentation)
      assert.deepStrictEqual(report.traceparents, [0, 0])
      assert.deepStrictEqual(report.idsSeen, [])
    })
  }

  for (const [transport, mode, tree] of [
    ["undici", "none", "handler\n  GET\n  GET"],
    ["fetch", "none", "handler\n  GET\n  GET"],
    ["undici", "effect", withoutInstrumentation],
    ["fetch", "effect", withoutInstrumentation],
    [
      "facade",
      "none",
      "handler\n  Cloudauth.checkResult\n    Cloudauth.attempt ✗ Throttled\n    Cloudauth.attempt\n  GET"
    ]
  ] as const) {
    it(`over ${transport}, traced by ${mode}, no HTTP request shows, and what follows is traced as before`, async () => {
      const report = await run(transport, mode)
      assert.strictEqual(report.tree, tree)
      assert.deepStrictEqual(report.foreignHeaders, [])
      assert.deepStrictEqual(report.idsSeen, [])
    })
  }

  it("traceparent is sent once if the client is asked to send it", async () => {
    const report = await run("undici", "propagate")
    assert.deepStrictEqual(report.traceparents, [1, 1])
    assert.strictEqual(report.tree, withoutInstrumentation)
  })

  it("its spans nest below the attempts on request, without the ids, traceparent once", async () => {
    const report = await run("undici", "nested")
    assert.strictEqual(
      report.tree,
      `
handler
  Cloudauth.checkResult
    Cloudauth.attempt ✗ Throttled
      Cloudauth.refreshCredential
        GET
      POST ✗ 403
    Cloudauth.attempt
      POST
  GET
`.trim()
    )
    assert.deepStrictEqual(report.traceparents, [1, 1])
    assert.deepStrictEqual(report.idsSeen, [])
  })
})
