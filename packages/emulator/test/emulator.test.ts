import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Emulator } from "../src/Emulator.ts"
import * as Fault from "../src/Fault.ts"
import * as Scenario from "../src/Scenario.ts"
import { checkResultQuery, signedHeaders } from "./support.ts"

/** A signed call through whatever client there is. */
const checkResult = Effect.fnUntraced(function* (
  transactionId: string,
  credentials?: { readonly accessKeyId: string; readonly secret: string; readonly token: string }
) {
  const emulator = yield* Emulator
  const client = yield* HttpClient.HttpClient
  const query = checkResultQuery(transactionId)
  const headers = signedHeaders(query, {
    accessKeyId: emulator.accessKeyId,
    secret: Redacted.value(emulator.accessKeySecret),
    ...credentials,
    host: `${emulator.host}:${emulator.port}`,
    now: yield* emulator.now
  })
  const response = yield* client.execute(HttpClientRequest.post(`${emulator.url}/?${query}`, { headers }))
  // The body of an answer is JSON that these tests look into.
  const body = (yield* response.json) as { readonly Code: string; readonly Result?: { readonly Passed: string } }
  return { status: response.status, headers: response.headers, body }
})

const transports = [
  ["on a port", Layer.provideMerge(FetchHttpClient.layer, Emulator.layer())],
  ["in memory", Layer.provideMerge(Emulator.layerHttpClient, Emulator.layerMemory())]
] as const

describe.each(transports)("%s", (_name, layer) => {
  it.effect("answers by scenario and logs each call", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("t1", Scenario.sequence([Scenario.notCompleted, Scenario.passed()]))
      const first = yield* checkResult("t1")
      assert.deepStrictEqual([first.status, first.body.Code], [404, "ProcessNotCompleted"])
      const second = yield* checkResult("t1")
      assert.deepStrictEqual([second.status, second.body.Result?.Passed], [200, "Y"])
      const calls = yield* emulator.callsOf("t1")
      assert.deepStrictEqual(
        calls.map(({ action, code, signature, status }) => ({ action, code, signature, status })),
        [
          { action: "CheckResult", code: "ProcessNotCompleted", signature: "Verified", status: 404 },
          { action: "CheckResult", code: "Success", signature: "Verified", status: 200 }
        ]
      )
      assert.notStrictEqual(calls[0]?.nonce, calls[1]?.nonce)
    }).pipe(Effect.provide(layer))
  )

  it.effect("forgets a result after 30 days", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("t2", Scenario.passed())
      yield* emulator.advance("30 days")
      assert.strictEqual((yield* checkResult("t2")).body.Code, "Success")
      yield* emulator.advance("1 second")
      assert.strictEqual((yield* checkResult("t2")).body.Code, "TransactionIdInvalid")
    }).pipe(Effect.provide(layer))
  )

  it.effect("limits calls a second and says how long to wait", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.setQps(2)
      yield* emulator.setTime(1_700_000_000_250)
      yield* checkResult("hksb-spoofed")
      assert.strictEqual((yield* checkResult("hksb-spoofed")).body.Code, "Success")
      const third = yield* checkResult("hksb-spoofed")
      assert.deepStrictEqual([third.body.Code, third.headers["x-acs-retry-after"]], ["Throttling.Api", "750"])
      yield* emulator.advance(750)
      assert.strictEqual((yield* checkResult("hksb-spoofed")).body.Code, "Success")
    }).pipe(Effect.provide(layer))
  )

  it.effect("ends temporary keys on its own clock", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const key = yield* emulator.issueTemporaryKey("1 hour")
      const credentials = {
        accessKeyId: key.accessKeyId,
        secret: Redacted.value(key.accessKeySecret),
        token: Redacted.value(key.securityToken)
      }
      assert.strictEqual((yield* checkResult("hksb-spoofed", credentials)).body.Code, "Success")
      yield* emulator.advance("1 hour")
      const late = yield* checkResult("hksb-spoofed", credentials)
      assert.strictEqual(late.body.Code, "InvalidSecurityToken.Expired")
    }).pipe(Effect.provide(layer))
  )

  it.effect("skews its clock, and its Date header tells by how much", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.setTime(1_700_000_000_000)
      yield* emulator.setFaults([Fault.rule(Fault.Fault.cases.ClockSkew.make({ millis: 3_600_000 }))])
      const skewed = yield* checkResult("hksb-spoofed")
      assert.strictEqual(skewed.body.Code, "InvalidTimeStamp.Expired")
      assert.strictEqual(Date.parse(skewed.headers["date"] ?? ""), 1_700_003_600_000)
      assert.deepStrictEqual(yield* emulator.faultCounts, { ClockSkew: 1 })
    }).pipe(Effect.provide(layer))
  )

  it.effect("starts each suffix of a well-known id afresh", () =>
    Effect.gen(function* () {
      const codes = yield* Effect.forEach(["a", "a", "a", "b"], (suffix) =>
        Effect.map(checkResult(`hksb-throttled-twice-${suffix}`), ({ body }) => body.Code)
      )
      assert.deepStrictEqual(codes, ["Throttling.Api", "Throttling.Api", "Success", "Throttling.Api"])
    }).pipe(Effect.provide(layer))
  )
})

describe("the layer", () => {
  it.effect("reports a port that is taken", () =>
    Effect.gen(function* () {
      const { port } = yield* Emulator
      const error = yield* Effect.flip(Effect.provide(Emulator, Emulator.layer({ port }), { local: true }))
      assert.strictEqual(error._tag, "ListenError")
      assert.strictEqual(error.port, port)
    }).pipe(Effect.provide(Emulator.layer()))
  )

  it.effect("stops listening with its scope", () =>
    Effect.gen(function* () {
      const url = yield* Effect.provide(
        Effect.map(Emulator, (emulator) => emulator.url),
        Emulator.layer()
      )
      const error = yield* Effect.flip(HttpClient.get(url))
      assert.strictEqual(error.reason._tag, "TransportError")
    }).pipe(Effect.provide(FetchHttpClient.layer))
  )
})
