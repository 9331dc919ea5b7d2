/** All waits of a process share the account's quota: everyone gets an answer, in turn. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as TestClock from "effect/testing/TestClock"
import { Cloudauth } from "../src/Cloudauth.ts"
import type { Options } from "../src/Cloudauth.ts"
import { failure, passing } from "./fixtures/answers.ts"
import { clientOf as quotaClient, service as quotaService, start } from "./fixtures/quota.ts"
import { clientOf, reply, serve, timesOf } from "./fixtures/server.ts"

/** A service that answers after a while, up to `quota` requests in any second; each user is ready after some polls. */
const service = (options: { readonly quota: number; readonly latency: number; readonly unfinished?: number }) => {
  const starts: Array<number> = []
  const asked = new Map<string, number>()
  let calls = 0
  const answer = (url: URL, now: number): readonly [number, string] => {
    calls++
    while ((starts[0] ?? now) <= now - 1000) starts.shift()
    if (starts.length >= options.quota) return [403, failure("Throttling.Api")]
    starts.push(now)
    const id = url.searchParams.get("TransactionId") ?? ""
    const times = (asked.get(id) ?? 0) + 1
    asked.set(id, times)
    return times <= (options.unfinished ?? 0) ? [404, failure("ProcessNotCompleted")] : [200, passing()]
  }
  const client = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const [status, body] = answer(url, yield* Clock.currentTimeMillis)
      if (status !== 403) yield* Effect.sleep(options.latency)
      return HttpClientResponse.fromWeb(request, new Response(body, { status }))
    })
  )
  const layer = clientOf({ sent: [], interrupted: () => 0, transport: Layer.succeed(HttpClient.HttpClient, client) })
  return { calls: () => calls, layer, order: () => [...asked.keys()] }
}

const ask = (id: string) => Cloudauth.awaitResult({ merchantBizId: "order1", transactionId: id })
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`)

const pass = (seconds: number) => TestClock.adjust(seconds * 1000)

describe("the waits of a process", () => {
  it.effect.each([
    ["10 calls a second, ready at the first poll", 300, { quota: 10, latency: 50 }, 1],
    ["10 calls a second, slow answers", 300, { quota: 10, latency: 900 }, 1],
    ["3 calls a second", 200, { quota: 3, latency: 50 }, 1],
    ["10 calls a second, ready at the third poll", 300, { quota: 10, latency: 50, unfinished: 2 }, 3]
  ] as const)("all end with an answer, in at most 1.3 times what the quota needs: %s", ([, users, options, polls]) =>
    Effect.gen(function* () {
      const { layer, order } = service(options)
      const ids = idsOf(users)
      const fibers = yield* Effect.provide(
        Effect.forEach(ids, (id) => Effect.forkChild(Effect.exit(ask(id)))),
        layer
      )
      yield* pass(1.3 * ((users * polls) / options.quota))
      const exits = fibers.map((fiber) => fiber.pollUnsafe())
      const answered = exits.filter((exit) => exit?._tag === "Success" && exit.value._tag === "Success")
      assert.strictEqual(answered.length, users)
      assert.sameMembers(order(), ids)
    })
  )

  it.effect("polls in the order in which they became due, whatever client they use", () =>
    Effect.gen(function* () {
      const { layer, order } = service({ quota: 10, latency: 50 })
      const ids = idsOf(100)
      const fibers = yield* Effect.forEach(ids, (id) => Effect.forkChild(Effect.provide(ask(id), Layer.fresh(layer))))
      yield* pass(20)
      yield* Fiber.joinAll(fibers)
      // Those that are throttled at the same moment may change places among each other.
      const distances = order().map((id, at) => Math.abs(at - ids.indexOf(id)))
      assert.isAtMost(Math.max(...distances), 16)
    })
  )

  it.effect("send fewer requests while the quota is used up by others", () =>
    Effect.gen(function* () {
      const { calls, layer } = service({ quota: 0, latency: 50 })
      const fibers = yield* Effect.provide(
        Effect.forEach(idsOf(1000), (id) => Effect.forkChild(ask(id))),
        layer
      )
      yield* pass(600)
      assert.isBelow(calls(), 150)
      yield* Fiber.interruptAll(fibers)
    })
  )

  it.effect.each([1000.4, 1000.5, 20_000])("pause for as long as the service asks, %d ms for example", (hint) =>
    Effect.gen(function* () {
      const server = serve(
        reply(403, failure("Throttling"), { "x-acs-retry-after": String(hint) }),
        reply(200, passing())
      )
      yield* TestClock.adjust(0.3)
      const fiber = yield* Effect.forkChild(Effect.provide(ask("t1"), clientOf(server)))
      yield* TestClock.adjust("21 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
      const [first = 0, second = 0] = timesOf(server)
      assert.isAtLeast(second - first, Math.trunc(hint))
    })
  )

  it.effect("pause for the account and the region whose quota is used up, over whichever host", () =>
    Effect.gen(function* () {
      const throttling = quotaService({ perSecond: 0 })
      const answering = quotaService({ perSecond: 100 })
      const answered = (options: Options) =>
        Effect.gen(function* () {
          const wait = Cloudauth.awaitResult({ merchantBizId: "order1", transactionId: "hksb1" })
          const [fiber] = yield* start([Effect.provide(wait, quotaClient(answering, options))])
          yield* TestClock.adjust("500 millis")
          if (fiber !== undefined) yield* Fiber.interrupt(fiber)
          return answering.arrivals.splice(0).length
        })
      const throttled = yield* start([Effect.provide(ask("hksb1"), quotaClient(throttling, { account: "kyc" }))])
      yield* TestClock.adjust("200 millis")
      assert.lengthOf(throttling.arrivals, 1)
      assert.strictEqual(yield* answered({ account: "support" }), 1)
      assert.strictEqual(yield* answered({ account: "kyc", region: "ap-southeast-1" }), 1)
      assert.strictEqual(yield* answered({ account: "kyc", network: "vpc" }), 0)
      yield* Effect.forEach(throttled, Fiber.interrupt)
    })
  )

  it.effect("give their turn back when they are interrupted", () =>
    Effect.gen(function* () {
      const { layer } = service({ quota: 1000, latency: 5000 })
      yield* Effect.gen(function* () {
        const fibers = yield* Effect.forEach(idsOf(40), (id) => Effect.forkChild(ask(id)))
        yield* TestClock.adjust("1 second")
        yield* Fiber.interruptAll(fibers)
        const last = yield* Effect.forkChild(ask("last"))
        yield* TestClock.adjust("5 seconds")
        assert.strictEqual((yield* Fiber.join(last)).verdict._tag, "Passed")
      }).pipe(Effect.provide(layer))
    })
  )
})
