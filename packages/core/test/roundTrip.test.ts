import { describe, expect, it, vi } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as Tracer from "effect/Tracer"
import * as fc from "fast-check"
import * as Cloudauth from "../src/Cloudauth.ts"
import { Credentials, make as credential } from "../src/Credentials.ts"
import * as ResponseCode from "../src/ResponseCode.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { SignatureCrypto, webCrypto } from "../src/SignatureCrypto.ts"
import * as Telemetry from "../src/Telemetry.ts"
import * as Transport from "../src/Transport.ts"
import { failure, success } from "./fixtures/answers.ts"
import { shown } from "./fixtures/reveal.ts"

const request = { merchantBizId: "order1", transactionId: "hksb1" }
const key = { accessKeyId: "id", accessKeySecret: "secret" }

const never: HttpClient.HttpClient = HttpClient.make(() => Effect.never)

/** Primitives that have their values at once. */
const atOnce: SignatureCrypto = {
  sha256: () => Effect.succeed("00"),
  hmacSha256: () => Effect.succeed("00"),
  nonce: () => "nonce"
}

const timeouts = { set: globalThis.setTimeout, clear: globalThis.clearTimeout }

interface Setup {
  readonly credentials?: Layer.Layer<Credentials>
  readonly policy?: Partial<RetryPolicy.RetryPolicy>
  readonly crypto?: SignatureCrypto
}

/** A client over any `HttpClient`. */
const clientOver = (http: HttpClient.HttpClient, { credentials, crypto, policy }: Setup = {}) =>
  Layer.merge(
    Cloudauth.Cloudauth.layer({ maxBodyBytes: 10_000 }).pipe(
      Layer.provide([
        credentials ?? Credentials.layerStatic(key),
        Layer.succeed(HttpClient.HttpClient, http),
        Layer.succeed(SignatureCrypto, crypto ?? webCrypto)
      ]),
      Layer.orDie
    ),
    RetryPolicy.layer({ ...RetryPolicy.standard, transient: Schedule.recurs(0), ...policy })
  )

/** An `HttpClient` that offers round trips, and never answers otherwise. */
const offering = (send: Transport.Send): HttpClient.HttpClient =>
  Transport.withRoundTrips(
    HttpClient.mapRequest(never, (outgoing) => outgoing),
    send
  )

/** A client whose transport answers round trips by a function. */
const over = (send: Transport.Send, setup: Setup = {}) => clientOver(offering(send), setup)

/** What an observer and a tracer are told of an effect. */
const watched = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  attempts: Array<object> = [],
  spans: Array<Tracer.NativeSpan> = []
) =>
  Effect.gen(function* () {
    const observer = Telemetry.makeObserver({
      attemptEnded: ({ attempt, error, httpStatus, responseBytes }) =>
        attempts.push({ attempt, error: error?._tag, httpStatus, responseBytes })
    })
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const exit = yield* effect.pipe(
      Effect.exit,
      Effect.provideService(Telemetry.Observer, observer),
      Effect.provideService(Tracer.Tracer, tracer)
    )
    return { exit, attempts, spans, attempt: spans.find(({ name }) => name === "Cloudauth.attempt") }
  })

const ends =
  (outcome: Transport.Outcome, status = 200): Transport.Send =>
  (_request, _limit, done) => {
    queueMicrotask(() => done(outcome))
    return { status, protocolVersion: "1.1", cancel: () => {} }
  }

const sizeOf = (outcome: Transport.Outcome): number =>
  outcome._tag === "Answered" ? outcome.body.reduce((size, piece) => size + piece.byteLength, 0) : 0

const answered = (body: string): Transport.Outcome => ({
  _tag: "Answered",
  headers: () => ({}),
  body: [new TextEncoder().encode(body)]
})

const check = Cloudauth.Cloudauth.checkResult(request)

describe("a transport that offers whole round trips", () => {
  it.live("is asked for the signed request", () => {
    const seen: Array<Transport.Outgoing> = []
    const send: Transport.Send = (outgoing, limit, done) => {
      seen.push(outgoing)
      expect(limit).toBe(10_000)
      return ends(answered(success({})))(outgoing, limit, done)
    }
    return Effect.gen(function* () {
      expect((yield* check).verdict._tag).toBe("Passed")
      expect(seen).toHaveLength(1)
      expect(seen[0]?.path).toMatch(/^\/\?.*TransactionId=hksb1/)
      expect(seen[0]?.headers["authorization"]).toContain("Signature=")
    }).pipe(Effect.provide(over(send)))
  })

  it.live("tells of a body that is too large, with its status", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(check)
      expect(error).toMatchObject({
        _tag: "DecodeError",
        code: "DecodeError",
        httpStatus: 201,
        path: "",
        expected: "at most 10000 bytes"
      })
      expect(error.advice).toContain("maxBodyBytes")
      expect(error._tag === "DecodeError" && shown(error.body)).toBe("")
      expect(error._tag === "DecodeError" && String(error.body)).toBe("<redacted:body>")
    }).pipe(Effect.provide(over(ends(Transport.bodyTooLarge(10_000), 201))))
  )

  it.live.each<[string, Transport.Send]>([
    ["fails", ends({ _tag: "Failed", cause: Object.assign(new Error("secret"), { code: "ECONNRESET" }) })],
    [
      "throws",
      () => {
        throw Object.assign(new Error("secret"), { code: "ECONNRESET" })
      }
    ]
  ])("becomes a TransportError where it %s, without its words", ([, send]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(check)
      expect(error).toMatchObject({ _tag: "TransportError", reason: "the connection failed: ECONNRESET" })
      expect(String(error)).not.toContain("secret")
    }).pipe(Effect.provide(over(send)))
  )

  it.live("is cancelled by the time limit, and by an interruption", () => {
    let cancelled = 0
    const asked = Latch.makeUnsafe()
    const silent: Transport.Send = () => {
      asked.openUnsafe()
      return { status: undefined, protocolVersion: undefined, cancel: () => cancelled++ }
    }
    return Effect.gen(function* () {
      const error = yield* Effect.flip(check)
      expect(error).toMatchObject({ _tag: "CallTimeout", limit: "attempt", after: 20 })
      expect(cancelled).toBe(1)
      asked.closeUnsafe()
      const fiber = yield* Effect.forkChild(check)
      yield* asked.await
      yield* Fiber.interrupt(fiber)
      expect(cancelled).toBe(2)
    }).pipe(Effect.provide(over(silent, { policy: { attemptTimeout: "20 millis" } })))
  })

  it.live("is not waited for where the credential takes all the time", () => {
    const slow = Layer.succeed(Credentials, {
      get: Effect.delay(Effect.succeed(credential(key)), "1 minute"),
      invalidate: () => Effect.void
    })
    const send: Transport.Send = () => {
      throw new Error("nothing is to be sent")
    }
    return Effect.gen(function* () {
      const error = yield* Effect.flip(check)
      expect(error).toMatchObject({ _tag: "CallTimeout", limit: "attempt", after: 20 })
    }).pipe(Effect.provide(over(send, { credentials: slow, policy: { attemptTimeout: "20 millis" } })))
  })

  it.live("waits for a credential that is not at hand", () => {
    const later = Layer.succeed(Credentials, {
      get: Effect.as(Effect.yieldNow, credential(key)),
      invalidate: () => Effect.void
    })
    return Effect.gen(function* () {
      expect((yield* check).verdict._tag).toBe("Passed")
    }).pipe(Effect.provide(over(ends(answered(success({}))), { credentials: later })))
  })

  it.effect("is limited by the clock that somebody provides", () =>
    Effect.gen(function* () {
      let cancelled = 0
      const send: Transport.Send = () => ({ status: undefined, protocolVersion: undefined, cancel: () => cancelled++ })
      const fiber = yield* Effect.forkChild(
        check.pipe(
          Effect.provide(over(send, { crypto: atOnce, policy: { attemptTimeout: "2 seconds" } })),
          Effect.exit
        ),
        { startImmediately: true }
      )
      yield* TestClock.adjust("1999 millis")
      expect([fiber.pollUnsafe(), cancelled]).toEqual([undefined, 0])
      yield* TestClock.adjust("1 millis")
      const exit = yield* Fiber.join(fiber)
      expect(Exit.isFailure(exit) && String(exit.cause)).toContain("CallTimeout")
      expect(cancelled).toBe(1)
    })
  )
})

describe("a connection that fails", () => {
  const failing = (cause: unknown) => over(ends({ _tag: "Failed", cause }))
  const failure = (cause: unknown) => Effect.flip(Effect.provide(check, failing(cause)))
  const coded = (code: unknown) => Object.assign(new Error("a secret"), { code })
  const named = (name: unknown) => Object.assign(new Error("a secret"), { name })
  const circular = new RangeError("a secret")
  circular.cause = new TypeError("a secret", { cause: circular })

  it.live.each<[string, unknown]>([
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
    ["Error", coded("ESECRET of somebody")],
    ["Error", coded("somebody's ESECRET")],
    ["Error", coded("E")],
    ["Error", coded("E".repeat(41))],
    ["Error", coded(["ECONNRESET"])],
    ["unknown cause", named("secret of somebody")],
    ["unknown cause", named("somebody's 1 secret")],
    ["unknown cause", named("a".repeat(41))],
    ["unknown cause", named(["RangeError"])],
    ["unknown cause", { message: "a secret" }],
    ["unknown cause", "ECONNRESET"],
    ["unknown cause", null],
    ["unknown cause", undefined]
  ])("is told by the code of its causes or the innermost's class, never by their words: %s", ([reason, cause]) =>
    Effect.gen(function* () {
      const error = yield* failure(cause)
      expect(error).toMatchObject({ _tag: "TransportError", reason: `the connection failed: ${reason}` })
      expect(error.message).not.toContain("secret")
    })
  )

  it.live("has the cause itself, hidden", () =>
    Effect.gen(function* () {
      const cause = coded("ECONNRESET")
      const error = yield* failure(cause)
      expect(error.code).toBe("TransportError")
      expect(error._tag === "TransportError" && shown(error.underlying)).toBe(cause)
      expect(error._tag === "TransportError" && String(error.underlying)).toBe("<redacted:underlying>")
    })
  )

  it.live("says what helps: something else where an answer came twice", () =>
    Effect.gen(function* () {
      expect((yield* failure(coded("ECONNRESET"))).advice).toContain("Check the network")
      expect((yield* failure(coded("ERR_REPEATED_ANSWER"))).advice).toContain("a proxy that sends answers twice")
    })
  )

  it.live.each<[string, HttpClient.HttpClient]>([
    ["dies", HttpClient.make(() => Effect.die(new RangeError("a secret")))],
    [
      "throws",
      HttpClient.makeWith<HttpClientError, never, HttpClientError, never>(() => {
        throw new RangeError("a secret")
      }, Effect.succeed)
    ]
  ])("becomes a TransportError where the general way %s, too", ([, http]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.provide(check, clientOver(http)))
      expect(error).toMatchObject({ _tag: "TransportError", reason: "the connection failed: RangeError" })
      expect(error.message).not.toContain("secret")
    })
  )

  it.live("is none where the transport interrupts itself", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Effect.provide(check, clientOver(HttpClient.make(() => Effect.interrupt))))
      expect(Exit.hasInterrupts(exit)).toBe(true)
    })
  )
})

describe("a transport that does not keep to the contract", () => {
  const nothing = () => {}
  const passed = answered(success({}))
  const broken: Transport.Outcome = { _tag: "Failed", cause: new Error("the second") }

  it.live.each<[string, Transport.Send]>([
    [
      "tells before it has returned",
      (_request, _limit, done) => {
        done(passed)
        return { status: 200, protocolVersion: "1.1", cancel: nothing }
      }
    ],
    [
      "tells before it has returned, and again",
      (_request, _limit, done) => {
        done(passed)
        done(broken)
        queueMicrotask(() => done(broken))
        return { status: 200, protocolVersion: "1.1", cancel: nothing }
      }
    ],
    [
      "tells twice",
      (_request, _limit, done) => {
        queueMicrotask(() => {
          done(passed)
          done(broken)
        })
        return { status: 200, protocolVersion: "1.1", cancel: nothing }
      }
    ]
  ])("is taken at its first word: it %s", ([, send]) =>
    Effect.gen(function* () {
      const { attempt, attempts, exit } = yield* watched(Effect.provide(check, over(send, { crypto: atOnce })))
      expect(Exit.isSuccess(exit) && exit.value.verdict._tag).toBe("Passed")
      expect(attempts).toEqual([{ attempt: 1, error: undefined, httpStatus: 200, responseBytes: sizeOf(passed) }])
      expect(attempt?.attributes.get("network.protocol.version")).toBe("1.1")
    })
  )

  it.live("is believed where it throws, whatever it tells then", () =>
    Effect.gen(function* () {
      let tell = nothing
      const send: Transport.Send = (_request, _limit, done) => {
        tell = () => done(passed)
        done(passed)
        throw Object.assign(new Error("secret"), { code: "ECONNREFUSED" })
      }
      const error = yield* Effect.flip(Effect.provide(check, over(send)))
      expect(error).toMatchObject({ _tag: "TransportError", reason: "the connection failed: ECONNREFUSED" })
      expect(tell).not.toThrow()
    })
  )

  it.live.each(["time limit", "interruption"] as const)("changes nothing after a cancellation: %s", (by) =>
    Effect.gen(function* () {
      const asked = Latch.makeUnsafe()
      let tell = nothing
      const send: Transport.Send = (_request, _limit, done) => {
        asked.openUnsafe()
        const trip: { -readonly [K in keyof Transport.RoundTrip]: Transport.RoundTrip[K] } = {
          status: undefined,
          protocolVersion: "1.1",
          cancel: () => {
            tell = () => {
              trip.status = 200
              done(passed)
            }
            tell()
            throw new Error("a secret")
          }
        }
        return trip
      }
      const policy = { attemptTimeout: by === "time limit" ? "20 millis" : "1 minute" } as const
      const call = yield* Effect.forkChild(watched(Effect.provide(check, over(send, { crypto: atOnce, policy }))))
      yield* asked.await
      if (by === "interruption") yield* Fiber.interrupt(call)
      else {
        const { attempt, attempts, exit } = yield* Fiber.join(call)
        expect(Exit.isFailure(exit) && Exit.hasDies(exit)).toBe(false)
        expect(attempts).toEqual([
          { attempt: 1, error: "CallTimeout", httpStatus: undefined, responseBytes: undefined }
        ])
        expect(attempt?.attributes.has("http.response.status_code")).toBe(false)
      }
      expect(tell).not.toThrow()
    })
  )
})

describe("a client that wraps one with round trips", () => {
  const general = HttpClient.make((outgoing) =>
    Effect.succeed(HttpClientResponse.fromWeb(outgoing, new Response(success({}))))
  )
  const identity = <A>(value: A): A => value

  it.live.each<[string, (client: HttpClient.HttpClient) => HttpClient.HttpClient]>([
    ["mapRequest", HttpClient.mapRequest(identity)],
    ["mapRequestInput", HttpClient.mapRequestInput(identity)],
    ["mapRequestEffect", HttpClient.mapRequestEffect(Effect.succeed)],
    ["tapRequest", HttpClient.tapRequest(() => Effect.void)],
    ["transform", HttpClient.transform(identity)],
    ["transformResponse", HttpClient.transformResponse(identity)],
    ["tap", HttpClient.tap(() => Effect.void)],
    ["filterStatus", HttpClient.filterStatus(() => true)],
    ["followRedirects", HttpClient.followRedirects(1)],
    ["retry", HttpClient.retry({ times: 1 })],
    ["a copy", (client) => ({ ...client })],
    ["a copy with the same prototype", (client) => Object.assign(Object.create(Object.getPrototypeOf(client)), client)],
    ["one that inherits from it", (client) => Object.create(client)],
    ["a proxy", (client) => new Proxy(client, {})]
  ])("is asked, and not gone round: %s", ([, wrap]) => {
    const offers = Transport.withRoundTrips(HttpClient.mapRequest(general, identity), () => {
      throw new Error("it is gone round")
    })
    const client = wrap(offers)
    expect(Transport.roundTripsOf(offers)).toBeDefined()
    expect(Transport.roundTripsOf(client)).toBeUndefined()
    return Effect.gen(function* () {
      expect((yield* check).verdict._tag).toBe("Passed")
    }).pipe(Effect.provide(clientOver(client)))
  })

  it.live("may offer round trips of its own; the last offer holds", () =>
    Effect.gen(function* () {
      const client = HttpClient.mapRequest(offering(ends(answered("no JSON"))), identity)
      expect(Transport.withRoundTrips(client, ends(answered("none, either")))).toBe(client)
      expect(Transport.withRoundTrips(client, ends(answered(success({}))))).toBe(client)
      expect((yield* Effect.provide(check, clientOver(client))).verdict._tag).toBe("Passed")
    })
  )
})

describe("the version of HTTP that a response tells", () => {
  it.each([
    ["2", "2"],
    [2, undefined],
    [null, undefined],
    [undefined, undefined]
  ])("%j is %j: none but a text is believed", (told, version) => {
    expect(Transport.protocolVersion({ [Transport.ProtocolVersion]: told })).toBe(version)
    expect(Transport.protocolVersion({})).toBeUndefined()
  })
})

describe("what observers and spans are told of a round trip", () => {
  it.live("has no version of HTTP where no answer came: none was spoken", () =>
    Effect.gen(function* () {
      const send: Transport.Send = (_request, _limit, done) => {
        queueMicrotask(() => done({ _tag: "Failed", cause: undefined }))
        return { status: undefined, protocolVersion: "1.1", cancel: () => {} }
      }
      const { attempt } = yield* watched(Effect.provide(check, over(send)))
      expect(attempt?.attributes.has("network.protocol.version")).toBe(false)
      expect(attempt?.attributes.has("http.response.status_code")).toBe(false)
    })
  )

  it.live.each(["time limit", "interruption"] as const)("has the status where the body was cut off: %s", (by) =>
    Effect.gen(function* () {
      const asked = Latch.makeUnsafe()
      const begun: Transport.Send = () => {
        asked.openUnsafe()
        return { status: 206, protocolVersion: "2", cancel: () => {} }
      }
      const attempts: Array<object> = []
      const spans: Array<Tracer.NativeSpan> = []
      const policy = { attemptTimeout: by === "time limit" ? "20 millis" : "1 minute" } as const
      const call = yield* check.pipe(
        Effect.provide(over(begun, { crypto: atOnce, policy })),
        (effect) => watched(effect, attempts, spans),
        Effect.forkChild
      )
      yield* asked.await
      yield* by === "interruption" ? Fiber.interrupt(call) : Fiber.await(call)
      const error = by === "interruption" ? undefined : "CallTimeout"
      expect(attempts).toEqual([{ attempt: 1, error, httpStatus: 206, responseBytes: undefined }])
      const attempt = spans.find(({ name }) => name === "Cloudauth.attempt")
      expect(attempt?.attributes.get("http.response.status_code")).toBe(206)
      expect(attempt?.attributes.get("network.protocol.version")).toBe("2")
    })
  )

  const statuses = [200, 201, 302, 400, 403, 404, 429, 500, 502, 503, 504]
  const bodies = fc.oneof(
    fc.constantFrom(
      success({}),
      "",
      "hello",
      "<html>",
      "[]",
      "{}",
      '<?xml version="1.0"?><Error><Code>x</Code></Error>'
    ),
    fc.constantFrom(...Object.keys(ResponseCode.table), "NeverHeardOf").map((code) => failure(code)),
    fc.json()
  )
  const headers = fc.dictionary(
    fc.constantFrom("x-acs-request-id", "x-acs-retry-after", "retry-after", "date", "content-type"),
    fc.constantFrom("1", "1000", "Wed, 25 Nov 2026 00:00:00 GMT", "text/html"),
    { maxKeys: 3 }
  )

  it.live("is what they are told of the same answer by execute", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...statuses),
          bodies,
          headers,
          fc.boolean(),
          async (status, body, headers, cut) => {
            const pieces = cut ? [body.slice(0, 3), body.slice(3)] : [body]
            const chunks = pieces.map((piece) => new TextEncoder().encode(piece))
            const size = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
            const isTooLarge = size > 400
            const send = ends(
              isTooLarge ? Transport.bodyTooLarge(400) : { _tag: "Answered", headers: () => headers, body: chunks },
              status
            )
            // `HttpClient.make` would wrap the response, and lose what it offers.
            const general = HttpClient.makeWith<HttpClientError, never, HttpClientError, never>(
              Effect.map((outgoing) =>
                Object.assign(HttpClientResponse.fromWeb(outgoing, new Response(null, { status, headers })), {
                  [Transport.ProtocolVersion]: "1.1",
                  [Transport.BoundedBody]: () =>
                    isTooLarge ? Effect.fail(Transport.bodyTooLarge(400)) : Effect.succeed(chunks)
                })
              ),
              Effect.succeed
            )
            const told = async (http: HttpClient.HttpClient) => {
              const client = clientOver(http, { policy: RetryPolicy.none })
              const { attempt, attempts, exit } = await Effect.runPromise(
                watched(Effect.provide(check, client)).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
              )
              const error = Option.getOrUndefined(Exit.findErrorOption(exit))
              return {
                attempts,
                attributes: Object.fromEntries(attempt?.attributes ?? []),
                end: Exit.isSuccess(exit)
                  ? exit.value.verdict
                  : { ...error, message: error?.message, skew: undefined, body: error?._tag }
              }
            }
            expect(await told(offering(send))).toEqual(await told(general))
          }
        ),
        { numRuns: 150 }
      )
    )
  )
})

describe("the time limit of a round trip", () => {
  /** Counts what is asked of it, and answers well. */
  const counting = () => {
    let asked = 0
    const send: Transport.Send = (outgoing, limit, done) => {
      asked++
      return ends(answered(success({})))(outgoing, limit, done)
    }
    return { send, asked: () => asked }
  }

  it.live.each<["attempt" | "deadline", string, SignatureCrypto]>([
    ["attempt", "at once", atOnce],
    ["attempt", "later", webCrypto],
    ["deadline", "at once", atOnce],
    ["deadline", "later", webCrypto]
  ])("of no time sends nothing: the %s's, signed %s", ([limit, , crypto]) =>
    Effect.gen(function* () {
      const { asked, send } = counting()
      const policy = limit === "attempt" ? { attemptTimeout: 0 } : { deadline: 0 }
      const error = yield* Effect.flip(Effect.provide(check, over(send, { crypto, policy })))
      expect(error).toMatchObject({ _tag: "CallTimeout", limit, after: 0 })
      expect(asked()).toBe(0)
    })
  )

  it.live("may be none", () =>
    Effect.gen(function* () {
      // Slower than the timer that a runtime makes of one that it can't make.
      const send: Transport.Send = (_request, _limit, done) => {
        timeouts.set(() => done(answered(success({}))), 10)
        return { status: 200, protocolVersion: "1.1", cancel: () => {} }
      }
      const policy = { attemptTimeout: Infinity, deadline: Infinity }
      expect((yield* Effect.provide(check, over(send, { policy }))).verdict._tag).toBe("Passed")
    })
  )

  it.live("may be longer than a timer waits", () =>
    Effect.gen(function* () {
      const { asked, send } = counting()
      for (const attemptTimeout of ["30 days", 2 ** 31 - 1] as const) {
        const policy = { attemptTimeout, deadline: "60 days" } as const
        expect((yield* Effect.provide(check, over(send, { policy }))).verdict._tag).toBe("Passed")
      }
      expect(asked()).toBe(2)
    })
  )

  it.live.each<[string, Setup]>([
    ["at hand", {}],
    [
      "asynchronous",
      {
        credentials: Layer.succeed(Credentials, {
          get: Effect.as(Effect.yieldNow, credential(key)),
          invalidate: () => Effect.void
        })
      }
    ]
  ])("leaves no timer behind, whatever the end; credential and signature %s", ([, setup]) =>
    Effect.gen(function* () {
      const crypto = setup.credentials === undefined ? atOnce : webCrypto
      const running = new Set<unknown>()
      const starts = vi.spyOn(globalThis, "setTimeout").mockImplementation((...args) => {
        const timer = timeouts.set(...args)
        if (Number(args[1]) > 60_000) running.add(timer)
        return timer
      })
      const stops = vi.spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
        running.delete(timer)
        timeouts.clear(timer)
      })
      yield* Effect.gen(function* () {
        const policy = { attemptTimeout: "20 minutes", deadline: "1 hour" } as const
        const calls: ReadonlyArray<Transport.Send> = [
          ends(answered(success({}))),
          ends(answered("hello")),
          ends(Transport.bodyTooLarge(1)),
          ends({ _tag: "Failed", cause: undefined }),
          () => {
            throw new Error("it throws")
          }
        ]
        for (const send of calls) yield* Effect.exit(Effect.provide(check, over(send, { ...setup, crypto, policy })))
        expect(starts).toHaveBeenCalled()
        expect(running.size).toBe(0)
        const asked = Latch.makeUnsafe()
        const silent: Transport.Send = () => {
          asked.openUnsafe()
          return { status: undefined, protocolVersion: undefined, cancel: () => {} }
        }
        const call = yield* Effect.forkChild(Effect.provide(check, over(silent, { ...setup, crypto, policy })))
        yield* asked.await
        yield* Effect.yieldNow
        expect(running.size).toBe(1)
        yield* Fiber.interrupt(call)
        expect(running.size).toBe(0)
      }).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            starts.mockRestore()
            stops.mockRestore()
          })
        )
      )
    })
  )

  it.live("holds where the caller must not be interrupted", () =>
    Effect.gen(function* () {
      let cancelled = 0
      const silent: Transport.Send = () => ({
        status: undefined,
        protocolVersion: undefined,
        cancel: () => cancelled++
      })
      const error = yield* Effect.flip(
        Effect.uninterruptible(Effect.provide(check, over(silent, { policy: { attemptTimeout: "20 millis" } })))
      )
      expect(error._tag).toBe("CallTimeout")
      expect(cancelled).toBe(1)
    })
  )
})

describe("what comes before a round trip", () => {
  const unsent: Transport.Send = () => {
    throw new Error("nothing is to be sent")
  }

  /** Primitives by which a signature never comes, or fails. */
  const cryptoOf = (sha256: SignatureCrypto["sha256"]): SignatureCrypto => ({ ...webCrypto, sha256 })

  it.live("is within the time limit: a signature that never comes ends with it", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(check)
      expect(error).toMatchObject({ _tag: "CallTimeout", limit: "attempt", after: 20 })
    }).pipe(
      Effect.provide(over(unsent, { crypto: cryptoOf(() => Effect.never), policy: { attemptTimeout: "20 millis" } }))
    )
  )

  it.live("ends where the caller is interrupted, and nothing is sent", () =>
    Effect.gen(function* () {
      const signing = yield* Deferred.make<void>()
      let interrupted = 0
      const crypto = cryptoOf(() =>
        Effect.onInterrupt(Effect.andThen(Deferred.succeed(signing, undefined), Effect.never), () =>
          Effect.sync(() => interrupted++)
        )
      )
      const call = yield* Effect.forkChild(Effect.provide(check, over(unsent, { crypto })))
      yield* Deferred.await(signing)
      yield* Fiber.interrupt(call)
      expect(interrupted).toBe(1)
    })
  )

  it.live.each<[string, HttpClient.HttpClient]>([
    ["by a round trip", offering(unsent)],
    ["by execute", never]
  ])("is in no span where it throws, and observers are told: %s", ([, http]) =>
    Effect.gen(function* () {
      const crypto = cryptoOf(() => {
        throw new RangeError("a secret")
      })
      const client = clientOver(http, { crypto })
      const { attempt, attempts, exit, spans } = yield* watched(Effect.provide(check, client))
      expect(Exit.hasDies(exit)).toBe(true)
      expect(attempts).toEqual([{ attempt: 1, error: undefined, httpStatus: undefined, responseBytes: undefined }])
      expect(attempt?.attributes.get("error.type")).toBe("RangeError")
      for (const { status } of spans) {
        expect(status._tag === "Ended" && String(Exit.isFailure(status.exit) && status.exit.cause)).not.toContain(
          "a secret"
        )
      }
      // Where no tracer looks, observers are told nevertheless.
      let ended = 0
      const observer = Telemetry.makeObserver({ attemptEnded: () => ended++ })
      yield* check.pipe(Effect.provide(client), Effect.provideService(Telemetry.Observer, observer), Effect.exit)
      expect(ended).toBe(1)
    })
  )

  it.live.each<[string, HttpClient.HttpClient]>([
    ["by a round trip", offering(unsent)],
    ["by execute", never]
  ])("shows no request of a credential's source: %s", ([, http]) =>
    Effect.gen(function* () {
      let isHidden = false
      const source = Layer.succeed(Credentials, {
        get: Effect.gen(function* () {
          yield* Effect.yieldNow
          // A source's requests have its signature in their query, as the client's own have.
          isHidden = (yield* HttpClient.TracerDisabledWhen)({} as never) // whatever the request
          return yield* Effect.interrupt
        }),
        invalidate: () => Effect.void
      })
      yield* Effect.exit(Effect.provide(check, clientOver(http, { credentials: source })))
      expect(isHidden).toBe(true)
    })
  )

  it.live("shows no request by which a credential is refreshed, whichever requests the program hides", () =>
    Effect.gen(function* () {
      let isHidden = false
      const load = Effect.gen(function* () {
        isHidden = (yield* HttpClient.TracerDisabledWhen)({} as never) // whatever the request
        return key
      })
      // Around the layer, so that it is in the context that the layer keeps.
      const source = Credentials.layerRefreshing({ load }).pipe(
        Layer.provide(Layer.succeed(HttpClient.TracerDisabledWhen, () => false))
      )
      yield* Effect.exit(Effect.provide(check, over(ends(answered(success({}))), { credentials: source })))
      expect(isHidden).toBe(true)
    })
  )
})
