/** Proxies: which requests they get, what they refuse, and what happens if they hang. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { noProxy } from "../src/internal/noProxy.ts"
import * as NodeTransport from "../src/NodeTransport.ts"
import {
  authority,
  connectServer,
  eventually,
  httpServer,
  httpsServer,
  noProxyVariables,
  openTunnel,
  proxyServer,
  withEnvironment
} from "./support/servers.ts"
import { sendOver, textOf, wordsOf } from "./support/transports.ts"

/** A service over TLS under a name that only a proxy knows. */
const service = Effect.gen(function* () {
  const { cert: ca, issue } = yield* authority
  const certificate = yield* Effect.promise(() => issue("service.test", "127.0.0.1", "localhost"))
  const server = yield* httpsServer(certificate, (_, response) => void response.end("ok"))
  return { ca, certificate, origin: `https://service.test:${server.port}`, port: server.port, open: server.open }
})

const sendVia = (options: NodeTransport.Options, environment: Readonly<Record<string, string>> = {}) =>
  sendOver(NodeTransport.layer(options)).pipe(withEnvironment({ ...noProxyVariables, ...environment }))

describe("the proxy of the environment", () => {
  it.live("gets the requests to all hosts but those of NO_PROXY", () =>
    Effect.gen(function* () {
      const { ca, origin, port } = yield* service
      const seen: Array<string> = []
      const proxy = yield* proxyServer(seen)
      for (const variables of [
        { HTTPS_PROXY: proxy.origin },
        { https_proxy: proxy.origin, HTTPS_PROXY: "http://127.0.0.1:1" },
        { HTTP_PROXY: proxy.origin },
        { HTTPS_PROXY: `127.0.0.1:${proxy.port}` },
        { HTTPS_PROXY: `user:password@127.0.0.1:${proxy.port}/` },
        { https_proxy: ` ${proxy.origin} `, no_proxy: "", NO_PROXY: "*" }
      ]) {
        const send = yield* sendVia({ tls: { ca } }, variables)
        assert.strictEqual(textOf(yield* send(origin)), "ok")
      }
      assert.deepStrictEqual(new Set(seen), new Set([`CONNECT service.test:${port}`]))
      assert.lengthOf(seen, 6)
      const exempt = yield* sendVia({ tls: { ca } }, { HTTPS_PROXY: proxy.origin, NO_PROXY: ".TEST" })
      // The name leads nowhere without the proxy.
      assert.strictEqual((yield* Effect.flip(exempt(origin)))._tag, "ConnectionFailed")
      assert.lengthOf(seen, 6)
    })
  )

  it.live("gets nothing that is meant for this machine", () =>
    Effect.gen(function* () {
      const { ca, port } = yield* service
      const plain = yield* httpServer((_, response) => void response.end("ok"))
      const seen: Array<string> = []
      const proxy = yield* proxyServer(seen)
      const send = yield* sendVia({ tls: { ca } }, { HTTPS_PROXY: proxy.origin, HTTP_PROXY: proxy.origin })
      for (const url of [plain.origin, `http://localhost:${plain.port}`, `https://localhost:${port}`]) {
        assert.strictEqual(textOf(yield* send(url)), "ok")
      }
      assert.deepStrictEqual(seen, [])
    })
  )

  it.live("is not used if the option says so, or names another", () =>
    Effect.gen(function* () {
      const { ca, origin, port } = yield* service
      const seen: Array<string> = []
      const proxy = yield* proxyServer(seen)
      const environment = { HTTPS_PROXY: "http://127.0.0.1:1" }
      const direct = yield* sendVia({ tls: { ca }, proxy: "none" }, environment)
      assert.strictEqual(textOf(yield* direct(`https://127.0.0.1:${port}`)), "ok")
      const named = yield* sendVia({ tls: { ca }, proxy: proxy.origin }, environment)
      assert.strictEqual(textOf(yield* named(origin)), "ok")
      // Asked for explicitly, the proxy gets the loopback, too.
      assert.strictEqual(textOf(yield* named(`https://127.0.0.1:${port}`)), "ok")
      assert.deepStrictEqual(seen, [`CONNECT service.test:${port}`, `CONNECT 127.0.0.1:${port}`])
    })
  )
})

describe("NO_PROXY", () => {
  it.each([
    ["*", "service.test", 443, true],
    ["service.test", "service.test", 443, true],
    ["service.test", "deep.service.test", 443, true],
    ["service.test", "otherservice.test", 443, false],
    [".service.test", "service.test", 443, true],
    [".service.test", "deep.service.test", 443, true],
    ["*.service.test", "deep.service.test", 443, true],
    ["*.service.test", "service.test", 443, false],
    ["SERVICE.Test", "service.test", 443, true],
    ["service.test.", "service.test", 443, true],
    ["service.test", "service.test.", 443, true],
    ["a.test, b.test c.test", "c.test", 443, true],
    ["service.test:8443", "service.test", 8443, true],
    ["service.test:8443", "service.test", 443, false],
    ["192.0.2.7", "192.0.2.7", 443, true],
    ["192.0.2.7", "192.0.2.77", 443, false],
    ["192.0.2.7:443", "192.0.2.7", 80, false],
    ["192.0.2.0/24", "192.0.2.7", 443, true],
    ["192.0.2.0/24", "192.0.3.7", 443, false],
    ["192.0.2.0/24", "service.test", 443, false],
    ["192.0.2.0/99", "192.0.2.7", 443, false],
    ["2001:db8::1", "2001:db8:0::1", 443, true],
    ["[2001:db8::1]", "2001:db8::1", 443, true],
    ["[2001:db8::1]:8443", "2001:db8::1", 8443, true],
    ["[2001:db8::1]:8443", "2001:db8::1", 443, false],
    ["2001:DB8::/32", "2001:db8:7::1", 443, true],
    ["2001:db8::/32", "2001:db9::1", 443, false],
    ["", "service.test", 443, false],
    [".", "service.test", 443, false],
    [",,", "service.test", 443, false]
  ])("%j, asked for %s:%i, is direct: %s", (list, host, port, expected) => {
    assert.strictEqual(noProxy(list)(host, port), expected)
  })
})

describe("a tunnel", () => {
  it.live.each([
    ["HTTP/1.1 200 OK\r\n\r\n"],
    ["HTTP/1.0 200 Connection established\r\nProxy-agent: old\r\n\r\n"],
    ["HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"],
    ["HTTP/1.1 204\r\n\r\n"],
    ["HTTP/1.0 200 OK\nProxy-agent: older\n\n"],
    ["HTTP/1.1 200\n\n"],
    ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 299 Fine\r\n\r\n"]
  ])("is open after %j", ([answer]) =>
    Effect.gen(function* () {
      const { ca, origin } = yield* service
      const proxy = yield* connectServer((url, client) => openTunnel(url, client, answer))
      const send = yield* sendVia({ tls: { ca }, proxy: proxy.origin, connections: 1 })
      assert.strictEqual(textOf(yield* send(origin)), "ok")
      assert.strictEqual(textOf(yield* send(origin)), "ok")
      assert.strictEqual(proxy.opened(), 1)
    })
  )

  it.live("goes through a proxy over TLS, whose certificate is checked", () =>
    Effect.gen(function* () {
      const { ca, certificate, origin } = yield* service
      const proxy = yield* connectServer(openTunnel, certificate)
      const send = yield* sendVia({ tls: { ca }, proxy: `https://localhost:${proxy.port}` })
      assert.strictEqual(textOf(yield* send(origin)), "ok")
      const untrusting = yield* sendVia({ proxy: `https://localhost:${proxy.port}` })
      assert.include(wordsOf(yield* Effect.flip(untrusting(origin))), "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
    })
  )

  it.live("is asked for with the proxy's password; the service's certificate is checked within", () =>
    Effect.gen(function* () {
      const { ca, origin } = yield* service
      const proxy = yield* proxyServer([], `Basic ${Buffer.from("user:p@ss").toString("base64")}`)
      const withPassword = `http://user:p%40ss@127.0.0.1:${proxy.port}`
      const send = yield* sendVia({ tls: { ca }, proxy: withPassword })
      assert.strictEqual(textOf(yield* send(origin)), "ok")
      const untrusting = yield* sendVia({ proxy: withPassword })
      assert.include(wordsOf(yield* Effect.flip(untrusting(origin))), "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
    })
  )

  it.live.each(["SSH-2.0-proxy\r\n\r\n", "HTTP/1.1 200", `HTTP/1.1 200 OK\r\nx: ${"a".repeat(70_000)}`, ""])(
    "that is answered by no HTTP fails, unsent",
    (answer) =>
      Effect.gen(function* () {
        const { ca, origin } = yield* service
        const proxy = yield* connectServer((_, client) => void client.end(answer))
        const send = yield* sendVia({ tls: { ca }, proxy: proxy.origin })
        const failure = yield* Effect.flip(send(origin))
        assert(failure._tag === "ConnectionFailed")
        assert.strictEqual(failure.phase, "connect")
        assert.include(wordsOf(failure), "ERR_PROXY_FAILED")
      })
  )
})

describe("a proxy that refuses", () => {
  const asking = (origin: string, options: NodeTransport.Options) =>
    Effect.flip(Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb-secret" })).pipe(
      Effect.provide(
        Cloudauth.layerTransport({ url: origin }).pipe(
          Layer.provide([
            NodeTransport.layer(options),
            Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }),
            RetryPolicy.layer({
              ...RetryPolicy.standard,
              transient: RetryPolicy.fullJitter({ base: 1, cap: 1, times: 3 })
            })
          ])
        )
      )
    )

  const refusing = (status: number) =>
    Effect.gen(function* () {
      const { ca, origin } = yield* service
      let asked = 0
      const proxy = yield* connectServer((_, client) => {
        asked++
        client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 3\r\n\r\nno!`)
      })
      const error: CloudauthError = yield* asking(origin, {
        tls: { ca },
        proxy: `http://user:proxy-secret@127.0.0.1:${proxy.port}`
      })
      return { asked, error, proxy: `127.0.0.1:${proxy.port}` }
    })

  it.live.each([101, 301, 400, 403, 404, 407, 429, 500])("is asked once, and named with its status: %i", (status) =>
    Effect.gen(function* () {
      const { asked, error, proxy } = yield* refusing(status)
      assert.strictEqual(asked, 1)
      assert(error._tag === "ProxyRefused")
      assert.deepInclude({ ...error }, { status, proxy, httpStatus: undefined })
      assert.include(error.message, `the proxy ${proxy} refused with status ${status}`)
      assert.notMatch(JSON.stringify(error) + error.message, /proxy-secret|hksb-secret/)
      if (status === 407) assert.include(error.advice, "password of the proxy")
    })
  )

  it.live.each([502, 503, 504])("for a while is asked again: %i", (status) =>
    Effect.gen(function* () {
      const { asked, error } = yield* refusing(status)
      assert.strictEqual(asked, 4)
      assert.strictEqual(error._tag, "ProxyRefused")
    })
  )
})

describe("a proxy that hangs", () => {
  /** A proxy that lets `CONNECT` hang until it is well again. */
  const hanging = Effect.gen(function* () {
    const found = yield* service
    let isWell = false
    let asked = 0
    const proxy = yield* connectServer((url, client) => {
      asked++
      if (isWell) openTunnel(url, client)
      else client.on("end", () => client.end()).resume()
    })
    const options: NodeTransport.Options = { tls: { ca: found.ca }, proxy: proxy.origin }
    return { ...found, proxy, options, asked: () => asked, heal: () => (isWell = true) }
  })

  it.live("is given up after connectTimeout, unsent", () =>
    Effect.gen(function* () {
      const { options, origin, proxy } = yield* hanging
      const send = yield* sendVia({ ...options, connectTimeout: 50 })
      const failure = yield* Effect.flip(send(origin))
      assert(failure._tag === "ConnectionFailed")
      assert.strictEqual(failure.phase, "connect")
      assert.include(wordsOf(failure), "ERR_CONNECT_TIMEOUT")
      yield* eventually("the connection to the proxy is closed", () => proxy.open() === 0)
    })
  )

  it.live("is given up with the attempt, and the next request passes as soon as the proxy is well", () =>
    Effect.gen(function* () {
      const { asked, heal, options, origin, proxy } = yield* hanging
      const send = yield* sendVia({ ...options, connectTimeout: "1 hour" })
      const hung = yield* Effect.forEach(Array.from({ length: 128 }), () =>
        Effect.forkChild(Effect.flip(send(origin, { timeout: 2000 })), { startImmediately: true })
      )
      yield* eventually("all connections hang", () => asked() === 128)
      for (const fiber of hung) {
        const failure = yield* Fiber.join(fiber)
        assert(failure._tag === "TimedOut")
        assert.strictEqual(failure.phase, "connect")
      }
      yield* eventually("the connections to the proxy are closed", () => proxy.open() === 0)
      heal()
      assert.strictEqual(textOf(yield* send(origin)), "ok")
    })
  )

  it.live("is given up with the caller", () =>
    Effect.gen(function* () {
      const { asked, options, origin, proxy } = yield* hanging
      const send = yield* sendVia({ ...options, connections: 1 })
      const fiber = yield* Effect.forkChild(send(origin), { startImmediately: true })
      yield* eventually("the connection hangs", () => asked() === 1)
      yield* Fiber.interrupt(fiber)
      yield* eventually("the connection to the proxy is closed", () => proxy.open() === 0)
    })
  )

  it.live("does not hold up the transport's end once its callers are gone", () =>
    Effect.gen(function* () {
      const { asked, options, origin, proxy } = yield* hanging
      const scope = yield* Scope.make()
      const send = yield* Effect.provideService(
        sendVia({ ...options, connections: 2, drainTimeout: "10 minutes" }),
        Scope.Scope,
        scope
      )
      // Two connect, two wait.
      const fibers = yield* Effect.forEach(Array.from({ length: 4 }), () =>
        Effect.forkChild(send(origin), { startImmediately: true })
      )
      yield* eventually("the connections hang", () => asked() === 2)
      yield* Effect.forEach(fibers, Fiber.interrupt)
      yield* Scope.close(scope, Exit.void)
      yield* eventually("the connections to the proxy are closed", () => proxy.open() === 0)
    })
  )

  it.live("ends with the transport, and so do its callers", () =>
    Effect.gen(function* () {
      const { asked, options, origin, proxy } = yield* hanging
      const scope = yield* Scope.make()
      const send = yield* Effect.provideService(sendVia({ ...options, drainTimeout: 10 }), Scope.Scope, scope)
      const fiber = yield* Effect.forkChild(Effect.flip(send(origin)), { startImmediately: true })
      yield* eventually("the connection hangs", () => asked() === 1)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "ConnectionFailed")
      yield* eventually("the connection to the proxy is closed", () => proxy.open() === 0)
    })
  )
})
