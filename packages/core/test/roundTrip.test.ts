import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import * as Cloudauth from "../src/Cloudauth.ts"
import { Credentials, make as credential } from "../src/Credentials.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import * as Transport from "../src/Transport.ts"
import { success } from "./fixtures/answers.ts"

const request = { merchantBizId: "order1", transactionId: "hksb1" }
const key = { accessKeyId: "id", accessKeySecret: "secret" }

const never: HttpClient.HttpClient = HttpClient.make(() => Effect.never)

/** A client whose transport answers round trips by a function. */
const over = (
  send: Transport.Send,
  credentials: Layer.Layer<Credentials> = Credentials.layerStatic(key),
  policy: Partial<RetryPolicy.RetryPolicy> = {}
) =>
  Layer.merge(
    Cloudauth.Cloudauth.layer({ maxBodyBytes: 10_000 }).pipe(
      Layer.provide([
        credentials,
        Layer.sync(HttpClient.HttpClient, () =>
          Transport.withRoundTrips(
            HttpClient.mapRequest(never, (outgoing) => outgoing),
            send
          )
        )
      ]),
      Layer.orDie
    ),
    RetryPolicy.layer({ ...RetryPolicy.standard, transient: Schedule.recurs(0), ...policy })
  )

const ends =
  (outcome: Transport.Outcome, status = 200): Transport.Send =>
  (_request, _limit, done) => {
    queueMicrotask(() => done(outcome))
    return { status, protocolVersion: "1.1", cancel: () => {} }
  }

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
      expect(error).toMatchObject({ _tag: "DecodeError", httpStatus: 201 })
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
      expect(error).toMatchObject({ _tag: "TimeoutError", limit: "attempt", after: 20 })
      expect(cancelled).toBe(1)
      asked.closeUnsafe()
      const fiber = yield* Effect.forkChild(check)
      yield* asked.await
      yield* Fiber.interrupt(fiber)
      expect(cancelled).toBe(2)
    }).pipe(Effect.provide(over(silent, undefined, { attemptTimeout: "20 millis" })))
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
      expect(error).toMatchObject({ _tag: "TimeoutError", limit: "attempt", after: 20 })
    }).pipe(Effect.provide(over(send, slow, { attemptTimeout: "20 millis" })))
  })

  it.live("waits for a credential that is not at hand", () => {
    const later = Layer.succeed(Credentials, {
      get: Effect.as(Effect.yieldNow, credential(key)),
      invalidate: () => Effect.void
    })
    return Effect.gen(function* () {
      expect((yield* check).verdict._tag).toBe("Passed")
    }).pipe(Effect.provide(over(ends(answered(success({}))), later)))
  })

  it.effect("is left aside under a clock that somebody provides: that clock limits the time", () =>
    Effect.gen(function* () {
      const send: Transport.Send = () => {
        throw new Error("this one is timed by the runtime's clock")
      }
      const fiber = yield* Effect.forkChild(
        check.pipe(Effect.provide(over(send, undefined, { attemptTimeout: "2 seconds" })), Effect.exit),
        { startImmediately: true }
      )
      yield* TestClock.adjust("2 seconds")
      const exit = yield* Fiber.join(fiber)
      expect(Exit.isFailure(exit) && String(exit.cause)).toContain("TimeoutError")
    })
  )
})
