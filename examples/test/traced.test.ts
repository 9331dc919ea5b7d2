import { execFile } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"

const run = (more: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, "../traced/main.ts")], {
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      NODE_NO_WARNINGS: "1",
      ...more
    }
  })

describe("the traced backend", () => {
  it("prints the tree if no collector is configured", async () => {
    const { stdout } = await run()
    assert.include(stdout, 'POST /orders/4711/check → 200 {"accepted":true,')
    const names = stdout
      .split("\n")
      .flatMap((line) => /^ {2}( *[A-Za-z.]+(?: [A-Z]+)?) +\+/.exec(line)?.[1]?.trimEnd() ?? [])
    assert.deepStrictEqual(names, [
      "POST",
      "  Cloudauth.checkResult",
      "    Cloudauth.attempt",
      "    Cloudauth.attempt",
      "    Cloudauth.attempt"
    ])
    assert.notInclude(stdout, "hksb-")
  })

  it("exports the spans if a collector is configured", async () => {
    const received: Array<string> = []
    const collector = createServer((incoming, outgoing) => {
      received.push(incoming.url ?? "")
      incoming.resume().on("end", () => outgoing.writeHead(200, { "content-type": "application/x-protobuf" }).end())
    }).listen(0, "127.0.0.1")
    await once(collector, "listening")
    const address = collector.address()
    const port = typeof address === "object" ? address?.port : 0
    const { stdout } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` })
    collector.close()
    assert.notInclude(stdout, "Cloudauth.attempt")
    assert.include(received, "/v1/traces")
    assert.include(received, "/v1/metrics")
  })
})
