/**
 * An answer that arrives twice over a kept-alive connection stands where the next request's answer is due. Taken for it, one person's verdict would
 * be another's.
 */
import * as net from "node:net"
import * as tls from "node:tls"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as NodeTransport from "../../src/NodeTransport.ts"
import { authority } from "../support/servers.ts"

const answer = (transactionId: string, requestId: string): string => {
  const body = JSON.stringify({
    RequestId: requestId,
    Code: "Success",
    Result: {
      Passed: transactionId === "passes" ? "Y" : "N",
      SubCode: transactionId === "passes" ? "200" : "212",
      ExtIdInfo: "{}"
    }
  })
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-acs-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** Answers each request; the first answer of each connection comes once more, just before the second. */
const repeating = (secure?: { readonly cert: string; readonly key: string }) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<{ readonly url: string; readonly server: net.Server; readonly sockets: Set<net.Socket> }>(
          (resolve) => {
            const sockets = new Set<net.Socket>()
            let requests = 0
            const serve = (socket: net.Socket): void => {
              sockets.add(socket)
              socket.on("error", () => {})
              let first: string | undefined
              socket.on("data", (chunk) => {
                const id = /TransactionId=(\w+)/.exec(chunk.toString("latin1"))?.[1] ?? ""
                const own = answer(id, `R${++requests}`)
                socket.write(first === undefined ? own : first + own)
                first ??= own
              })
            }
            const server = secure === undefined ? net.createServer(serve) : tls.createServer(secure, serve)
            server.listen(0, "127.0.0.1", () => {
              const address = server.address()
              const port = typeof address === "object" && address !== null ? address.port : 0
              resolve({ url: `${secure === undefined ? "http" : "https"}://127.0.0.1:${port}`, server, sockets })
            })
          }
        )
    ),
    ({ server, sockets }) =>
      Effect.sync(() => {
        server.close()
        for (const socket of sockets) socket.destroy()
      })
  )

const transports: ReadonlyArray<
  readonly [string, (ca: string) => Layer.Layer<HttpClient.HttpClient, unknown>, secure: boolean]
> = [
  ["undici", () => NodeTransport.layer({ proxy: "none", connections: 1 }), false],
  ["undici over TLS", (ca) => NodeTransport.layer({ proxy: "none", connections: 1, tls: { ca } }), true],
  ["node:http", () => NodeTransport.layerNodeHttp({ connections: 1 }), false],
  ["node:https", (ca) => NodeTransport.layerNodeHttp({ connections: 1, tls: { ca } }), true]
]

describe.each(transports)("%s", (_, transport, isSecure) => {
  const asking = (ids: ReadonlyArray<string>, policy: RetryPolicy.RetryPolicy) =>
    Effect.gen(function* () {
      const ca = yield* authority
      const { url } = yield* repeating(isSecure ? yield* Effect.promise(() => ca.issue("127.0.0.1")) : undefined)
      const client = Cloudauth.layer({ url }).pipe(
        Layer.provide([
          transport(ca.cert),
          Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }),
          RetryPolicy.layer(policy)
        ])
      )
      return yield* Effect.forEach(ids, (transactionId) =>
        Effect.map(Effect.result(Cloudauth.checkResult({ merchantBizId: "biz", transactionId })), (result) =>
          result._tag === "Success" ? result.success.verdict._tag : result.failure._tag
        )
      ).pipe(Effect.provide(client))
    })

  it.live("takes no answer for another request's", () =>
    Effect.gen(function* () {
      const endings = yield* asking(["passes", "fails"], RetryPolicy.none)
      assert.deepStrictEqual(endings, ["Passed", "TransportError"])
    })
  )

  it.live("asks again over another connection", () =>
    Effect.gen(function* () {
      const endings = yield* asking(["passes", "fails", "passes", "fails"], {
        ...RetryPolicy.standard,
        transient: RetryPolicy.fullJitter({ base: 1, cap: 1, times: 3 })
      })
      assert.deepStrictEqual(endings, ["Passed", "Rejected", "Passed", "Rejected"])
    })
  )
})
