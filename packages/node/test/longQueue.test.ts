/** 10,000 requests over 64 real connections to a healthy service that takes 300 ms for each. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as NodeTransport from "../src/NodeTransport.ts"
import { httpServer } from "./support/servers.ts"
import { sendOver } from "./support/transports.ts"

it.live("sends what can be answered in time, and nothing of what is refused", () =>
  Effect.gen(function* () {
    const arrived = new Set<string | undefined>()
    const server = yield* httpServer((request, response) => {
      arrived.add(request.url)
      setTimeout(() => response.end("ok"), 300)
    })
    const send = yield* sendOver(NodeTransport.layer({ proxy: "none", connections: 64 }))
    const paths = Array.from({ length: 10_000 }, (_, index) => `/${index}`)
    const results = yield* Effect.forEach(
      paths,
      (path) => Effect.result(send(server.origin + path, { queueTimeout: 30_000, timeout: 10_000 })),
      { concurrency: "unbounded" }
    )
    const passed = results.filter(Result.isSuccess)
    // A slow machine answers fewer: how many, the test in virtual time says.
    assert.isAbove(passed.length, 64)
    const unsent = results.flatMap((result, index) =>
      Result.isFailure(result) && (result.failure._tag === "QueueTooLong" || result.failure._tag === "TimedOut")
        ? [{ path: paths[index], tag: result.failure._tag }]
        : []
    )
    assert.strictEqual(passed.length + unsent.length, paths.length)
    for (const { path, tag } of unsent) assert.isFalse(arrived.has(path), `${tag} ${path}`)
    assert.isAbove(unsent.filter(({ tag }) => tag === "QueueTooLong").length, 0)
  })
)
