/** What a hostile or broken other side can do to each transport: lead it elsewhere, blow it up, pose as the service. */
import { execFile } from "node:child_process"
import type * as http from "node:http"
import { globalAgent } from "node:https"
import { inspect } from "node:util"
import { gzipSync, brotliCompressSync, deflateSync, constants } from "node:zlib"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import type { Transport } from "@effect-cloudauth/core/Transport"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as NodeTransport from "../../src/NodeTransport.ts"
import { authority, eventually, httpServer, httpsServer, withEnvironment } from "../support/servers.ts"
import { overFetch } from "../support/transports.ts"

type MakeTransport = (ca?: string) => Layer.Layer<Transport, unknown>

const transports: ReadonlyArray<readonly [name: string, transport: MakeTransport]> = [
  ["NodeTransport", (ca) => NodeTransport.layer({ proxy: "none", ...(ca === undefined ? {} : { tls: { ca } }) })],
  ["fetch", () => overFetch]
]

const maxBodyBytes = 1024 * 1024

const ask = (
  url: string,
  transport: Layer.Layer<Transport, unknown>
): Effect.Effect<Result.Result<CheckResult, CloudauthError>, unknown> =>
  Effect.result(Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" })).pipe(
    Effect.provide(
      Cloudauth.layerTransport({ url, maxBodyBytes }).pipe(
        Layer.provide([
          transport,
          Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret", securityToken: "token" }),
          RetryPolicy.layer(RetryPolicy.none)
        ])
      )
    )
  )

const ending = (result: Result.Result<CheckResult, CloudauthError>): string =>
  Result.isSuccess(result) ? result.success.verdict._tag : result.failure._tag

const success = '{"RequestId":"r","Code":"Success","Result":{"Passed":"Y","SubCode":"200"}}'

describe.each(transports)("%s", (name, transport) => {
  it.live.each([301, 302, 303, 307, 308])("follows no redirect: %i", (status) =>
    Effect.gen(function* () {
      const arrived: Array<http.IncomingHttpHeaders> = []
      const elsewhere = yield* httpServer((request, response) => {
        arrived.push(request.headers)
        response.end(success)
      })
      for (const location of [
        `${elsewhere.origin}/`,
        `//127.0.0.1:${elsewhere.port}/`,
        "/elsewhere",
        "javascript:alert(1)"
      ]) {
        let asked = 0
        const server = yield* httpServer((_, response) => {
          asked++
          response.writeHead(status, { location }).end()
        })
        const result = yield* ask(server.origin, transport())
        assert.strictEqual(ending(result), "UnknownResponseCode")
        assert.strictEqual(asked, 1)
      }
      assert.deepStrictEqual(arrived, [])
    })
  )

  it.live("keeps status, request id and type of an answer that is cut short", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => {
        response.writeHead(200, { "content-type": "text/html", "x-acs-request-id": "R-9", "content-length": 5000 })
        response.write("<html>CANARY", () => response.destroy())
      })
      const result = yield* ask(server.origin, transport())
      const error = Result.isFailure(result) ? result.failure : undefined
      const known = { httpStatus: 200, requestId: "R-9", contentType: "text/html" }
      assert.deepInclude(error, { _tag: "TransportError", ...known })
      assert.include(error?.message, "HTTP 200, text/html, request R-9")
      assert.notInclude(inspect(error, { depth: 10 }), "CANARY")
    })
  )

  it.live("keeps no cookie", () =>
    Effect.gen(function* () {
      const cookies: Array<string | undefined> = []
      const server = yield* httpServer((request, response) => {
        cookies.push(request.headers.cookie)
        response.writeHead(200, { "set-cookie": "a=b; Path=/" }).end(success)
      })
      const layer = transport()
      yield* ask(server.origin, layer)
      yield* ask(server.origin, layer)
      assert.deepStrictEqual(cookies, [undefined, undefined])
    })
  )

  const blanks = Buffer.alloc(200 * 1024 * 1024, " ")
  const bombs: ReadonlyArray<readonly [coding: string, body: () => Buffer]> = [
    ["gzip", () => gzipSync(blanks, { level: 9 })],
    ["deflate", () => deflateSync(blanks, { level: 9 })],
    ["br", () => brotliCompressSync(blanks, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
    ["gzip, gzip", () => gzipSync(gzipSync(blanks, { level: 9 }))]
  ]

  it.live.each(bombs)("is not blown up by a bomb: %s", ([coding, make]) =>
    Effect.gen(function* () {
      const body = make()
      assert.isBelow(body.length, maxBodyBytes)
      const server = yield* httpServer((_, response) =>
        response.writeHead(200, { "content-encoding": coding, "content-type": "application/json" }).end(body)
      )
      let most = 0
      const before = process.memoryUsage()
      const watch = setInterval(() => {
        const { external, heapUsed } = process.memoryUsage()
        most = Math.max(most, external - before.external + heapUsed - before.heapUsed)
      }, 1)
      const result = yield* ask(server.origin, transport())
      clearInterval(watch)
      assert.strictEqual(ending(result), "DecodeError")
      // 200 MiB come out of it; a few MiB in flight are no harm.
      assert.isBelow(most, 64 * 1024 * 1024)
      if (name !== "fetch") yield* eventually("the connection ends or is idle", () => server.open() <= 1)
    })
  )

  it.live("stops reading a body that does not end", () =>
    Effect.gen(function* () {
      let written = 0
      const server = yield* httpServer((_, response) => {
        response.writeHead(200, { "content-type": "application/json" })
        const more = () => {
          while (written < 100 * 1024 * 1024 && response.write(blanks.subarray(0, 65_536))) written += 65_536
        }
        response.on("drain", more)
        more()
      })
      const result = yield* ask(server.origin, transport())
      assert.strictEqual(ending(result), "DecodeError")
      yield* eventually("the connection is closed", () => server.open() === 0)
      assert.isBelow(written, 32 * 1024 * 1024)
    })
  )

  it.live("refuses headers that do not end", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => {
        response.socket?.write("HTTP/1.1 200 OK\r\n")
        const line = `x-filler: ${"a".repeat(8000)}\r\n`
        for (let index = 0; index < 200; index++) response.socket?.write(line)
      })
      assert.strictEqual(ending(yield* ask(server.origin, transport())), "TransportError")
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  it.live("takes no answer out of a header that was split", () =>
    Effect.gen(function* () {
      // What a proxy makes of a smuggled header: two answers for one request.
      const server = yield* httpServer((_, response) => {
        response.socket?.end(
          `HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: ${success.length}\r\n\r\n${success}`
        )
      })
      assert.strictEqual(ending(yield* ask(server.origin, transport())), "UnknownResponseCode")
    })
  )

  it.live("refuses a server whose certificate is not trusted, or is another host's", () =>
    Effect.gen(function* () {
      const ca = yield* authority
      let asked = 0
      const serve = (names: ReadonlyArray<string>) =>
        Effect.flatMap(
          Effect.promise(() => ca.issue(...names)),
          (certificate) =>
            httpsServer(certificate, (_, response) => {
              asked++
              response.end(success)
            })
        )
      const untrusted = yield* serve(["127.0.0.1"])
      assert.strictEqual(ending(yield* ask(untrusted.origin, transport())), "TransportError")
      const another = yield* serve(["evil.example"])
      assert.strictEqual(ending(yield* ask(another.origin, transport(ca.cert))), "TransportError")
      assert.strictEqual(asked, 0)
    })
  )
})

describe.each(transports.filter(([name]) => name !== "fetch"))("%s", (_, transport) => {
  it.live("can't have the check of certificates turned off by the environment", () =>
    Effect.gen(function* () {
      const ca = yield* authority
      const certificate = yield* Effect.promise(() => ca.issue("127.0.0.1"))
      const server = yield* httpsServer(certificate, (_, response) => response.end(success))
      const result = yield* ask(server.origin, transport())
      assert.strictEqual(ending(result), "TransportError")
    }).pipe(withEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }))
  )

  it.live("can't have it turned off by the process-wide agents", () =>
    Effect.gen(function* () {
      const ca = yield* authority
      const certificate = yield* Effect.promise(() => ca.issue("127.0.0.1"))
      const server = yield* httpsServer(certificate, (_, response) => response.end(success))
      const before = globalAgent.options.rejectUnauthorized
      globalAgent.options.rejectUnauthorized = false
      const result = yield* Effect.ensuring(
        ask(server.origin, transport()),
        Effect.sync(() => {
          if (before === undefined) delete globalAgent.options.rejectUnauthorized
          else globalAgent.options.rejectUnauthorized = before
        })
      )
      assert.strictEqual(ending(result), "TransportError")
    })
  )
})

describe("fetch", () => {
  it.live("obeys the environment as the process does, and Node warns of it", () =>
    Effect.gen(function* () {
      const ca = yield* authority
      const certificate = yield* Effect.promise(() => ca.issue("127.0.0.1"))
      const server = yield* httpsServer(certificate, (_, response) => response.end(success))
      const stderr = yield* Effect.promise(
        () =>
          new Promise<string>((resolve) => {
            const code = `await fetch("${server.origin}").catch(() => {})`
            const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" }
            execFile(process.execPath, ["--input-type=module", "-e", code], { env }, (_error, _stdout, text) =>
              resolve(text)
            )
          })
      )
      assert.match(stderr, /NODE_TLS_REJECT_UNAUTHORIZED.*insecure/s)
    })
  )
})

describe("NodeTransport", () => {
  it.live("keeps status, request id and type of an answer in an unknown coding", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => {
        const type = "application/json"
        response.writeHead(200, { "content-type": type, "x-acs-request-id": "R-9", "content-encoding": "CANARY" })
        response.end("CANARY")
      })
      const result = yield* ask(server.origin, NodeTransport.layer({ proxy: "none" }))
      const error = Result.isFailure(result) ? result.failure : undefined
      const known = { httpStatus: 200, requestId: "R-9", contentType: "application/json" }
      assert.deepInclude(error, { _tag: "DecodeError", ...known })
      assert.include(error?.message, "content-encoding")
      assert.notInclude(inspect(error, { depth: 10 }), "CANARY")
    })
  )

  const lies: ReadonlyArray<readonly [coding: string, body: Uint8Array]> = [
    ["gzip", Buffer.from("CANARY")],
    ["gzip", gzipSync("CANARY").subarray(0, 20)],
    ["gzip, gzip", gzipSync("CANARY")],
    ["br", Buffer.from("CANARY")],
    ["zstd", Buffer.from("CANARY")],
    ["deflate", Buffer.from("CANARY")]
  ]
  it.live.each(lies)("names a body that is not encoded as it says: %s", ([coding, body]) =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => {
        response.writeHead(200, { "x-acs-request-id": "R-9", "content-encoding": coding })
        response.end(body)
      })
      const result = yield* ask(server.origin, NodeTransport.layer({ proxy: "none" }))
      const error = Result.isFailure(result) ? result.failure : undefined
      assert.deepInclude(error, { _tag: "TransportError", httpStatus: 200, requestId: "R-9" })
      assert.include(error?.message, "ERR_CONTENT_ENCODING")
      assert.include(error?.advice, "content-encoding")
    })
  )
})
