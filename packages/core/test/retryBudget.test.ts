/** The tokens that all retries of a client share. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { failure, passing } from "./fixtures/answers.ts"
import { failureOf, reply, run, serve } from "./fixtures/server.ts"

const ok = reply(200, passing())
const unavailable = reply(503, failure("ServiceUnavailable"))
const throttled = reply(403, failure("Throttling.Api"))

const check = () => Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" })

describe("the retry budget", () => {
  const budget = { capacity: 28, transientCost: 14, throttleCost: 5, successRefund: 1 }
  const policy = { ...RetryPolicy.standard, budget }
  const attemptsOf = Effect.map(Effect.flip(check()), ({ attempts }) => attempts)

  it.effect("is shared by all calls of a client, and time alone earns nothing back", () =>
    Effect.gen(function* () {
      const server = serve(unavailable)
      const program = Effect.gen(function* () {
        const first = yield* attemptsOf
        yield* Effect.sleep("1 hour")
        return [first, yield* attemptsOf]
      })
      assert.deepStrictEqual(yield* yield* run(server, program, { policy, random: 0 }, "2 hours"), [3, 1])
    })
  )

  it.effect("gets back what the last retry of a call that succeeds took", () =>
    Effect.gen(function* () {
      const server = serve(unavailable, unavailable, ok, unavailable)
      const program = Effect.andThen(check(), Effect.all([attemptsOf, attemptsOf]))
      assert.deepStrictEqual(yield* yield* run(server, program, { policy, random: 0 }), [2, 1])
    })
  )

  it.effect("gets back one token from each call that succeeds at once, also if the user has not finished", () =>
    Effect.gen(function* () {
      const pending = reply(404, failure("ProcessNotCompleted"))
      const answers = Array.from({ length: 14 }, (_, index) => (index % 2 === 0 ? ok : pending))
      const server = serve(unavailable, unavailable, unavailable, unavailable, ...answers, unavailable)
      const program = Effect.gen(function* () {
        const first = yield* Effect.all([attemptsOf, attemptsOf])
        yield* Effect.all(answers.map(() => Effect.exit(check())))
        return [...first, yield* attemptsOf]
      })
      assert.deepStrictEqual(yield* yield* run(server, program, { policy, random: 0 }), [3, 1, 2])
    })
  )

  it.effect("counts a throttled retry for less", () =>
    Effect.gen(function* () {
      const server = serve(throttled)
      assert.strictEqual(failureOf(yield* run(server, check(), { policy, random: 0 })).attempts, 6)
    })
  )

  it.effect("does not count corrections of the clock", () =>
    Effect.gen(function* () {
      const none = { ...policy, budget: { ...budget, capacity: 0 } }
      const skewed = reply(400, failure("IllegalTimestamp"), { date: "Thu, 01 Jan 1970 01:00:00 GMT" })
      assert.isTrue(Exit.isSuccess(yield* run(serve(skewed, ok), check(), { policy: none })))
      assert.strictEqual(failureOf(yield* run(serve(unavailable, ok), check(), { policy: none })).attempts, 1)
    })
  )
})
