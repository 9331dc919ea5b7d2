/** Observers, loggers, tracers and audit sinks that throw or die: no call loses its answer to one. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { CheckResult } from "../src/CheckResult.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as PersonalData from "../src/PersonalData.ts"
import * as Telemetry from "../src/Telemetry.ts"
import { failure, passing } from "./fixtures/answers.ts"
import { genuine, merchant, put } from "./fixtures/merchant.ts"
import { resultOf } from "./fixtures/results.ts"
import { clientOf, failureOf, key, reply, run, serve } from "./fixtures/server.ts"

const check = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "t1" })
const ok = reply(200, passing())
const throttled = reply(403, failure("Throttling.Api"))
const refused = reply(400, failure("TransactionIdInvalid"))

/** Ways in which a function that only watches can fail. */
const faults: ReadonlyArray<readonly [string, () => unknown]> = [
  [
    "throws",
    () => {
      throw new Error("the metrics are down")
    }
  ],
  // What is async and rejects later would end a process of Node.
  ["rejects", () => Promise.reject(new Error("the metrics are down"))]
]

/** An observer, each of whose functions does this. */
const observerThat = (fault: () => unknown) =>
  new Proxy(Telemetry.makeObserver({}), { get: () => fault }) satisfies Telemetry.Observer

describe.each(faults)("an observer that %s", (_, fault) => {
  const observed = Effect.provideService(Telemetry.Observer, observerThat(fault))

  it.effect("loses no result, no retry, no error and no interruption", () =>
    Effect.gen(function* () {
      const server = serve(throttled, ok)
      assert.isTrue(Exit.isSuccess(yield* run(server, observed(check))))
      assert.lengthOf(server.sent, 2)
      assert.strictEqual(failureOf(yield* run(serve(refused), observed(check)))._tag, "TransactionIdInvalid")
      const interrupted = yield* Effect.forkChild(Effect.provide(observed(check), clientOf(serve(throttled))))
      yield* TestClock.adjust(1)
      yield* Fiber.interrupt(interrupted)
    })
  )

  it.effect("loses no credential", () =>
    Effect.gen(function* () {
      const credentials = Credentials.layerRefreshing({ load: Effect.succeed(key) })
      assert.isTrue(Exit.isSuccess(yield* run(serve(ok), observed(check), { credentials })))
    })
  )

  it.effect("may be told by others: of a limiter's wait, of the days that were left", () =>
    observed(Effect.andThen(Telemetry.limiterWaited(5), Telemetry.resultFetched(0)))
  )
})

describe("a logger that throws", () => {
  const withBrokenLogger = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    effect.pipe(
      Effect.provide(
        Logger.layer([
          Logger.make(() => {
            throw new Error("the disk is full")
          })
        ])
      ),
      Effect.provideService(References.MinimumLogLevel, "All")
    )

  it.effect("leaves the call its own error", () =>
    Effect.gen(function* () {
      const exit = yield* withBrokenLogger(run(serve(refused), check))
      assert.strictEqual(failureOf(exit)._tag, "TransactionIdInvalid")
      assert.isFalse(Exit.hasDies(exit))
    })
  )

  it.effect("does not end the collecting of results", () =>
    withBrokenLogger(
      Effect.gen(function* () {
        const { start, store } = yield* merchant()
        const handed: Array<string> = []
        const send = yield* start(
          ({ transaction }) =>
            Effect.suspend(() => {
              handed.push(transaction.transactionId)
              return handed.length === 1 ? Effect.die("the shop is down") : Effect.void
            }),
          { concurrency: 1 }
        )
        yield* Effect.forEach(["t1", "t2"], (id) => put(store, id))
        yield* Effect.forEach(["t1", "t2"], (id) => send(genuine(id)))
        yield* TestClock.adjust("2 hours")
        assert.deepStrictEqual(handed, ["t1", "t2", "t1"])
      })
    )
  )
})

describe("a tracer that throws when a span ends", () => {
  const tracer = Tracer.make({
    span: (options) =>
      Object.assign(new Tracer.NativeSpan(options), {
        end: () => {
          throw new Error("the exporter is down")
        }
      })
  })

  it.effect("loses no result, and sends no interrupted call again", () =>
    Effect.gen(function* () {
      const traced = Effect.withTracer(check, tracer)
      assert.isTrue(Exit.isSuccess(yield* run(serve(ok), traced)))
      const server = serve(throttled, ok)
      const interrupted = yield* Effect.forkChild(Effect.provide(traced, clientOf(server)))
      yield* TestClock.adjust(1)
      yield* Fiber.interrupt(interrupted)
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(server.sent, 1)
    })
  )
})

describe("an audit sink that fails", () => {
  const encode = Schema.encodeEffect(CheckResult.Wire)

  it.effect.each<readonly [string, () => Effect.Effect<void>]>([
    ["dies", () => Effect.die(new Error("secret words"))],
    [
      "throws",
      () => {
        throw new Error("secret words")
      }
    ]
  ])("lets nothing out, and loses no answer: it %s", ([, fault]) =>
    Effect.gen(function* () {
      const result = resultOf(passing())
      let isDown = true
      const audit = () => (isDown ? fault() : Effect.void)
      const review = PersonalData.PersonalData.layer({ actor: "reviewer7", purpose: "manual review", audit })
      yield* Effect.gen(function* () {
        const error = yield* Effect.flip(encode(result))
        assert.strictEqual(error._tag, "SchemaError")
        assert.include(error.message, "Expected a working audit")
        assert.notInclude(error.message, "secret")
        isDown = false
        assert.isDefined(yield* encode(result))
      }).pipe(Effect.provide(review))
    })
  )
})
