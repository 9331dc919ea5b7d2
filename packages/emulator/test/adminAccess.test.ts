/** By which names and from which pages the admin API may be called. */
import { createConnection } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import * as AdminApi from "../src/AdminApi.ts"
import * as Gateway from "../src/Gateway.ts"
import * as Server from "../src/Server.ts"

const api = AdminApi.make(Gateway.make(), { hosts: ["kyc.example", "fe80::1"] })

const status = (headers: ReadonlyArray<readonly [string, string]>, target = "/_admin/state", method = "GET") =>
  api.handle({ method, target, headers, body: new Uint8Array() })?.status

describe("the host", () => {
  it.each([
    "127.0.0.1",
    "127.0.0.1:8787",
    "localhost",
    "LOCALHOST:8787",
    "[::1]",
    "[::1]:8787",
    "kyc.example",
    "Kyc.Example:80",
    "[fe80::1]:1"
  ])("may be %s", (host) => assert.strictEqual(status([["Host", host]]), 200))

  it.each([
    "",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "localhost.",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "2130706433",
    "%31%32%37.0.0.1",
    "\uff11\uff12\uff17.0.0.1",
    "evil@127.0.0.1",
    "evil:x@127.0.0.1",
    "127.0.0.1@evil.example",
    "127.0.0.1/evil",
    "127.0.0.1?evil",
    "127.0.0.1#evil",
    "127.0.0.1:x",
    "127.0.0.1:",
    "127.0.0.1:1:2",
    "127.0.0.1 evil",
    "127.0.0.1, evil.example",
    "127.0.0.2",
    "0.0.0.0",
    "[::]",
    "::1",
    "[::ffff:127.0.0.1]",
    "[0:0:0:0:0:0:0:1]",
    "localhost.evil.example",
    "evil.example"
  ])("may not be %j", (host) => assert.strictEqual(status([["host", host]]), 403))

  it("must be named once, and by a target of its own as well", () => {
    assert.strictEqual(status([]), 403)
    const twice = [
      ["Host", "127.0.0.1"],
      ["host", "127.0.0.1"]
    ] as const
    assert.strictEqual(status(twice), 403)
    assert.strictEqual(status([["host", "127.0.0.1:1"]], "http://127.0.0.1:1/_admin/state"), 200)
    assert.strictEqual(status([["host", "127.0.0.1:1"]], "http://evil.example/_admin/state"), 403)
  })

  it("is read as it arrives on a port", async () => {
    const server = await Server.start()
    const answer = (...hosts: ReadonlyArray<string>) =>
      new Promise<string>((resolve) => {
        const socket = createConnection(server.port, "127.0.0.1")
        let text = ""
        socket.on("data", (chunk: Buffer) => (text += chunk.toString()))
        socket.on("close", () => resolve(text.split("\r\n")[0] ?? ""))
        const lines = hosts.map((host) => `Host: ${host}\r\n`).join("")
        socket.write(`GET /_admin/state HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`)
      })
    assert.match(await answer("127.0.0.1"), / 200 /)
    assert.match(await answer("127.1"), / 403 /)
    assert.match(await answer("127.0.0.1", "evil.example"), / 40[03] /)
    await server.close()
  })
})

describe("a page", () => {
  const host = ["host", "127.0.0.1:1"] as const

  it.each(["cross-site", "same-site", "something-new"])("of another site can't call it: %s", (site) => {
    assert.strictEqual(status([host, ["sec-fetch-site", site]]), 403)
    assert.strictEqual(status([host, ["sec-fetch-site", site]], "/_admin/reset", "POST"), 403)
    // Not even by an image or a frame.
    assert.strictEqual(status([host, ["sec-fetch-site", site], ["sec-fetch-dest", "image"]], "/"), 403)
    assert.strictEqual(status([host, ["sec-fetch-site", site], ["sec-fetch-dest", "document"]]), 403)
  })

  it("of its own can, as can an address that is typed, and a link to the page", () => {
    for (const site of ["same-origin", "none"]) assert.strictEqual(status([host, ["sec-fetch-site", site]]), 200)
    assert.strictEqual(status([host, ["sec-fetch-site", "cross-site"], ["sec-fetch-dest", "document"]], "/"), 200)
  })
})
