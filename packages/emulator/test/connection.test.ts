/** What becomes of connections: broken handshakes, all faults at once, the server's end. */
import * as Http from "node:http"
import * as Net from "node:net"
import * as Tls from "node:tls"
import { assert, describe, it } from "@effect/vitest"
import * as SelfSigned from "selfsigned"
import * as Fault from "../src/Fault.ts"
import * as Server from "../src/Server.ts"
import { checkResultQuery, overSocket, signedHeaders, signedRequest, written } from "./support.ts"

const of = Fault.Fault.cases
const id = "hksb-passed-global-passport"

describe("TlsError", () => {
  it("breaks the handshake of the connections that it strikes", async () => {
    const { cert, private: key } = await SelfSigned.generate([{ name: "commonName", value: "localhost" }])
    const secure = await Server.start({
      tls: { key, cert },
      faults: [Fault.rule(of.TlsError.make({}), { times: 1 })]
    })
    assert.match(secure.url, /^https:/)
    const connect = () =>
      new Promise<string>((resolve) => {
        const socket = Tls.connect({ port: secure.port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
          socket.destroy()
          resolve("secure")
        })
        socket.on("error", (error: Error & { code?: string }) => resolve(error.code ?? "?"))
      })
    assert.match(await connect(), /SSL|EPROTO/)
    assert.strictEqual(await connect(), "secure")

    secure.gateway.faults.setRules([Fault.rule(of.Reset.make({ at: "after-headers" }))])
    const ended = await new Promise<string>((resolve) => {
      const socket = Tls.connect({ port: secure.port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
        socket.write(written(signedRequest(checkResultQuery(id), { host: `127.0.0.1:${secure.port}` })))
      })
      socket.resume()
      socket.on("error", (error: Error & { code?: string }) => resolve(error.code ?? "?"))
      socket.on("end", () => resolve("fin"))
    })
    assert.strictEqual(ended, "ECONNRESET")
    await secure.close()
  })
})

it("resets no connection over TLS that its caller has reset before", async () => {
  const { cert, private: key } = await SelfSigned.generate([{ name: "commonName", value: "localhost" }])
  const secure = await Server.start({
    tls: { key, cert },
    faults: [Fault.rule(of.Reset.make({ at: "after-headers" }))]
  })
  await new Promise<void>((resolve) => {
    const raw = Net.connect({ port: secure.port, host: "127.0.0.1" })
    const socket = Tls.connect({ socket: raw, rejectUnauthorized: false }, () => {
      socket.write(written(signedRequest(checkResultQuery(id), { host: `127.0.0.1:${secure.port}` })))
    })
    socket.on("error", () => {})
    raw.on("error", () => {})
    raw.once("close", () => resolve())
    socket.once("data", () => {
      raw.resetAndDestroy()
      // The emulator's own reset is due before its loop learns of this one.
      const until = performance.now() + 30
      while (performance.now() < until);
    })
  })
  while (secure.connections() > 0) await new Promise((resolve) => setImmediate(resolve))
  await secure.close()
})

it("many connections end with the server", async () => {
  const own = await Server.start()
  const waiting = Array.from({ length: 20 }, () => overSocket(own.port, "POST / HTTP/1.1\r\n"))
  while (own.connections() < 20) await new Promise((resolve) => setImmediate(resolve))
  await own.close()
  await Promise.all(waiting)
  assert.strictEqual(own.connections(), 0)
})

it("survives all faults at once, and nothing is left when the callers are gone", async () => {
  const rules = [
    of.Delay.make({ millis: 3 }),
    of.SlowBody.make({ chunkBytes: 300, everyMillis: 1 }),
    of.Reset.make({ at: "before-headers" }),
    of.Reset.make({ at: "within-headers" }),
    of.Reset.make({ at: "within-body" }),
    of.TruncatedBody.make({ keep: 0.5 }),
    of.WrongContentLength.make({ by: 3 }),
    of.WrongContentLength.make({ by: -3 }),
    of.Garbage.make({ bytes: 500 }),
    of.WrongCharset.make({ charset: "latin1", declared: true }),
    of.Gzip.make({ declared: true }),
    of.HugeBody.make({ bytes: 50_000 }),
    of.ServerError.make({ status: 500 }),
    of.Throttle.make({}),
    of.ClockSkew.make({ millis: 3_600_000 }),
    of.DuplicatedAnswer.make({}),
    of.DroppedAnswer.make({}),
    of.HalfClose.make({}),
    of.HalfClose.make({ when: "next-request" })
  ].map((fault) => Fault.rule(fault, { probability: 0.06 }))
  const own = await Server.start({ faults: rules, seed: "all" })
  const agent = new Http.Agent({ keepAlive: true, maxSockets: 20 })
  const query = checkResultQuery(id)
  const once = () =>
    new Promise<string>((resolve) => {
      const outgoing = Http.request(
        `${own.url}/?${query}`,
        { agent, method: "POST", timeout: 1000, headers: signedHeaders(query, { host: `127.0.0.1:${own.port}` }) },
        (incoming) => {
          incoming.on("error", () => resolve("broken"))
          incoming.on("end", () => resolve("ended"))
          incoming.resume()
        }
      )
      outgoing.on("timeout", () => outgoing.destroy(new Error("timeout")))
      outgoing.on("error", () => resolve("failed"))
      outgoing.end()
    })
  const outcomes: Array<string> = []
  let left = 400
  const worker = async () => {
    while (left-- > 0) outcomes.push(await once())
  }
  await Promise.all(Array.from({ length: 20 }, worker))
  assert.strictEqual(outcomes.length, 400)
  assert.sameMembers([...new Set(outcomes)], ["ended", "failed", "broken"])
  assert.sameMembers(Object.keys(own.gateway.faults.counts()), [...new Set(rules.map((rule) => rule.fault._tag))])
  agent.destroy()
  while (own.connections() > 0) await new Promise((resolve) => setImmediate(resolve))
  assert.isTrue(own.gateway.calls().every((call) => call.answeredMillis !== undefined))
  await own.close()
})
