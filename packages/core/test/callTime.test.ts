/** What a call spends its time on, and what its error says of it. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import * as Canned from "../src/Canned.ts"
import { type CallOptions, Cloudauth } from "../src/Cloudauth.ts"
import { type CallTimeout, type CloudauthError, credentialsError, type Phase } from "../src/CloudauthError.ts"
import { Credentials, make as makeCredential } from "../src/Credentials.ts"
import * as Operation from "../src/Operation.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import * as Telemetry from "../src/Telemetry.ts"
import * as Transport from "../src/Transport.ts"
import { fixedRandom, key } from "./fixtures/server.ts"
import { recordingTracer } from "./fixtures/tracing.ts"

const request = { merchantBizId: "order1", transactionId: "hksb1" }
const check = (options?: CallOptions) => Cloudauth.checkResult(request, options)

const over = (
  send: Transport.Send,
  policy: Partial<RetryPolicy.RetryPolicy> = {},
  credentials: Layer.Layer<Credentials> = Credentials.layerStatic(key)
) =>
  Cloudauth.layerTransport({ quota: "none" }).pipe(
    Layer.provide([
      Layer.succeed(Transport.Transport, { send }),
      credentials,
      RetryPolicy.layer({ ...RetryPolicy.standard, ...policy })
    ]),
    Layer.provideMerge(fixedRandom(0.5))
  )

/** A transport that gives these answers one after another, the last one for ever, and what was asked of it. */
const scripted = (...script: ReadonlyArray<Effect.Effect<Transport.Response, Transport.Failure>>) => {
  const requests: Array<Transport.Request> = []
  const send: Transport.Send = (request) =>
    Effect.suspend(() => {
      requests.push(request)
      return script[Math.min(requests.length, script.length) - 1] ?? Effect.never
    })
  return { requests, send }
}

const connectionFailed = (phase: Transport.Phase, isReusedConnection = false) =>
  Effect.fail(Transport.connectionFailed("gone", { phase, isReusedConnection }))
const timedOut = (phase: Transport.Phase) => Effect.fail(new Transport.TimedOut({ httpStatus: undefined, phase }))
const late = (phase: Transport.Phase, millis: number) => Effect.delay(timedOut(phase), millis)
const refused = Effect.fail(new Transport.QueueTooLong({ httpStatus: undefined, waiting: 2310, wait: 41_000.4 }))

/** Runs a call to its end on the test's clock; what the caller, the observer and the tracer get. */
const outcome = <A>(client: Layer.Layer<Cloudauth, unknown>, call: Effect.Effect<A, CloudauthError, Cloudauth>) =>
  Effect.gen(function* () {
    const { named, tracer } = recordingTracer()
    const sent: Array<boolean> = []
    let attempts = -1
    const observer = Telemetry.makeObserver({
      attemptEnded: ({ isSent }) => sent.push(isSent),
      operationEnded: (facts) => (attempts = facts.attempts)
    })
    const fiber = yield* Effect.flip(call).pipe(
      Effect.provide(client),
      Effect.provideService(Telemetry.Observer, observer),
      Effect.provideService(Tracer.Tracer, tracer),
      Effect.forkChild
    )
    yield* TestClock.adjust("10 minutes")
    const [span] = named("Cloudauth.checkResult")
    const resends = named("Cloudauth.attempt").map(({ attributes }) => attributes.get("http.request.resend_count") ?? 0)
    return { error: yield* Fiber.join(fiber), sent, attempts, phase: span?.attributes.get("cloudauth.phase"), resends }
  })

describe("the phase of a CallTimeout", () => {
  const slow = (millis: number) =>
    Layer.succeed(Credentials, {
      get: Effect.delay(Effect.succeed(makeCredential(key)), millis),
      invalidate: () => Effect.void
    })
  const answers = Canned.passed()
  const throttled = Effect.delay(Canned.error("Throttling"), "1 second")

  it.effect.each<readonly [Phase, CallTimeout["limit"], number, RegExp, Layer.Layer<Cloudauth, unknown>]>([
    ["queue", "deadline", 0, /begin fewer at once/, over(() => late("queue", 30_000))],
    ["connect", "deadline", 0, /Check the network/, over(() => late("connect", 30_000))],
    ["credential", "deadline", 0, /access key/, over(() => answers, {}, slow(31_000))],
    ["headers", "attempt", 1, /attemptTimeout/, over(() => late("headers", 10_000), RetryPolicy.none)],
    ["body", "attempt", 1, /without images/, over(() => late("body", 10_000), RetryPolicy.none)],
    ["headers", "deadline", 1, /attemptTimeout/, over(() => Effect.never)]
  ])("is %s, in the error, the span and the advice", ([phase, limit, attempts, advice, client]) =>
    Effect.gen(function* () {
      const seen = yield* outcome(client, check())
      assert.deepInclude(seen.error, { _tag: "CallTimeout", limit, phase, attempts })
      assert.match(seen.error.advice, advice)
      assert.deepStrictEqual([seen.attempts, seen.phase, seen.sent], [attempts, phase, [attempts === 1]])
    })
  )

  it.effect("is backoff if a wait between retries ends too late, as on a machine that slept", () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      let slept = 0n
      const sleepy = { ...clock, monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe() + slept }
      const fiber = yield* Effect.flip(check()).pipe(
        Effect.provide(over(() => throttled)),
        Effect.provideService(Clock.Clock, sleepy),
        Effect.forkChild
      )
      yield* TestClock.adjust("1 second")
      slept = 60_000_000_000n
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "CallTimeout", phase: "backoff", attempts: 1 })
    })
  )
})

describe("a call that can't get its turn before the deadline", () => {
  it.effect("is refused at once, says how long the queue is, and is not retried", () =>
    Effect.gen(function* () {
      const { requests, send } = scripted(refused)
      const error = yield* Effect.flip(Effect.provide(check(), over(send)))
      assert.deepInclude(error, {
        _tag: "CallTimeout",
        limit: "deadline",
        phase: "queue",
        attempts: 0,
        queue: { waiting: 2310, wait: 41_000.4 }
      })
      assert.strictEqual(
        error.message,
        `2310 calls wait already, so this one's turn would come in 41000 ms, after its limit of 30000 ms (not sent).\n  ${error.advice}`
      )
      assert.lengthOf(requests, 1)
    })
  )
})

describe("an attempt that was never sent", () => {
  const budget = { capacity: 14, transientCost: 14, throttleCost: 5, successRefund: 1 }

  it.effect("costs no retry budget and counts as none, however often it is retried", () =>
    Effect.gen(function* () {
      const { requests, send } = scripted(connectionFailed("connect"))
      const seen = yield* outcome(over(send, { budget }), check())
      assert.deepInclude(seen.error, { _tag: "TransportError", phase: "connect", attempts: 0 })
      assert.include(seen.error.message, "not sent")
      assert.deepStrictEqual(seen.sent, [false, false, false, false])
      assert.deepStrictEqual([seen.attempts, seen.resends], [0, [0, 0, 0, 0]])
      assert.lengthOf(requests, 4)
    })
  )

  it.effect("is not counted among those that were", () =>
    Effect.gen(function* () {
      const down = Canned.error("ServiceUnavailable")
      const { send } = scripted(connectionFailed("connect"), down, connectionFailed("queue"), down)
      const seen = yield* outcome(over(send), check())
      assert.deepInclude(seen.error, { _tag: "ServiceDown", attempts: 2 })
      assert.deepStrictEqual(seen.sent, [false, true, false, true])
      assert.deepStrictEqual([seen.attempts, seen.resends], [2, [0, 0, 1, 1]])
    })
  )

  it.effect("for want of a credential leaves the count of those before it", () =>
    Effect.gen(function* () {
      let asked = 0
      const once = Layer.succeed(Credentials, {
        get: Effect.suspend(() =>
          ++asked === 1 ? Effect.succeed(makeCredential(key)) : Effect.fail(credentialsError("no key"))
        ),
        invalidate: () => Effect.void
      })
      const { send } = scripted(Canned.error("ServiceUnavailable"))
      assert.deepInclude((yield* outcome(over(send, {}, once), check())).error, {
        _tag: "CredentialsError",
        attempts: 1
      })
    })
  )
})

describe("the deadline", () => {
  it.effect("counts a wait that a wrapper of the transport makes", () =>
    Effect.gen(function* () {
      const turn = Semaphore.makeUnsafe(1)
      const send: Transport.Send = () => turn.withPermit(Effect.delay(Canned.passed(), "20 seconds"))
      const calls = Effect.all([Effect.exit(check()), Effect.exit(check())], { concurrency: "unbounded" })
      const fiber = yield* Effect.forkChild(Effect.provide(calls, over(send, { attemptTimeout: "1 minute" })))
      yield* TestClock.adjust("30 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      // The transport itself had a moment to say what it waits for.
      yield* TestClock.adjust("20 millis")
      const [first, second] = yield* Fiber.join(fiber)
      assert.strictEqual((yield* first).verdict._tag, "Passed")
      assert.deepInclude(yield* Effect.flip(second), { _tag: "CallTimeout", limit: "deadline", after: 30_000 })
    })
  )

  it.effect("of 250 calls at once with a quota of 10 a second lets all be sent that have their turn in time", () =>
    Effect.gen(function* () {
      let next = 0
      const send: Transport.Send = ({ queueTimeout = 0 }) =>
        Effect.suspend(() => {
          const wait = 100 * next++
          return wait <= queueTimeout ? Effect.delay(Canned.passed(), wait) : timedOut("queue")
        })
      const calls = Effect.all(
        Array.from({ length: 250 }, () => check()),
        { concurrency: "unbounded" }
      )
      const fiber = yield* Effect.forkChild(Effect.provide(calls, over(send)))
      yield* TestClock.adjust("25 seconds")
      assert.lengthOf(yield* Fiber.join(fiber), 250)
    })
  )

  it.effect("takes an answer that is there when a late timer fires", () =>
    Effect.gen(function* () {
      const send: Transport.Send = () => Effect.delay(Effect.andThen(Effect.yieldNow, Canned.passed()), "30 seconds")
      const fiber = yield* Effect.forkChild(Effect.provide(check(), over(send)))
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
    })
  )
})

describe("a call that asks for images", () => {
  const limits = (call: Effect.Effect<unknown, CloudauthError, Cloudauth>, policy?: Partial<RetryPolicy.RetryPolicy>) =>
    Effect.gen(function* () {
      const { requests, send } = scripted(Canned.passed())
      yield* Effect.provide(call, over(send, policy))
      return [requests[0]?.timeout, requests[0]?.queueTimeout]
    })
  const withImages = Cloudauth.checkResult({ ...request, isReturnImage: true })
  const other = Operation.make({
    action: "Other",
    request: Schema.Struct({ IsReturnImage: Schema.String }),
    result: Schema.Unknown,
    retry: "repeatable"
  })

  it.effect("has 30 s for an attempt and 60 s in all", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* limits(withImages), [30_000, 60_000])
      assert.deepStrictEqual(
        yield* limits(Cloudauth.checkResult({ ...request, extraImageControlList: "A" })),
        [30_000, 60_000]
      )
      assert.deepStrictEqual(yield* limits(Cloudauth.call(other, { IsReturnImage: "T" })), [30_000, 60_000])
      assert.deepStrictEqual(yield* limits(Cloudauth.call(other, { IsReturnImage: "N" })), [10_000, 30_000])
      assert.deepStrictEqual(
        yield* limits(Cloudauth.checkResult({ ...request, isReturnImage: false })),
        [10_000, 30_000]
      )
    })
  )

  it.effect("has the limits that the user set: for a client, a call, or calls with images alone", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* limits(withImages, { deadline: "20 seconds" }), [20_000, 20_000])
      assert.deepStrictEqual(yield* limits(withImages, { attemptTimeout: { seconds: 5 } }), [5000, 60_000])
      const retry = { deadline: "3 seconds" } as const
      const short = Cloudauth.checkResult({ ...request, isReturnImage: true }, { retry })
      assert.deepStrictEqual(yield* limits(short), [3000, 3000])
      const own = { attemptTimeout: { plain: 1000, withImages: "1 minute" } } as const
      assert.deepStrictEqual(yield* limits(withImages, own), [60_000, 60_000])
      assert.deepStrictEqual(yield* limits(check(), own), [1000, 30_000])
    })
  )

  it.effect("is refused if a limit has an unknown key", () =>
    Effect.gen(function* () {
      // Without types, anything can be given.
      const deadline = { plain: 1, withImage: 2 } as unknown as RetryPolicy.TimeLimit
      const error = yield* Effect.flip(limits(check({ retry: { deadline } })))
      assert.deepInclude(error, { _tag: "InvalidRequest", path: "retry.deadline.withImage", nearest: "withImages" })
    })
  )
})

describe("a connection that was used before and broke", () => {
  const budget = { capacity: 0, transientCost: 1, throttleCost: 1, successRefund: 1 }
  const stale = connectionFailed("headers", true)

  it.effect("is retried once, at once and for free", () =>
    Effect.gen(function* () {
      const { requests, send } = scripted(stale, Canned.passed())
      const { verdict } = yield* Effect.provide(check(), over(send, { budget, transient: Schedule.recurs(0) }))
      assert.strictEqual(verdict._tag, "Passed")
      assert.lengthOf(requests, 2)
    })
  )

  it.effect("twice counts as a transient failure, whose retries are all left", () =>
    Effect.gen(function* () {
      const { requests, send } = scripted(stale)
      assert.deepInclude((yield* outcome(over(send), check())).error, { _tag: "TransportError", attempts: 5 })
      assert.lengthOf(requests, 5)
    })
  )

  it.effect.each([
    ["a new connection", connectionFailed("headers")],
    ["the rest of an answer", connectionFailed("body", true)]
  ] as const)("is not the same as %s", ([, failure]) =>
    Effect.gen(function* () {
      const { requests, send } = scripted(failure)
      yield* Effect.flip(Effect.provide(check(), over(send, { budget })))
      assert.lengthOf(requests, 1)
    })
  )

  it.effect("does not repeat Initialize, which may have begun a transaction", () =>
    Effect.gen(function* () {
      const { requests, send } = scripted(stale)
      const begin = Cloudauth.initialize({ merchantBizId: "order1", merchantUserId: "u1", docType: "GLB03002" })
      assert.deepInclude((yield* outcome(over(send), begin)).error, { _tag: "TransportError", attempts: 1 })
      assert.lengthOf(requests, 1)
    })
  )
})
