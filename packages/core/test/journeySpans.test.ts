/** One verification takes minutes and several processes: its spans link to that of its Initialize. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { CollectQueue } from "../src/CollectQueue.ts"
import * as DocType from "../src/DocType.ts"
import * as PendingResult from "../src/PendingResult.ts"
import { SpanName } from "../src/Telemetry.ts"
import { TransactionStore } from "../src/TransactionStore.ts"
import { databases, passed, quick, saveResult, serviceOf, withQueue } from "./fixtures/collectQueue.ts"
import { genuine, merchant } from "./fixtures/merchant.ts"
import { recordingTracer } from "./fixtures/tracing.ts"

const initialize = TransactionStore.initialize({
  merchantBizId: "order1",
  merchantUserId: "canaryuser",
  docType: DocType.GlobalPassport
})

/** Runs an effect as a process of its own: nothing is shared but the store. Gives its spans. */
const asProcess = <A, E, R>(effect: Effect.Effect<A, E, R>) => {
  const { named, spans, tracer } = recordingTracer()
  return Effect.map(Effect.provideService(effect, Tracer.Tracer, tracer), (value) => ({ value, named, spans }))
}

/** The spans that a span links to. */
const linksOf = (span: Tracer.Span | undefined) => span?.links.map(({ span: { spanId, traceId } }) => [traceId, spanId])

const idsOf = (span: Tracer.Span | undefined) => [[span?.traceId, span?.spanId]]

describe("the span of Initialize", () => {
  it.effect("is what the spans of a later process link to, once each", () =>
    Effect.gen(function* () {
      const { services } = yield* merchant()
      yield* Effect.gen(function* () {
        const begun = yield* asProcess(initialize)
        const origin = idsOf(begun.named(SpanName.initialize)[0])
        const later = yield* asProcess(
          Effect.andThen(
            TransactionStore.checkStored({ merchantBizId: "order1" }),
            TransactionStore.awaitStored({ merchantBizId: "order1" })
          )
        )
        assert.deepStrictEqual(linksOf(later.named(SpanName.checkResult)[0]), origin)
        assert.deepStrictEqual(linksOf(later.named(SpanName.awaitResult)[0]), origin)
        // What is below such a span has it as a parent.
        assert.strictEqual(later.spans.filter(({ links }) => links.length > 0).length, 2)
        assert.notStrictEqual(later.spans[0]?.traceId, begun.spans[0]?.traceId)
      }).pipe(Effect.provide(services))
    })
  )

  it.effect("is what the callback's request and the collection link to", () =>
    Effect.gen(function* () {
      const { services, start, store } = yield* merchant()
      const begun = yield* asProcess(Effect.provide(initialize, services))
      const served = yield* asProcess(
        Effect.gen(function* () {
          const send = yield* start(() => Effect.void)
          yield* Effect.withSpan(send(genuine(begun.value.transactionId)), "http.server POST", { kind: "server" })
          yield* TestClock.adjust(1)
        })
      )
      assert.isDefined((yield* store.get(begun.value.transactionId)).collectedAt)
      const origin = idsOf(begun.named(SpanName.initialize)[0])
      assert.deepStrictEqual(linksOf(served.named("http.server POST")[0]), origin)
      assert.deepStrictEqual(linksOf(served.named(SpanName.awaitResult)[0]), origin)
    })
  )

  it.effect("is what a wait links to that goes on in another process, as often as it does", () =>
    Effect.gen(function* () {
      const { services } = yield* merchant(() => Canned.error("ProcessNotCompleted"))
      const Json = Schema.fromJsonString(PendingResult.PendingResult)
      yield* Effect.gen(function* () {
        const begun = yield* asProcess(initialize)
        const pending = yield* TransactionStore.pendingResult({ merchantBizId: "order1" })
        let encoded = yield* Schema.encodeEffect(Json)(pending)
        for (const resume of [Cloudauth.resume, TransactionStore.resume]) {
          const decoded = yield* Schema.decodeEffect(Json)(encoded)
          const waited = yield* asProcess(
            Effect.gen(function* () {
              const fiber = yield* Effect.forkChild(Effect.flip(resume(decoded, { timeout: "1 minute" })))
              yield* TestClock.adjust("2 minutes")
              return yield* Fiber.join(fiber)
            })
          )
          assert.deepStrictEqual(
            linksOf(waited.named(SpanName.awaitResult)[0]),
            idsOf(begun.named(SpanName.initialize)[0])
          )
          if (waited.value._tag !== "WaitTimedOut" || waited.value.pending === undefined) return assert.fail()
          encoded = yield* Schema.encodeEffect(Json)(Redacted.value(waited.value.pending))
        }
      }).pipe(Effect.provide(services))
    })
  )

  it.live("is what the call of a queue links to", () =>
    withQueue(databases[0].open, [], (process) =>
      Effect.gen(function* () {
        const service = serviceOf(passed)
        const begun = yield* asProcess(process(Effect.provide(initialize, service.layer)))
        const { transactionId } = begun.value
        yield* process(TransactionStore.use((store) => store.notified(transactionId)))
        const collected = yield* asProcess(
          process(
            Effect.andThen(CollectQueue.takeOver, CollectQueue.run({ ...quick, save: saveResult })).pipe(
              Effect.provide(service.layer)
            )
          )
        )
        const origin = idsOf(begun.named(SpanName.initialize)[0])
        assert.deepStrictEqual(linksOf(collected.named(SpanName.checkResult)[0]), origin)
      })
    )
  )

  it.effect("is stored as two ids and a flag, and not at all if nothing exports it", () =>
    Effect.gen(function* () {
      const { services, store } = yield* merchant()
      const untraced = yield* Effect.provide(initialize, services)
      assert.isUndefined((yield* store.get(untraced.transactionId)).traceparent)
      yield* TransactionStore.checkStored({ merchantBizId: "order1" }).pipe(Effect.provide(services))

      const other = yield* merchant()
      const { named, value } = yield* asProcess(Effect.provide(initialize, other.services))
      const [span] = named(SpanName.initialize)
      assert.strictEqual(
        (yield* other.store.get(value.transactionId)).traceparent,
        `00-${span?.traceId}-${span?.spanId}-01`
      )
    })
  )
})

describe("a wait that was begun without a store", () => {
  it.effect("links to the span in which it began", () =>
    Effect.gen(function* () {
      const ids = { merchantBizId: "order1", transactionId: "t1" }
      const began = yield* asProcess(Effect.withSpan(PendingResult.make(ids), "checkout"))
      const went = yield* asProcess(
        Cloudauth.resume(began.value).pipe(Effect.provide(Cloudauth.layerTest(() => Canned.passed())))
      )
      assert.deepStrictEqual(linksOf(went.named(SpanName.awaitResult)[0]), idsOf(began.named("checkout")[0]))
    })
  )
})
