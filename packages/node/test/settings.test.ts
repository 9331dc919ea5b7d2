/** What each option and each variable of the environment does on the wire, and which values are refused. */
import { createPrivateKey, X509Certificate } from "node:crypto"
import type * as http from "node:http"
import { TLSSocket } from "node:tls"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { variables } from "../src/internal/proxies.ts"
import { keys, tlsKeys } from "../src/internal/settings.ts"
import * as NodeTransport from "../src/NodeTransport.ts"
import {
  authority,
  connectServer,
  eventually,
  type Handler,
  httpServer,
  httpsServer,
  noProxyVariables,
  proxyServer,
  withEnvironment
} from "./support/servers.ts"
import { sendOver, textOf, wordsOf } from "./support/transports.ts"

const sendWith = (options: NodeTransport.Options, environment: Readonly<Record<string, string>> = {}) =>
  sendOver(NodeTransport.layer(options)).pipe(withEnvironment({ ...noProxyVariables, ...environment }))

const ok: Handler = (_, response) => void response.end("ok")

/** Fails unless each of two requests had a connection of its own, and said that it will close it. */
const eachByItself = (options: NodeTransport.Options) =>
  Effect.gen(function* () {
    const said: Array<string | undefined> = []
    const server = yield* httpServer(({ headers }, response) => {
      said.push(headers.connection)
      response.end("ok")
    })
    const send = yield* sendWith({ ...options, connections: 1 })
    for (let sent = 1; sent <= 4; sent++) {
      yield* send(server.origin)
      yield* eventually("the connection is closed", () => server.open() === 0)
      assert.strictEqual(server.opened(), sent)
    }
    assert.deepStrictEqual(said, ["close", "close", "close", "close"])
  })

/** A service over TLS that asks for a certificate. Notes the name that it was asked for, and the client's own. */
const secure = (...names: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { cert: ca, issue } = yield* authority
    const certificate = yield* Effect.promise(() => issue(...names))
    const seen: Array<{ readonly sni: unknown; readonly client: string | undefined }> = []
    const note = ({ socket }: http.IncomingMessage) => {
      assert(socket instanceof TLSSocket)
      const name = socket.getPeerCertificate().subject?.CN
      seen.push({ sni: socket.servername, client: typeof name === "string" ? name : undefined })
    }
    const server = yield* httpsServer(
      { ...certificate, ca, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        note(request)
        response.end("ok")
      }
    )
    const mine = yield* Effect.promise(() => issue("merchant.example"))
    return { ca, mine, seen, origin: `https://localhost:${server.port}`, port: server.port }
  })

const der = (pem: string) => new X509Certificate(pem).raw

const asKey = (pem: string) => createPrivateKey(pem)

const bytesOf = (key: string, type: "pkcs8" | "sec1") => asKey(key).export({ type, format: "der" })

const passphrase = "open sesame"

const encrypted = (key: string, format: "pem" | "der") => {
  const cipher = { type: "pkcs8", cipher: "aes-256-cbc", passphrase } as const
  return format === "pem" ? asKey(key).export({ ...cipher, format }) : asKey(key).export({ ...cipher, format })
}

/** Fails unless the server saw this client's certificate. */
const showsCertificate = (
  tls: (mine: { readonly cert: string; readonly key: string }) => NodeTransport.Tls
): Effect.Effect<void, unknown, Scope.Scope> =>
  Effect.gen(function* () {
    const { ca, mine, origin, seen } = yield* secure("localhost")
    const send = yield* sendWith({ tls: { ca, ...tls(mine) } })
    assert.strictEqual(textOf(yield* send(origin)), "ok")
    assert.strictEqual(seen[0]?.client, "merchant.example")
  })

/** What a proxy sees of a request if these variables are set. `{proxy}` stands for its URL. */
const proxySees = (set: Readonly<Record<string, string>>, expected: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const seen: Array<string> = []
    const proxy = yield* proxyServer(seen, "never")
    const environment = Object.fromEntries(
      Object.entries(set).map(([name, value]) => [name, value.replace("{proxy}", proxy.origin)])
    )
    const send = yield* sendWith({}, environment)
    yield* Effect.exit(send("https://service.test"))
    assert.deepStrictEqual(seen, expected)
  })

type Row = Effect.Effect<void, unknown, Scope.Scope>

const onTheWire: Readonly<Record<string, Row>> = {
  connections: Effect.gen(function* () {
    const server = yield* httpServer(ok)
    const send = yield* sendWith({ connections: 2 })
    yield* Effect.forEach(Array.from({ length: 8 }), () => send(server.origin), { concurrency: "unbounded" })
    assert.strictEqual(server.opened(), 2)
  }),
  keepAlive: Effect.gen(function* () {
    // Node's own server would say how long it keeps a connection.
    const server = yield* httpServer((_, response) => void response.setHeader("keep-alive", "max=100").end("ok"))
    const send = yield* sendWith({ keepAlive: 100 })
    yield* send(server.origin)
    yield* eventually("the connection is closed", () => server.open() === 0)
    yield* eachByItself({ keepAlive: 0 })
    yield* eachByItself({ keepAlive: "0 seconds" })
  }),
  freshConnection: eachByItself({ freshConnection: true }),
  connectTimeout: Effect.gen(function* () {
    const proxy = yield* connectServer((_, client) => void client.on("end", () => client.end()).resume())
    const send = yield* sendWith({ connectTimeout: 20, proxy: proxy.origin })
    assert.include(wordsOf(yield* Effect.flip(send("https://service.test"))), "ERR_CONNECT_TIMEOUT")
    yield* eventually("the connection is closed", () => proxy.open() === 0)
  }),
  drainTimeout: Effect.gen(function* () {
    let arrived = 0
    const server = yield* httpServer(() => void arrived++)
    const scope = yield* Scope.make()
    const send = yield* Effect.provideService(sendWith({ drainTimeout: 20 }), Scope.Scope, scope)
    const fiber = yield* Effect.forkChild(Effect.flip(send(server.origin)), { startImmediately: true })
    yield* eventually("the request is under way", () => arrived === 1)
    yield* Scope.close(scope, Exit.void)
    assert.strictEqual((yield* Fiber.join(fiber))._tag, "ConnectionFailed")
    yield* eventually("the connection is closed", () => server.open() === 0)
  }),
  headersTimeout: Effect.gen(function* () {
    const server = yield* httpServer(() => {})
    const send = yield* sendWith({ headersTimeout: 50 })
    assert.include(wordsOf(yield* Effect.flip(send(server.origin))), "UND_ERR_HEADERS_TIMEOUT")
    yield* eventually("the connection is closed", () => server.open() === 0)
  }),
  bodyTimeout: Effect.gen(function* () {
    const server = yield* httpServer((_, response) => void response.write("begun"))
    const send = yield* sendWith({ bodyTimeout: "50 millis" })
    assert.include(wordsOf(yield* Effect.flip(send(server.origin))), "UND_ERR_BODY_TIMEOUT")
    yield* eventually("the connection is closed", () => server.open() === 0)
  }),
  proxy: Effect.gen(function* () {
    const seen: Array<string> = []
    const proxy = yield* proxyServer(seen, "never")
    const send = yield* sendWith({ proxy: proxy.origin })
    yield* Effect.exit(send("https://service.test"))
    yield* Effect.exit(send("https://[::1]:8443"))
    assert.deepStrictEqual(seen, ["CONNECT service.test:443", "CONNECT [::1]:8443"])
  }),
  "tls.ca": Effect.gen(function* () {
    const { ca, mine, origin } = yield* secure("localhost")
    const commented = `# Company\r\nSubject: x\r\n${ca.replaceAll("\n", "\r\n")}`
    for (const given of [ca, der(ca), [mine.cert, ca], [der(mine.cert), der(ca)], mine.cert + ca, commented]) {
      const send = yield* sendWith({ tls: { ca: given } })
      assert.strictEqual(textOf(yield* send(origin)), "ok")
    }
    const send = yield* sendWith({ tls: { ca: (yield* authority).cert } })
    assert.strictEqual((yield* Effect.flip(send(origin)))._tag, "ConnectionFailed")
  }),
  "tls.cert": Effect.gen(function* () {
    yield* showsCertificate(({ cert, key }) => ({ cert, key }))
    yield* showsCertificate(({ cert, key }) => ({ cert: Buffer.from(cert), key }))
    yield* showsCertificate(({ cert, key }) => ({ cert: [der(cert)], key }))
  }),
  "tls.key": Effect.gen(function* () {
    yield* showsCertificate(({ cert, key }) => ({ cert, key: Buffer.from(key) }))
    yield* showsCertificate(({ cert, key }) => ({ cert, key: bytesOf(key, "pkcs8") }))
    yield* showsCertificate(({ cert, key }) => ({ cert, key: new Uint8Array(bytesOf(key, "sec1")) }))
  }),
  "tls.passphrase": Effect.gen(function* () {
    yield* showsCertificate(({ cert, key }) => ({ cert, key: encrypted(key, "pem"), passphrase }))
    yield* showsCertificate(({ cert, key }) => ({ cert, key: encrypted(key, "der"), passphrase }))
  }),
  "tls.servername": Effect.gen(function* () {
    const { ca, origin, port, seen } = yield* secure("service.test")
    for (const url of [origin, `https://127.0.0.1:${port}`]) {
      const send = yield* sendWith({ tls: { ca, servername: "service.test" } })
      assert.strictEqual(textOf(yield* send(url)), "ok")
      const other = yield* sendWith({ tls: { ca, servername: "other.test" } })
      assert.include(wordsOf(yield* Effect.flip(other(url))), "ERR_TLS_CERT_ALTNAME_INVALID")
    }
    assert.strictEqual(yield* overProxy(ca, port), "ok")
    assert.deepStrictEqual(
      seen.map(({ sni }) => sni),
      ["service.test", "service.test", "service.test"]
    )
  }),
  "tls.dangerouslyAcceptAnyCertificate": Effect.gen(function* () {
    const { origin } = yield* secure("elsewhere.test")
    const send = yield* sendWith({ tls: { dangerouslyAcceptAnyCertificate: true } })
    assert.strictEqual(textOf(yield* send(origin)), "ok")
  }),
  HTTPS_PROXY: proxySees({ HTTPS_PROXY: "{proxy}", HTTP_PROXY: "http://127.0.0.1:1" }, ["CONNECT service.test:443"]),
  https_proxy: proxySees({ https_proxy: "{proxy}", HTTPS_PROXY: "http://127.0.0.1:1" }, ["CONNECT service.test:443"]),
  HTTP_PROXY: proxySees({ HTTP_PROXY: "{proxy}" }, ["CONNECT service.test:443"]),
  http_proxy: proxySees({ http_proxy: "{proxy}", HTTP_PROXY: "http://127.0.0.1:1" }, ["CONNECT service.test:443"]),
  NO_PROXY: proxySees({ HTTPS_PROXY: "{proxy}", NO_PROXY: "service.test" }, []),
  no_proxy: proxySees({ HTTPS_PROXY: "{proxy}", no_proxy: "*", NO_PROXY: "else.test" }, [])
}

/** The body that comes through a proxy from a service of another name. */
const overProxy = (ca: string, port: number) =>
  Effect.gen(function* () {
    const proxy = yield* proxyServer([])
    const send = yield* sendWith({ proxy: proxy.origin, tls: { ca, servername: "service.test" } })
    return textOf(yield* send(`https://localhost:${port}`))
  })

/** Values that are refused, each with the path that the error names. */
const refused: Readonly<Record<string, ReadonlyArray<unknown>>> = {
  connections: [0, -1, 1.5, "2", Infinity],
  keepAlive: [-1, "soon", Infinity],
  freshConnection: ["yes", 1],
  connectTimeout: [0, -1, "soon", Infinity],
  drainTimeout: [Infinity, -1],
  headersTimeout: [-1, "soon"],
  bodyTimeout: [-1, "soon"],
  proxy: [
    "",
    "proxy:8080",
    "socks5://127.0.0.1:1080",
    "http://",
    "http://proxy.test/path",
    "http://proxy.test?query",
    "http://proxy.test#fragment",
    "http://proxy.test:0",
    "http://user:100%@proxy.test",
    "http://CORP\\user:pw@proxy.test",
    7
  ],
  "tls.ca": ["", [], "/etc/ssl/company.pem", "no PEM", Buffer.from("no DER"), ["", new Uint8Array(3)], 7],
  "tls.cert": ["/etc/ssl/mine.pem", Buffer.from("no DER")],
  "tls.servername": ["", "127.0.0.1", "::1", "a b", "a\r\nb", 7],
  "tls.dangerouslyAcceptAnyCertificate": ["yes", false],
  "tls.rejectUnauthorized": [false],
  "tls.checkServerIdentity": [() => undefined],
  "tls.sevrername": ["a.test"],
  connectoins: [1]
}

const nested = (path: string, value: unknown): object => {
  const [key = "", inner] = path.split(".")
  return { [key]: inner === undefined ? value : { [inner]: value } }
}

const pathOf = (options: object, environment?: Readonly<Record<string, string>>) =>
  Effect.map(Effect.flip(Effect.scoped(sendWith(options, environment))), (error) =>
    error._tag === "InvalidRequest" ? error.path : error._tag
  )

describe("the settings", () => {
  it("have a row for every option and variable", () => {
    const options = Object.keys(keys).flatMap((key) =>
      key === "tls" ? Object.keys(tlsKeys).map((of) => `tls.${of}`) : key
    )
    const names = [...options, ...variables, ...variables.map((name) => name.toLowerCase())]
    assert.sameMembers(Object.keys(onTheWire), names)
    const together = ["tls.key", "tls.passphrase"]
    assert.includeMembers([...Object.keys(refused), ...together], options)
  })

  it.live.each(Object.keys(onTheWire))(
    "%s does on the wire what it says",
    (name) => onTheWire[name] ?? Effect.die(name)
  )

  it.effect.each(Object.entries(refused).flatMap(([path, values]) => values.map((value) => [path, value] as const)))(
    "%s is refused by name: %j",
    ([path, value]) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* pathOf(nested(path, value)), path)
      })
  )

  it.effect("that don't fit together are refused by name", () =>
    Effect.gen(function* () {
      const { issue } = yield* authority
      const { cert, key } = yield* Effect.promise(() => issue("a.test"))
      const other = yield* Effect.promise(() => issue("b.test"))
      const locked = encrypted(key, "pem")
      const tls = (given: NodeTransport.Tls) => pathOf({ tls: given })
      assert.strictEqual(yield* tls({ cert }), "tls.key")
      assert.strictEqual(yield* tls({ key }), "tls.cert")
      assert.strictEqual(yield* tls({ cert, key: other.key }), "tls.key")
      assert.strictEqual(yield* tls({ cert, key: "/etc/ssl/mine.key" }), "tls.key")
      assert.strictEqual(yield* tls({ cert, key: Buffer.from("no DER") }), "tls.key")
      for (const format of ["pem", "der"] as const) {
        assert.strictEqual(yield* tls({ cert, key: encrypted(key, format) }), "tls.passphrase")
        assert.strictEqual(yield* tls({ cert, key: encrypted(key, format), passphrase: "wrong" }), "tls.passphrase")
      }
      assert.strictEqual(yield* tls({ cert, key, passphrase }), "tls.passphrase")
      assert.strictEqual(yield* tls({ passphrase }), "tls.passphrase")
      assert.strictEqual(yield* pathOf({ keepAlive: 100, freshConnection: true }), "keepAlive")
      assert.strictEqual(yield* pathOf({ keepAlive: 0, freshConnection: false }), "keepAlive")
      const message = yield* Effect.map(
        Effect.flip(Effect.scoped(sendWith({ tls: { cert, key: locked, passphrase: "wrong secret" } }))),
        String
      )
      assert.notInclude(message, "wrong secret")
    })
  )

  const wrong: ReadonlyArray<readonly [name: string, value: string]> = [
    ["HTTPS_PROXY", "ftp://proxy.test"],
    ["https_proxy", "http://user:100%@proxy.test"],
    ["HTTP_PROXY", "proxy"]
  ]

  it.effect.each(wrong)("%s of the environment is refused by name: %s", ([name, value]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* pathOf({}, { [name]: value }), name)
      assert.strictEqual(yield* pathOf({ proxy: "none", connections: 0 }, { [name]: value }), "connections")
    })
  )
})
