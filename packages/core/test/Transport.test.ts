/** What the client makes of a transport's responses, failures and faults. */
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { inspect } from "node:util"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials, make as makeCredential } from "../src/Credentials.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { SignatureCrypto } from "../src/SignatureCrypto.ts"
import * as Telemetry from "../src/Telemetry.ts"
import * as Transport from "../src/Transport.ts"
import { failure } from "./fixtures/answers.ts"
import { shown } from "./fixtures/reveal.ts"
import { key, syncCrypto } from "./fixtures/server.ts"
import { recordingTracer } from "./fixtures/tracing.ts"

interface Setup {
  readonly credentials?: Layer.Layer<Credentials>
  readonly crypto?: SignatureCrypto
  readonly policy?: Partial<RetryPolicy.RetryPolicy>
}

/** A client over a transport that retries nothing unless the policy says so. */
const over = (send: Transport.Send, { credentials, crypto, policy }: Setup = {}) =>
  Cloudauth.layerTransport({ maxBodyBytes: 10_000, quota: "none" }).pipe(
    Layer.provide([
      Layer.succeed(Transport.Transport, { send }),
      credentials ?? Credentials.layerStatic(key),
      Layer.succeed(SignatureCrypto, crypto ?? syncCrypto),
      RetryPolicy.layer({ ...RetryPolicy.none, ...policy })
    ])
  )

const check = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" })

const errorOf = (send: Transport.Send, setup?: Setup) => Effect.flip(Effect.provide(check, over(send, setup)))

/** A transport that fails. */
const failing = (failure: Transport.Failure) => errorOf(() => Effect.fail(failure))

/** A transport that never answers, and how many of its requests were interrupted. */
const silent = () => {
  let interrupted = 0
  const send: Transport.Send = () => Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++))
  return { send, interrupted: () => interrupted }
}

/** Observer and tracer of a call: what both saw of its attempts. */
const watched = (client: Layer.Layer<Cloudauth, unknown>) =>
  Effect.gen(function* () {
    const attempts: Array<object> = []
    const { named, spans, tracer } = recordingTracer()
    const observer = Telemetry.makeObserver({
      attemptEnded: ({ attempt, error, httpStatus, responseBytes }) =>
        attempts.push({ attempt, error: error?._tag, httpStatus, responseBytes })
    })
    const exit = yield* check.pipe(
      Effect.provide(client),
      Effect.exit,
      Effect.provideService(Telemetry.Observer, observer),
      Effect.provideService(Tracer.Tracer, tracer)
    )
    return { attempts, exit, attributes: Object.fromEntries(named("Cloudauth.attempt")[0]?.attributes ?? []), spans }
  })

describe("a request", () => {
  it.effect("has the origin, the signed path and headers, and the limits of time and size", () =>
    Effect.gen(function* () {
      const requests: Array<Transport.Request> = []
      const send: Transport.Send = (request) => {
        requests.push(request)
        return Canned.passed()
      }
      const policy = { attemptTimeout: "10 seconds", deadline: "7 seconds" } as const
      yield* Effect.provide(check, over(send))
      yield* Effect.provide(check, over(send, { policy }))
      const [request, hurried] = requests
      assert.isDefined(request)
      assert.strictEqual(request.origin, "https://cloudauth-intl.cn-hongkong.aliyuncs.com")
      assert.match(request.path, /^\/\?.*TransactionId=hksb1/)
      assert.include(request.headers["authorization"], "Signature=")
      assert.deepInclude(request, { timeout: 10_000, queueTimeout: 30_000, maxBodyBytes: 10_000 })
      assert.deepInclude(hurried, { timeout: 7000, queueTimeout: 7000 })
    })
  )
})

describe("Transport.map", () => {
  it.effect("wraps the transport of a layer, in both forms", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const inner = Layer.succeed(Transport.Transport, { send: () => Canned.error("TransactionIdInvalid") })
      const keep =
        (name: string) =>
        (send: Transport.Send): Transport.Send =>
        (request) =>
          Effect.tap(send(request), ({ status }) => Effect.sync(() => seen.push(`${name} ${status}`)))
      const wrapped = Transport.map(inner.pipe(Transport.map(keep("inner"))), keep("outer"))
      const client = Cloudauth.layerTransport().pipe(Layer.provide([wrapped, Credentials.layerStatic(key)]))
      assert.strictEqual((yield* Effect.flip(Effect.provide(check, client)))._tag, "TransactionIdInvalid")
      assert.deepStrictEqual(seen, ["inner 400", "outer 400"])
    })
  )
})

describe("a failure of the transport", () => {
  it.effect("that timed out is a CallTimeout that names the limit", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* failing(new Transport.TimedOut({ httpStatus: undefined, phase: "headers" })), {
        _tag: "CallTimeout",
        limit: "attempt",
        after: 10_000,
        attempts: 1,
        httpStatus: undefined,
        requestId: undefined
      })
    })
  )

  it.effect("whose body is too large is a DecodeError that names the limit and the option", () =>
    Effect.gen(function* () {
      const error = yield* failing(new Transport.BodyTooLarge({ httpStatus: 201 }))
      assert.deepInclude(error, {
        _tag: "DecodeError",
        path: "",
        expected: "at most 10000 bytes",
        attempts: 1,
        httpStatus: 201,
        requestId: undefined
      })
      assert.include(error.advice, "maxBodyBytes")
      assert.strictEqual(error._tag === "DecodeError" && shown(error.body), "")
    })
  )

  it.effect("of the connection is a TransportError that hides its cause", () =>
    Effect.gen(function* () {
      const cause = Object.assign(new Error("a secret"), { code: "ECONNRESET" })
      const error = yield* failing(Transport.connectionFailed(cause, { httpStatus: 200 }))
      assert.deepInclude(error, {
        _tag: "TransportError",
        code: "TransportError",
        reason: "the connection failed: ECONNRESET",
        attempts: 1,
        requestId: undefined
      })
      assert.include(error.advice, "cut short")
      assert.strictEqual(error._tag === "TransportError" && shown(error.underlying), cause)
      assert.strictEqual(error._tag === "TransportError" && String(error.underlying), "<redacted:underlying>")
    })
  )

  it.effect("by a response that came twice says what to look for", () =>
    Effect.gen(function* () {
      const repeated = Object.assign(new Error("repeated"), { code: "ERR_REPEATED_ANSWER" })
      assert.include(
        (yield* failing(Transport.connectionFailed(repeated))).advice,
        "a proxy that sends responses twice"
      )
    })
  )

  const coded = (code: unknown) => Object.assign(new Error("a secret"), { code })
  const named = (name: unknown) => Object.assign(new Error("a secret"), { name })
  const circular = new RangeError("a secret")
  circular.cause = new TypeError("a secret", { cause: circular })

  it.effect.each<[string, unknown]>([
    ["ECONNRESET", coded("ECONNRESET")],
    ["UND_ERR_SOCKET", new TypeError("fetch failed", { cause: coded("UND_ERR_SOCKET") })],
    ["ECONNREFUSED", new Error("a secret", { cause: new AggregateError([], "a", { cause: coded("ECONNREFUSED") }) })],
    // Its code is the number 20.
    ["AbortError", new DOMException("a secret", "AbortError")],
    ["RangeError", new TypeError("a secret", { cause: new RangeError("a secret") })],
    ["TypeError", new TypeError("a secret", { cause: { reason: "a secret" } })],
    ["TypeError", new TypeError("a secret", { cause: null })],
    ["TypeError", circular],
    ["Error", coded("a secret")],
    ["Error", coded("ESECRET and more")],
    ["Error", coded("my ESECRET")],
    ["Error", coded("E")],
    ["Error", coded("E".repeat(41))],
    ["Error", coded(["ECONNRESET"])],
    ["unknown cause", named("secret and more")],
    ["unknown cause", named("my 1 secret")],
    ["unknown cause", named("a".repeat(41))],
    ["unknown cause", named(["RangeError"])],
    ["unknown cause", { message: "a secret" }],
    ["unknown cause", "ECONNRESET"],
    ["unknown cause", null],
    ["unknown cause", undefined]
  ])("is named by a code of its causes or the innermost class, never by their text: %s", ([reason, cause]) =>
    Effect.gen(function* () {
      const error = yield* failing(Transport.connectionFailed(cause))
      assert.deepInclude(error, { _tag: "TransportError", reason: `the connection failed: ${reason}` })
      assert.notInclude(error.message, "secret")
    })
  )

  it.effect.each<[string, Transport.Failure, boolean]>([
    ["a timeout", new Transport.TimedOut({ httpStatus: 206, phase: "body" }), true],
    ["a broken connection", Transport.connectionFailed("gone", { httpStatus: 206 }), true],
    ["a body that is too large", new Transport.BodyTooLarge({ httpStatus: 206 }), false]
  ])("is retried if a retry can help, and counted: %s", ([, failure, isRetried]) =>
    Effect.gen(function* () {
      const policy = { transient: RetryPolicy.fullJitter({ base: 0, cap: 0, times: 2 }) }
      assert.strictEqual((yield* errorOf(() => Effect.fail(failure), { policy })).attempts, isRetried ? 3 : 1)
      const { attempts, attributes } = yield* watched(over(() => Effect.fail(failure)))
      assert.containSubset(attempts, [{ attempt: 1, httpStatus: 206, responseBytes: undefined }])
      assert.deepInclude(attributes, { "http.response.status_code": 206 })
      assert.notProperty(attributes, "network.protocol.version")
    })
  )
})

describe("a response", () => {
  it.effect("has its status, size and version of HTTP in spans and observers, also if it is an error", () =>
    Effect.gen(function* () {
      const body = failure("TransactionIdInvalid")
      const send: Transport.Send = () =>
        Effect.map(Canned.response(body, 400), (response) => ({ ...response, protocolVersion: "2" }))
      const { attempts, attributes } = yield* watched(over(send))
      const responseBytes = body.length
      assert.deepStrictEqual(attempts, [{ attempt: 1, error: "TransactionIdInvalid", httpStatus: 400, responseBytes }])
      assert.deepInclude(attributes, {
        "http.response.status_code": 400,
        "http.response.body.size": responseBytes,
        "network.protocol.version": "2"
      })
    })
  )
})

describe("the time limit", () => {
  const slowly = (millis: number) =>
    Layer.succeed(Credentials, {
      get: Effect.delay(Effect.succeed(makeCredential(key)), millis),
      invalidate: () => Effect.void
    })
  const asked = () => {
    const timeouts: Array<number> = []
    const send: Transport.Send = ({ timeout }) => {
      timeouts.push(timeout)
      return Canned.passed()
    }
    return { send, timeouts }
  }

  it.effect("of the call covers the credential: if that takes all the time, nothing is sent", () =>
    Effect.gen(function* () {
      const { send, timeouts } = asked()
      const policy = { deadline: "20 seconds" } as const
      const fiber = yield* Effect.forkChild(errorOf(send, { credentials: slowly(60_000), policy }))
      yield* TestClock.adjust("20 seconds")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "CallTimeout", limit: "deadline", after: 20_000 })
      assert.deepStrictEqual(timeouts, [])
    })
  )

  it.effect("of an attempt begins with the request; the deadline is what the credential left of it", () =>
    Effect.gen(function* () {
      const { send, timeouts } = asked()
      const policies = [{ attemptTimeout: "20 seconds" }, { deadline: "9 seconds" }] as const
      for (const policy of policies) {
        const call = Effect.provide(check, over(send, { credentials: slowly(6000), policy }))
        const fiber = yield* Effect.forkChild(call)
        yield* TestClock.adjust("6 seconds")
        yield* Fiber.join(fiber)
      }
      assert.deepStrictEqual(timeouts, [20_000, 3000])
    })
  )

  it.effect.each(["attempt", "deadline"] as const)("sends nothing if it is 0: the %s's", (limit) =>
    Effect.gen(function* () {
      const { send, timeouts } = asked()
      const policy = limit === "attempt" ? { attemptTimeout: 0 } : { deadline: 0 }
      assert.deepInclude(yield* errorOf(send, { policy }), { _tag: "CallTimeout", limit, after: 0 })
      assert.deepStrictEqual(timeouts, [])
    })
  )

  it.effect("may be infinite", () =>
    Effect.gen(function* () {
      const { send, timeouts } = asked()
      const policy = { attemptTimeout: Duration.infinity, deadline: Duration.infinity }
      const fiber = yield* Effect.forkChild(
        Effect.provide(check, over(send, { credentials: slowly(86_400_000), policy }))
      )
      yield* TestClock.adjust("1 day")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
      assert.deepStrictEqual(timeouts, [Infinity])
    })
  )
})

describe("an interruption", () => {
  it.effect("cancels the request", () =>
    Effect.gen(function* () {
      const { interrupted, send } = silent()
      const fiber = yield* Effect.forkChild(Effect.provide(check, over(send)), { startImmediately: true })
      assert.strictEqual(interrupted(), 0)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(interrupted(), 1)
    })
  )

  it.effect("by the transport itself stays one", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        Effect.provide(
          check,
          over(() => Effect.interrupt)
        )
      )
      assert.isTrue(Exit.hasInterrupts(exit))
    })
  )
})

describe("a defect", () => {
  it.effect.each<[string, Transport.Send]>([
    ["dies", () => Effect.die(new RangeError("a secret"))],
    [
      "throws",
      () => {
        throw new RangeError("a secret")
      }
    ]
  ])("of a transport that %s is a TransportError without its text", ([, send]) =>
    Effect.gen(function* () {
      const { exit, spans } = yield* watched(over(send))
      const error = yield* Effect.flip(exit)
      assert.containSubset(error, { _tag: "TransportError", reason: "the connection failed: RangeError", attempts: 1 })
      assert.notInclude(inspect([exit, spans], { depth: 10 }), "a secret")
    })
  )

  it.effect("of the signature is the call's, in no span, and the observer learns of the attempt", () =>
    Effect.gen(function* () {
      const crypto: SignatureCrypto = {
        ...syncCrypto,
        sha256: () => {
          throw new RangeError("a secret")
        }
      }
      const { attempts, attributes, exit, spans } = yield* watched(over(() => Canned.passed(), { crypto }))
      assert.isTrue(Exit.hasDies(exit))
      assert.deepStrictEqual(attempts, [
        { attempt: 1, error: undefined, httpStatus: undefined, responseBytes: undefined }
      ])
      assert.strictEqual(attributes["error.type"], "RangeError")
      assert.notInclude(inspect(spans, { depth: 10 }), "a secret")
    })
  )
})
