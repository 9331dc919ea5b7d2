/** What a process shares: the connections of one runtime, and the account's quota of all of them. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as NodeCloudauth from "../src/NodeCloudauth.ts"
import { httpServer } from "./support/servers.ts"

const call = Cloudauth.checkResult(
  { merchantBizId: "order1", transactionId: "hksb1" },
  { retry: { deadline: "1 minute" } }
)
const answer = (number: number) =>
  JSON.stringify({ RequestId: `r${number}`, Code: "Success", Result: { Passed: "Y", SubCode: "200" } })
const calls = 6

/** A service that counts its connections, a client of it whose calls go out 50 ms apart, and how long a test took. */
const setUp = Effect.gen(function* () {
  const ports = new Set<number | undefined>()
  let asked = 0
  const server = yield* httpServer(({ socket }, response) => {
    ports.add(socket.remotePort)
    response.setHeader("content-type", "application/json")
    response.end(answer(asked++))
  })
  const live = NodeCloudauth.layer({
    url: server.origin,
    quota: { perSecond: 20, margin: 0 },
    // Of each pool: so many connections, so many pools.
    transport: { connections: 1, proxy: "none" },
    credentials: Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" })
  })
  const started = performance.now()
  return { live, connections: () => ports.size, elapsed: () => performance.now() - started }
})

describe("a program's calls", () => {
  it.live("in one ManagedRuntime share one connection pool and one quota", () =>
    Effect.gen(function* () {
      const { connections, elapsed, live } = yield* setUp
      const runtime = ManagedRuntime.make(live)
      yield* Effect.promise(async () => {
        for (let count = 0; count < calls; count++) await runtime.runPromise(call)
        await runtime.dispose()
      })
      assert.isAtLeast(elapsed(), (calls - 1) * 50 - 1)
      assert.strictEqual(connections(), 1)
    })
  )

  it.live("that each build the layer have a pool each, and still one quota", () =>
    Effect.gen(function* () {
      const { connections, elapsed, live } = yield* setUp
      const all = Array.from({ length: calls }, () => Effect.runPromise(Effect.provide(call, live)))
      yield* Effect.promise(() => Promise.all(all))
      assert.isAtLeast(elapsed(), (calls - 1) * 50 - 1)
      assert.strictEqual(connections(), calls)
    })
  )
})
