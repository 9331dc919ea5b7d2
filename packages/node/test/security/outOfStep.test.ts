/** A connection that brings more than was asked for: the next caller would get another person's verdict. */
import type * as net from "node:net"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as NodeTransport from "../../src/NodeTransport.ts"
import { eventually, netServer } from "../support/servers.ts"

/** An answer with an id of its own; `passes` or not. */
const answer = (passes: boolean, id: string): string => {
  const body = JSON.stringify({
    RequestId: id,
    Code: "Success",
    Result: {
      Passed: passes ? "Y" : "N",
      SubCode: passes ? "200" : "212",
      ExtIdInfo: '{"ocrIdInfo":{"passportNo":"P1"}}'
    }
  })
  return `HTTP/1.1 200 OK\r\nx-acs-request-id: ${id}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

/** Answers `passes` with a pass and everyone else without one; `stray` then does more on the connection. */
const serving = (stray: (socket: net.Socket, number: number) => void) => {
  let requests = 0
  return netServer((socket) => {
    socket.setNoDelay(true)
    let received = ""
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1")
      for (let end = received.indexOf("\r\n\r\n"); end >= 0; end = received.indexOf("\r\n\r\n")) {
        const passes = received.slice(0, end).includes("TransactionId=passes")
        received = received.slice(end + 4)
        const number = ++requests
        if (passes) {
          socket.write(answer(true, `R${number}`))
          stray(socket, number)
        } else setTimeout(() => socket.write(answer(false, `R${number}`)), 30)
      }
    })
  })
}

const client = (url: string, options: NodeTransport.Options) =>
  Cloudauth.layerTransport({ url }).pipe(
    Layer.provide([
      NodeTransport.layer({ proxy: "none", connections: 1, ...options }),
      Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }),
      RetryPolicy.layer(RetryPolicy.none)
    ])
  )

const ask = (transactionId: string) => Cloudauth.checkResult({ merchantBizId: "biz", transactionId })

const strays: ReadonlyArray<readonly [name: string, bytes: string]> = [
  ["another answer", answer(true, "other")],
  ["a part of one", "HTTP/1.1 2"],
  ["no HTTP", "\x00\x01\x02"],
  ["an informational answer", "HTTP/1.1 102 Processing\r\n\r\n"],
  ["100 Continue", "HTTP/1.1 100 Continue\r\n\r\n"]
]

describe("a connection on which something came while it was idle", () => {
  it.live.each(strays)("is not used again: %s", ([, bytes]) =>
    Effect.gen(function* () {
      const server = yield* serving((socket) => setTimeout(() => socket.write(bytes), 5))
      yield* Effect.gen(function* () {
        assert.strictEqual((yield* ask("passes")).verdict._tag, "Passed")
        yield* eventually("the connection is closed", () => server.open() === 0)
        const result = yield* ask("fails")
        assert.strictEqual(result.verdict._tag, "Rejected")
        assert.deepStrictEqual(result.warnings, [])
        assert.strictEqual(server.opened(), 2)
      }).pipe(Effect.provide(client(server.origin, {})))
    })
  )

  it.live("is not used again if it came with the answer itself", () =>
    Effect.gen(function* () {
      const server = yield* serving((socket, number) => socket.write(answer(true, `S${number}`)))
      yield* Effect.forEach(Array.from({ length: 10 }), () =>
        Effect.gen(function* () {
          yield* ask("passes")
          assert.strictEqual((yield* ask("fails")).verdict._tag, "Rejected")
        })
      ).pipe(Effect.provide(client(server.origin, {})))
    })
  )
})

describe("freshConnection", () => {
  it.live.each([0, 1, 5, 20])("gives no caller a stray answer that comes %i ms after the right one", (delay) =>
    Effect.gen(function* () {
      const server = yield* serving((socket, number) =>
        setTimeout(() => socket.write(answer(true, `S${number}`)), delay)
      )
      const verdicts = yield* Effect.forEach(Array.from({ length: 40 }), () =>
        Effect.andThen(
          ask("passes"),
          Effect.map(ask("fails"), ({ verdict }) => verdict._tag)
        )
      ).pipe(Effect.provide(client(server.origin, { freshConnection: true })))
      assert.deepStrictEqual(new Set(verdicts), new Set(["Rejected"]))
      assert.strictEqual(server.opened(), 80)
    })
  )
})
