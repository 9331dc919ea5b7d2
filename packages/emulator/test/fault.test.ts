/** Each fault as the other end of a bare socket sees it. */
import * as Net from "node:net"
import { gunzipSync } from "node:zlib"
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "@effect/vitest"
import * as Fault from "../src/Fault.ts"
import * as Scenario from "../src/Scenario.ts"
import * as Server from "../src/Server.ts"
import { checkResultQuery, overSocket, signedRequest, written } from "./support.ts"

let server: Server.Server
beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.close())
beforeEach(() => server.gateway.reset())

const of = Fault.Fault.cases
const id = "hksb-passed-global-passport"
const host = () => `127.0.0.1:${server.port}`
const request = (transactionId = id) =>
  written(signedRequest(checkResultQuery(transactionId), { host: host(), now: server.gateway.now() }))

const complete = (text: string) => {
  const [head = "", body] = text.split("\r\n\r\n", 2)
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
  return body !== undefined && body.length >= length
}
const call = (fault?: Fault.Fault, enough = complete) => {
  if (fault !== undefined) server.gateway.faults.setRules([Fault.rule(fault)])
  return overSocket(server.port, request(), enough)
}
const split = (text: string) => {
  const mark = text.indexOf("\r\n\r\n")
  const head = text.slice(0, mark)
  return {
    status: Number(head.slice(9, 12)),
    head,
    body: text.slice(mark + 4),
    length: Number(/content-length: (\d+)/i.exec(head)?.[1])
  }
}
const lastCall = () => server.gateway.calls().at(-1)

describe("without a fault", () => {
  it("the answer is whole and the connection stays open", async () => {
    const seen = await call()
    const { body, length, status } = split(seen.text)
    assert.deepStrictEqual([status, body.length, seen.ended], [200, length, "open"])
    assert.strictEqual(JSON.parse(body).Code, "Success")
  })
})

describe("faults", () => {
  it("Delay", async () => {
    const seen = await call(of.Delay.make({ millis: 120 }))
    assert.isAtLeast(seen.at[0] ?? 0, 115)
    assert.strictEqual(split(seen.text).status, 200)
  })

  it("SlowBody", async () => {
    const seen = await call(of.SlowBody.make({ chunkBytes: 200, everyMillis: 15 }))
    assert.isAbove(seen.at.length, 3)
    assert.isAbove((seen.at.at(-1) ?? 0) - (seen.at[0] ?? 0), 40)
    assert.strictEqual(JSON.parse(split(seen.text).body).Code, "Success")
  })

  it("Reset before, within and after the headers, and within the body", async () => {
    const reset = async (at: "before-headers" | "within-headers" | "after-headers" | "within-body") => {
      const seen = await call(of.Reset.make({ at }), () => false)
      assert.strictEqual(seen.ended, "reset", at)
      return seen.text
    }
    assert.strictEqual(await reset("before-headers"), "")
    const within = await reset("within-headers")
    assert.match(within, /^HTTP\/1\.1 200/)
    assert.notInclude(within, "\r\n\r\n")
    assert.match(await reset("after-headers"), /\r\n\r\n$/)
    const body = split(await reset("within-body"))
    assert.isAbove(body.body.length, 0)
    assert.isBelow(body.body.length, body.length)
  })

  it("TruncatedBody", async () => {
    const seen = await call(of.TruncatedBody.make({ keep: 0.25 }), () => false)
    const { body, length } = split(seen.text)
    assert.strictEqual(seen.ended, "fin")
    assert.strictEqual(body.length, Math.floor(length / 4))
  })

  it("WrongContentLength, too large and too small", async () => {
    for (const by of [7, -7]) {
      const seen = await call(of.WrongContentLength.make({ by }), () => false)
      const { body, length } = split(seen.text)
      assert.deepStrictEqual([seen.ended, length - body.length], ["fin", by])
    }
  })

  it("Garbage", async () => {
    const seen = await call(of.Garbage.make({ bytes: 999 }))
    assert.strictEqual(split(seen.text).body.length, 999)
    assert.throws(() => JSON.parse(split(seen.text).body))
  })

  it("WrongCharset, declared or not", async () => {
    for (const declared of [true, false]) {
      const seen = await call(of.WrongCharset.make({ charset: "utf-16le", declared }))
      const { body, head } = split(seen.text)
      assert.strictEqual(JSON.parse(Buffer.from(body, "latin1").toString("utf16le")).Code, "Success")
      assert.strictEqual(head.includes("charset=utf-16le"), declared)
    }
  })

  it("Gzip, declared or not", async () => {
    for (const declared of [true, false]) {
      const seen = await call(of.Gzip.make({ declared }))
      const { body, head } = split(seen.text)
      assert.strictEqual(JSON.parse(gunzipSync(Buffer.from(body, "latin1")).toString()).Code, "Success")
      assert.strictEqual(head.includes("content-encoding: gzip"), declared)
    }
  })

  it("HugeBody, and a bomb with Gzip", async () => {
    const seen = await call(of.HugeBody.make({ bytes: 400_000 }))
    assert.strictEqual(split(seen.text).body.length, 400_000)
    server.gateway.faults.setRules([
      Fault.rule(of.HugeBody.make({ bytes: 30_000_000 })),
      Fault.rule(of.Gzip.make({ declared: true }))
    ])
    const bomb = split((await call()).text)
    assert.isBelow(bomb.body.length, 100_000)
    assert.strictEqual(gunzipSync(Buffer.from(bomb.body, "latin1")).length, 30_000_000)
  })

  it("ServerError in a burst", async () => {
    server.gateway.faults.setRules([Fault.rule(of.ServerError.make({ status: 502 }), { skip: 1, times: 2 })])
    const statuses: Array<number> = []
    for (let count = 0; count < 4; count++) statuses.push(split((await call()).text).status)
    assert.deepStrictEqual(statuses, [200, 502, 502, 200])
    assert.strictEqual(server.gateway.calls()[1]?.signature, "Unchecked")
  })

  it("Throttle", async () => {
    const { body, head, status } = split((await call(of.Throttle.make({ retryAfterMillis: 70 }))).text)
    assert.deepStrictEqual([status, JSON.parse(body).Code], [403, "Throttling.Api"])
    assert.include(head, "x-acs-retry-after: 70")
  })

  it("ClockSkew", async () => {
    const { body } = split((await call(of.ClockSkew.make({ millis: -3_600_000 }))).text)
    assert.strictEqual(JSON.parse(body).Code, "IllegalTimestamp")
  })

  it("DuplicatedAnswer", async () => {
    const seen = await call(
      of.DuplicatedAnswer.make({}),
      (text) => text.split("HTTP/1.1 200").length === 3 && text.endsWith("}")
    )
    const answers = seen.text.split("HTTP/1.1 ").slice(1)
    assert.strictEqual(answers.length, 2)
    assert.strictEqual(split(`HTTP/1.1 ${answers[0]}`).body, split(`HTTP/1.1 ${answers[1]}`).body)
  })

  it("DroppedAnswer", async () => {
    server.gateway.faults.setRules([Fault.rule(of.DroppedAnswer.make({}), { transactionId: "hksb-spoofed" })])
    const seen = await Promise.race([
      overSocket(server.port, request("hksb-spoofed"), (text) => text !== ""),
      new Promise<"nothing">((resolve) => setTimeout(() => resolve("nothing"), 200))
    ])
    assert.strictEqual(seen, "nothing")
    assert.strictEqual(lastCall()?.code, "Success")
    assert.strictEqual(split((await call()).text).status, 200)
  })

  it("HalfClose", async () => {
    const seen = await call(of.HalfClose.make({}), () => false)
    assert.strictEqual(seen.ended, "fin")
    assert.match(split(seen.text).head, /keep-alive/i)
    assert.strictEqual(JSON.parse(split(seen.text).body).Code, "Success")
  })
})

describe("HalfClose", () => {
  it("can wait for the next request, which is reset and not carried out", async () => {
    server.gateway.faults.setRules([Fault.rule(of.HalfClose.make({ when: "next-request" }))])
    const seen = await new Promise<string>((resolve) => {
      const socket = Net.connect(server.port, "127.0.0.1", () => socket.write(request()))
      let text = ""
      socket.on("data", (piece) => {
        text += piece.toString("latin1")
        if (complete(text)) socket.write(request())
      })
      socket.on("end", () => resolve("fin"))
      socket.on("error", (error: Error & { code?: string }) => resolve(error.code ?? "?"))
    })
    assert.strictEqual(seen, "ECONNRESET")
    assert.strictEqual(server.gateway.calls().length, 1)
  })
})

it("delays by scenario, and an answer that no one waits for is not sent", async () => {
  server.gateway.register("slow", Scenario.passed({ delayMillis: 60_000 }))
  const socketSeen = overSocket(server.port, request("slow"))
  while (lastCall()?.transactionId !== "slow") await new Promise((resolve) => setImmediate(resolve))
  assert.strictEqual(lastCall()?.answeredMillis, undefined)
  const before = server
  server = await Server.start()
  await before.close()
  await socketSeen
  assert.isDefined(before.gateway.calls().at(-1)?.answeredMillis)
})
