/** Initialize, callback and result, against the emulator, whose callbacks are real HTTP. */
import { assert, describe, it } from "@effect/vitest"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import type * as Journey from "@effect-cloudauth/emulator/Journey"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Tracer from "effect/Tracer"
import { createServer } from "node:http"
import * as Callback from "../src/Callback.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as DocType from "../src/DocType.ts"
import { TransactionStore } from "../src/TransactionStore.ts"

import { collecting, path, token } from "./fixtures/merchant.ts"

/** The whole merchant on a port, against the emulator in this process, whose callbacks are real HTTP. */
const journey = (options: { readonly callback?: Journey.CallbackOptions; readonly scenario?: Scenario.Scenario }) => {
  const emulator = Emulator.layerMemory({
    journeys: { documents: { [DocType.GlobalPassport]: "global-passport" }, ...options }
  })
  const client = Layer.unwrap(
    Effect.map(Emulator, ({ accessKeyId, accessKeySecret, url }) =>
      Cloudauth.layer({ url }).pipe(
        Layer.provide([Credentials.layerStatic({ accessKeyId, accessKeySecret }), Emulator.layerHttpClient])
      )
    )
  )
  return Layer.mergeAll(
    client,
    TransactionStore.layerMemory,
    NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })
  ).pipe(Layer.provideMerge(emulator))
}

const callbackUrl = HttpServer.addressFormattedWith((address) => Effect.succeed(`${address}${path}`))

const walk = Effect.gen(function* () {
  const results = yield* collecting
  const emulator = yield* Emulator
  yield* Layer.build(
    HttpRouter.serve(Callback.layer({ callbackToken: Redacted.make(token), onResult: results.onResult }), {
      disableListenLog: true
    })
  )
  const { transactionId } = yield* TransactionStore.initialize({
    merchantBizId: "order1",
    merchantUserId: "hashedUser",
    docType: DocType.GlobalPassport,
    idSpoof: true,
    callbackUrl: yield* callbackUrl,
    callbackToken: Redacted.make(token)
  })
  const early = yield* Effect.flip(TransactionStore.checkStored({ merchantBizId: "order1" }))
  assert.strictEqual(early._tag, "ProcessNotCompleted")
  assert.isTrue(yield* emulator.completeJourney(transactionId))
  const { result, transaction } = yield* results.next
  yield* emulator.callbacksSettled
  const awaited = yield* TransactionStore.awaitStored({ merchantBizId: "order1" })
  return { awaited, journeys: yield* emulator.journeys, rest: yield* results.rest, result, transaction, transactionId }
})

describe("the whole way against the emulator", () => {
  const callbacks: ReadonlyArray<Journey.CallbackOptions> = [
    {},
    { copies: 5 },
    { method: "POST", subCodeName: "subcode", copies: 2 }
  ]
  for (const callback of callbacks) {
    it.live(`initialize, callback, awaitStored, stored once: ${JSON.stringify(callback)}`, () =>
      Effect.gen(function* () {
        const { awaited, journeys, rest, result, transaction, transactionId } = yield* walk
        assert.strictEqual(transaction.transactionId, transactionId)
        assert.strictEqual(result.verdict._tag, "Passed")
        assert.strictEqual(result.ocr._tag === "Read" ? result.ocr.document : result.ocr._tag, "GlobalPassport")
        assert.strictEqual(awaited.verdict._tag, "Passed")
        assert.deepStrictEqual(rest, [])
        assert.strictEqual(journeys[0]?.callback, "Delivered")
        assert.isDefined((yield* (yield* TransactionStore).get(transactionId)).collectedAt)
      }).pipe(Effect.provide(journey({ callback })))
    )
  }

  it.live("ends in a rejection if CheckResult rejects, whatever the callback says", () =>
    Effect.gen(function* () {
      const { awaited, result } = yield* walk
      assert.deepStrictEqual([result.verdict._tag, awaited.verdict._tag], ["Rejected", "Rejected"])
    }).pipe(Effect.provide(journey({ scenario: Scenario.rejected("212") })))
  )

  it.live("leaves neither token nor id in the server's spans", () =>
    Effect.gen(function* () {
      const ended: Array<Tracer.Span> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          ended.push(span)
          return span
        }
      })
      yield* Layer.build(
        HttpRouter.serve(Callback.layer({ callbackToken: Redacted.make(token), onResult: () => Effect.void }), {
          disableListenLog: true
        }).pipe(Layer.provide(Layer.succeed(Tracer.Tracer, tracer)))
      )
      const store = yield* TransactionStore
      yield* store.put({ transactionId: "hksbSecret", merchantBizId: "order1" })
      yield* (yield* Emulator).register("hksbSecret", Scenario.passed())
      const url = yield* callbackUrl
      const query = new URLSearchParams({ callbackToken: token, transactionId: "hksbSecret", passed: "Y" })
      const response = yield* Effect.promise(() => fetch(`${url}?${query}`))
      assert.strictEqual(response.status, 200)
      const attributes = ended.flatMap((span) =>
        [...span.attributes].map(([name, value]) => `${name}=${String(value)}`)
      )
      assert.isAbove(attributes.length, 0)
      assert.include(attributes.join("\n"), "passed=Y")
      assert.notInclude(attributes.join("\n"), token)
      assert.notInclude(attributes.join("\n"), "hksbSecret")
    }).pipe(Effect.provide(journey({})))
  )
})
