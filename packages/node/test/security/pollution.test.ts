/** Options count by their own properties: what stands on `Object.prototype` moves no signed request. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as Client from "../../src/Client.ts"
import * as NodeCloudauth from "../../src/NodeCloudauth.ts"

interface Seen {
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
}

const body = JSON.stringify({ Code: "Success", Result: { Passed: "N", SubCode: "212" } })

/** A server that keeps what it was asked. */
const listen = async (seen: Array<Seen>): Promise<http.Server> => {
  const server = http.createServer((request, response) => {
    seen.push({ path: request.url ?? "", headers: request.headers })
    response.end(body)
  })
  server.on("connect", (request, socket) => {
    seen.push({ path: request.url ?? "", headers: request.headers })
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return server
}

const urlOf = (server: http.Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP

const good: Array<Seen> = []
const evil: Array<Seen> = []
let goodServer: http.Server
let evilServer: http.Server

beforeAll(async () => {
  goodServer = await listen(good)
  evilServer = await listen(evil)
})

afterAll(() => {
  goodServer.close()
  evilServer.close()
})

const request = { merchantBizId: "order1", transactionId: "hksb0000" }
const key = { accessKeyId: "id", accessKeySecret: "secret" }

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  "the Promise client": async () => {
    await using client = Client.createClient({ url: urlOf(goodServer), credentials: key })
    await client.checkResult(request)
  },
  "the layer over undici": () =>
    Effect.runPromise(
      Cloudauth.checkResult(request).pipe(
        Effect.provide(NodeCloudauth.layer({ url: urlOf(goodServer), credentials: Credentials.layerStatic(key) }))
      )
    ),
  "the layer over node:http": () =>
    Effect.runPromise(
      Cloudauth.checkResult(request).pipe(
        Effect.provide(
          Cloudauth.layer({ url: urlOf(goodServer) }).pipe(
            Layer.provide([Credentials.layerStatic(key), NodeHttpClient.layerNodeHttp])
          )
        )
      )
    )
}

/** A value for each key that an options object or a request of this project has, at any depth. */
const pollution = (): ReadonlyArray<readonly [string, unknown]> => {
  const url = urlOf(evilServer)
  return [
    ["url", url],
    ["region", "ap-southeast-1"],
    ["network", "vpc"],
    ["proxy", url],
    ["transport", { proxy: url }],
    ["credentials", { accessKeyId: "evil", accessKeySecret: "evil" }],
    ["accessKeyId", "evil"],
    ["accessKeySecret", "evil"],
    ["securityToken", "evil"],
    ["expiresAt", 0],
    ["retry", { deadline: 0, attemptTimeout: 0 }],
    ["deadline", 0],
    ["attemptTimeout", 0],
    ["transient", 0],
    ["throttle", 0],
    ["budget", { capacity: 0, refillPerSecond: 0 }],
    ["polling", 0],
    ["quota", -1],
    ["perSecond", -1],
    ["margin", "evil"],
    ["account", ""],
    ["priority", "evil"],
    ["maxBodyBytes", 1],
    ["connections", -1],
    ["keepAlive", "evil"],
    ["connectTimeout", 0.5],
    ["drainTimeout", "evil"],
    ["tls", { rejectUnauthorized: false }],
    ["ca", "evil"],
    ["cert", "evil"],
    ["key", "evil"],
    ["passphrase", "evil"],
    ["servername", "evil.example"],
    ["dangerouslyAcceptAnyCertificate", true],
    ["http2", true],
    ["headersTimeout", 1],
    ["bodyTimeout", 1],
    ["document", "GlobalPassport"],
    ["isReturnImage", true],
    ["extraImageControlList", "evil"],
    ["returnFiveCategorySpoofResult", true],
    // What undici asks of a request's options.
    ["dispatcher", {}],
    ["query", { evil: "1" }],
    ["upgrade", "evil"],
    ["blocking", true],
    ["idempotent", false],
    ["reset", true],
    ["expectContinue", true],
    ["throwOnError", true],
    // Not `timeout`: Node's own streams look for listeners of that event on the prototype.
    ["interval", 1]
  ]
}

/** What a request says of its sender's options; dates, nonces and signatures differ in any case. */
const saying = ({ headers, path }: Seen) => ({
  path: path.replace(/\?.*/, (query) => [...new URLSearchParams(query)].sort().join("&")),
  names: Object.keys(headers).sort(),
  key: /Credential=(\w+)/.exec(headers.authorization ?? "")?.[1]
})

describe.each(Object.entries(ways))("%s", (_, call) => {
  it("asks the same server the same question, whatever key Object.prototype has", async () => {
    good.length = 0
    evil.length = 0
    await call()
    const expected = good.map(saying)
    assert.lengthOf(expected, 1)
    for (const [name, value] of pollution()) {
      good.length = 0
      Reflect.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: false })
      try {
        await call()
      } catch (error) {
        Reflect.deleteProperty(Object.prototype, name)
        assert.fail(`${name}: ${error}`)
      } finally {
        Reflect.deleteProperty(Object.prototype, name)
      }
      assert.deepStrictEqual(good.map(saying), expected, name)
      assert.lengthOf(evil, 0, name)
    }
  })
})
