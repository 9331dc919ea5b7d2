/**
 * A response that arrives twice over a kept-alive connection could be taken for that of the next request: one person's
 * verdict would be another's.
 */
import * as net from "node:net"
import * as tls from "node:tls"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import type { Transport } from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fc from "fast-check"
import { RepeatedAnswers } from "../../src/internal/RepeatedAnswers.ts"
import * as NodeTransport from "../../src/NodeTransport.ts"
import { authority, proxyServer } from "../support/servers.ts"

const answer = (transactionId: string, requestId: string): string => {
  const body = JSON.stringify({
    RequestId: requestId,
    Code: "Success",
    Result: {
      Passed: transactionId === "passes" ? "Y" : "N",
      SubCode: transactionId === "passes" ? "200" : "212",
      ExtIdInfo: '{"ocrIdInfo":{"passportNo":"P1"}}'
    }
  })
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-acs-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** What a server writes, given each request's transaction id, its number of all and its number on its connection. */
type Answering = (transactionId: string, request: number, ofConnection: number) => string

/** The first answer of each connection comes once more, just before the second. */
const repeating = (): Answering => {
  let first = ""
  return (transactionId, request, ofConnection) => {
    const own = answer(transactionId, `R${request}`)
    if (ofConnection === 2) return first + own
    first = own
    return own
  }
}

/** As a stand-in for the service may answer. */
const sameIdAlways: Answering = (transactionId) => answer(transactionId, "R1")

/** As a service that restarts with the same ids: each request over its own connection. */
const sameIdOverAnotherConnection: Answering = (transactionId) =>
  answer(transactionId, "R1").replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")

const serving = (answering: Answering, secure?: { readonly cert: string; readonly key: string }) =>
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
              let ofConnection = 0
              socket.on("data", (chunk) => {
                const id = /TransactionId=(\w+)/.exec(chunk.toString("latin1"))?.[1] ?? ""
                socket.write(answering(id, ++requests, ++ofConnection))
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

const transports: ReadonlyArray<readonly [string, (ca: string) => Layer.Layer<Transport, unknown>, secure: boolean]> = [
  ["undici", () => NodeTransport.layer({ proxy: "none", connections: 1 }), false],
  ["undici over TLS", (ca) => NodeTransport.layer({ proxy: "none", connections: 1, tls: { ca } }), true],
  [
    "undici over TLS, through a proxy",
    (ca) =>
      Layer.unwrap(
        Effect.map(proxyServer([]), ({ origin }) => NodeTransport.layer({ proxy: origin, connections: 1, tls: { ca } }))
      ),
    true
  ]
]

const retrying: RetryPolicy.RetryPolicy = {
  ...RetryPolicy.standard,
  transient: RetryPolicy.fullJitter({ base: 1, cap: 1, times: 3 })
}

describe.each(transports)("%s", (_, transport, isSecure) => {
  const asking = (answering: Answering, ids: ReadonlyArray<string>, policy: RetryPolicy.RetryPolicy) =>
    Effect.gen(function* () {
      const ca = yield* authority
      const { url } = yield* serving(
        answering,
        isSecure ? yield* Effect.promise(() => ca.issue("127.0.0.1")) : undefined
      )
      const client = Cloudauth.layerTransport({ url }).pipe(
        Layer.provide([
          transport(ca.cert),
          Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }),
          RetryPolicy.layer(policy)
        ])
      )
      return yield* Effect.forEach(ids, (transactionId) =>
        Effect.map(Effect.result(Cloudauth.checkResult({ merchantBizId: "biz", transactionId })), (result) =>
          result._tag === "Success" ? result.success.verdict._tag : result.failure
        )
      ).pipe(Effect.provide(client))
    })

  it.live("takes no answer for another request's, and says what it may be", () =>
    Effect.gen(function* () {
      const [first, second] = yield* asking(repeating(), ["passes", "fails"], RetryPolicy.none)
      assert.strictEqual(first, "Passed")
      assert(second instanceof CloudauthError.TransportError)
      assert.include(second.message, "ERR_REPEATED_ANSWER")
      assert.include(second.message, "must give each response its own x-acs-request-id, or none")
    })
  )

  it.live("asks again over another connection", () =>
    Effect.gen(function* () {
      const endings = yield* asking(repeating(), ["passes", "fails", "passes", "fails"], retrying)
      assert.deepStrictEqual(endings, ["Passed", "Rejected", "Passed", "Rejected"])
    })
  )

  it.live("judges each connection for itself", () =>
    Effect.gen(function* () {
      const endings = yield* asking(sameIdOverAnotherConnection, ["passes", "fails", "passes"], RetryPolicy.none)
      assert.deepStrictEqual(endings, ["Passed", "Rejected", "Passed"])
    })
  )

  it.live("comes to terms with a stand-in that has one id for all", () =>
    Effect.gen(function* () {
      const endings = yield* asking(sameIdAlways, ["passes", "fails", "fails", "passes"], retrying)
      assert.deepStrictEqual(endings, ["Passed", "Rejected", "Rejected", "Passed"])
    })
  )
})

const named = (id: string | undefined) => ({ "x-acs-request-id": id })

describe("the answers of a connection", () => {
  it("are known again among the last 16, and forgotten by the 32nd after", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 300, size: "max" }), (numbers) => {
        const answers = new RepeatedAnswers()
        const noted: Array<string> = []
        for (const number of numbers) {
          const id = `R${number}`
          const isRepeated = answers.isRepeated(named(id))
          if (noted.slice(-16).includes(id)) assert.isTrue(isRepeated, `${id} after ${noted.join()}`)
          if (!noted.slice(-31).includes(id)) assert.isFalse(isRepeated, `${id} after ${noted.join()}`)
          if (!isRepeated) noted.push(id)
        }
      })
    )
  })

  it("are all forgotten with the connection", () => {
    const answers = new RepeatedAnswers()
    // More than are noted before the first are about to be forgotten.
    for (let index = 0; index < 20; index++) assert.isFalse(answers.isRepeated(named(`R${index}`)))
    answers.forget()
    for (let index = 0; index < 20; index++) assert.isFalse(answers.isRepeated(named(`R${index}`)))
  })

  it("are not judged if they have no name, or one that the service would not give", () => {
    const answers = new RepeatedAnswers()
    for (const headers of [{}, named(undefined), named(""), named("R".repeat(129))]) {
      assert.isFalse(answers.isRepeated(headers))
      assert.isFalse(answers.isRepeated(headers))
    }
    assert.isFalse(answers.isRepeated(named("R".repeat(128))))
    assert.isTrue(answers.isRepeated(named("R".repeat(128))))
  })
})
