/** What the client learns of its machine's clock from the answers' Date headers. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as Transport from "../src/Transport.ts"
import { failure, passing } from "./fixtures/answers.ts"
import { clientOf, failureOf, key, type Reply, reply, run, serve } from "./fixtures/server.ts"
import { hour, onSteppedClock } from "./fixtures/steppedClock.ts"

const request = { merchantBizId: "order1", transactionId: "t1" }
const check = Effect.exit(Cloudauth.checkResult(request))
const ok = reply(200, passing())
const at = (date: string, headers: Record<string, string> = {}) => reply(200, passing(), { date, ...headers })
const refused = (date: string) => reply(400, failure("InvalidTimeStamp.Expired"), { date })

/** The dates of the requests of so many calls, as seconds since the test began. */
const dates = (script: ReadonlyArray<Reply>, calls = script.length) =>
  Effect.gen(function* () {
    const server = serve(...script)
    yield* run(server, Effect.all(Array.from({ length: calls }, () => check)))
    return server.sent.map(({ headers }) => Date.parse(headers["x-acs-date"] ?? "") / 1000)
  })

describe("the Date of any answer", () => {
  it.effect.each([
    ["a result", at("Thu, 01 Jan 1970 01:00:00 GMT")],
    ["an error", reply(404, failure("ProcessNotCompleted"), { date: "Thu, 01 Jan 1970 01:00:00 GMT" })]
  ] as const)("dates the next request: of %s", ([, first]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* dates([first, ok, ok]), [0, 3600, 3600])
    })
  )

  it.effect("corrects what was learned before, as after the machine's own correction", () =>
    Effect.gen(function* () {
      const script = [at("Thu, 01 Jan 1970 01:00:00 GMT"), at("Thu, 01 Jan 1970 00:00:00 GMT"), ok]
      assert.deepStrictEqual(yield* dates(script), [0, 3600, 0])
    })
  )

  it.effect.each([
    ["00:04:00", 0],
    ["00:04:01", 241]
  ] as const)("counts if it is off by more than 4 minutes: %s", ([time, seconds]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* dates([at(`Thu, 01 Jan 1970 ${time} GMT`), ok]), [0, seconds])
    })
  )

  it.effect.each([
    ["is none", at("yesterday")],
    ["is another form of date", at("1970-01-01T01:00:00Z")],
    ["is an impossible day", at("Thu, 45 Jan 1970 01:00:00 GMT")],
    ["is empty", at("")],
    ["is off by more than a day, although the request's own date was accepted", at("Sat, 03 Jan 1970 00:00:00 GMT")],
    ["comes from a cache", at("Thu, 01 Jan 1970 01:00:00 GMT", { age: "3600" })],
    ["comes from something else than the service", reply(502, "<html>", { date: "Thu, 01 Jan 1970 01:00:00 GMT" })]
  ] as const)("is not believed if it %s", ([, first]) =>
    Effect.gen(function* () {
      assert.isTrue((yield* dates([first, ok, ok, ok, ok], 2)).every((date) => date < 60))
    })
  )

  it.effect("is no skew if the answer was long under way", () =>
    Effect.gen(function* () {
      const sent: Array<string | undefined> = []
      const stamped = { date: "Thu, 01 Jan 1970 00:00:00 GMT" }
      const send: Transport.Send = ({ headers }) => {
        sent.push(headers["x-acs-date"])
        const answer = Effect.map(Canned.passed(), (response) => ({ ...response, headers: stamped }))
        return sent.length === 1 ? Effect.delay(answer, "10 minutes") : answer
      }
      const client = Cloudauth.layerTransport().pipe(
        Layer.provide([Layer.succeed(Transport.Transport, { send }), Credentials.layerStatic(key)])
      )
      const retry = { attemptTimeout: "1 hour", deadline: "1 hour" } as const
      const calls = Effect.andThen(Cloudauth.checkResult(request, { retry }), check)
      const fiber = yield* Effect.forkChild(Effect.provide(calls, client))
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(sent, ["1970-01-01T00:00:00Z", "1970-01-01T00:10:00Z"])
    })
  )
})

describe("a request that was refused for its date", () => {
  it.effect("is corrected from the refusal, also by years", () =>
    Effect.gen(function* () {
      const [first, second] = yield* dates([refused("Sun, 01 Nov 2026 00:00:00 GMT"), ok], 1)
      assert.deepStrictEqual([first, second], [0, Date.UTC(2026, 10, 1) / 1000])
    })
  )

  it.effect("because of a Date that was wrong is dated by the machine's own clock again", () =>
    Effect.gen(function* () {
      const wrong = "Thu, 01 Jan 1970 02:00:00 GMT"
      assert.deepStrictEqual(yield* dates([at(wrong), refused(wrong), ok, ok], 3), [0, 7200, 0, 0])
    })
  )

  it.effect("is corrected although another call has corrected the clock meanwhile", () =>
    Effect.gen(function* () {
      const sent: Array<number> = []
      const send: Transport.Send = ({ headers }) => {
        const at = Date.parse(headers["x-acs-date"] ?? "") / 1000
        sent.push(at)
        const date = "Thu, 01 Jan 1970 01:00:00 GMT"
        return at < 3600
          ? Effect.delay(Canned.response(failure("InvalidTimeStamp.Expired"), 400, { date }), "1 second")
          : Canned.passed()
      }
      const client = Cloudauth.layerTransport({ quota: "none" }).pipe(
        Layer.provide([Layer.succeed(Transport.Transport, { send }), Credentials.layerStatic(key)])
      )
      const calls = Effect.all([check, check, check], { concurrency: "unbounded" })
      const fiber = yield* Effect.forkChild(Effect.provide(calls, client))
      yield* TestClock.adjust("10 seconds")
      assert.isTrue((yield* Fiber.join(fiber)).every(Exit.isSuccess))
      assert.deepStrictEqual(sent, [0, 0, 0, 3600, 3600, 3600])
    })
  )

  it.effect("once with nonsense does not spoil the calls after it", () =>
    onSteppedClock((set) =>
      Effect.gen(function* () {
        set(500_000 * hour)
        const now = "Sat, 15 Jan 2027 08:00:00 GMT"
        const server = serve(refused("Thu, 01 Jan 1970 00:00:00 GMT"), refused(now), at(now))
        const [first, ...others] = yield* Effect.all([check, check, check]).pipe(Effect.provide(clientOf(server)))
        assert.deepInclude(failureOf(first), { _tag: "ClockSkewed" })
        assert.isTrue(others.every(Exit.isSuccess))
        assert.lengthOf(server.sent, 4)
      })
    )
  )
})
