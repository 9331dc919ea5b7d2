/** The command as a process of its own; in this process if it refuses to start. */
import { spawn } from "node:child_process"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Command from "effect/cli/Command"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Cli from "../src/Cli.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

const run = (args: ReadonlyArray<string>, until: (output: string) => boolean, env: NodeJS.ProcessEnv = {}) =>
  new Promise<{ readonly output: string; readonly code: number | null; readonly during: unknown }>((resolve) => {
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"], ...env }
    })
    let output = ""
    let during: unknown
    let asked = false
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      if (asked || !until(output)) return
      asked = true
      void callFirst(output).then((answer) => {
        during = answer
        child.kill("SIGTERM")
      })
    }
    child.stdout.on("data", read)
    child.stderr.on("data", read)
    child.on("close", (code) => resolve({ output, code, during }))
  })

/** Why the command refuses to start, and its exit code. */
const refusal = (args: ReadonlyArray<string>) =>
  Command.runWith(Cli.make("effect-cloudauth-emulator"), { version: "0.1.0" })(args).pipe(
    Effect.provide(NodeServices.layer),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env: {} })),
    Effect.flip,
    Effect.map((error) => {
      assert.instanceOf(error, Cli.Unusable)
      return error
    })
  )

/** Sends the first of the printed calls, as its reader would. */
const callFirst = async (output: string): Promise<unknown> => {
  const url = /curl -s -X POST '([^']+)'/.exec(output)?.[1] ?? ""
  const first = output.slice(output.indexOf("curl"), output.indexOf("\n\n", output.indexOf("curl")))
  const headers = [...first.matchAll(/-H '([^:]+): ([^']*)'/g)].map(
    ([, name = "", value = ""]) => [name, value] as [string, string]
  )
  return (await fetch(url, { method: "POST", headers })).json()
}

describe("effect-cloudauth-emulator", () => {
  it("prints its endpoint, keys and three calls that work, and ends on a signal", async () => {
    const { code, during, output } = await run(
      ["--port", "0"],
      (output) => output.split("curl").length === 4 && output.endsWith("\n\n")
    )
    assert.match(output, /http:\/\/127\.0\.0\.1:\d+/)
    assert.include(output, "emulator-access-key-secret")
    assert.deepInclude(during, { Code: "Success" })
    assert.oneOf(code, [0, 130, 143])
  })

  it("beyond the loopback prints the token of its admin API, or takes one", async () => {
    const isUp = (output: string) => output.split("curl").length === 4 && output.endsWith("\n\n")
    const random = await run(["--port", "0", "--host", "0.0.0.0"], isUp)
    assert.match(random.output, /admin token +[\w-]{32} /)
    const given = await run(["--port", "0", "--host", "0.0.0.0", "--admin-token", "a-token-of-my-own"], isUp)
    assert.match(given.output, /admin token +a-token-of-my-own /)
    const inEnvironment = await run(["--port", "0", "--host", "0.0.0.0"], isUp, {
      CLOUDAUTH_EMULATOR_ADMIN_TOKEN: "a-token-of-the-environment"
    })
    assert.match(inEnvironment.output, /admin token +a-token-of-the-environment /)
  })

  it("says what keeps it from starting in words, without a stack", async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve))
    const address = taken.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const { code, output } = await run(["--port", `${port}`], () => false)
    assert.strictEqual(code, 1)
    assert.include(output, `Cannot listen on 127.0.0.1:${port} (EADDRINUSE)`)
    assert.notMatch(output, /^ +at /m)
    await new Promise((resolve) => taken.close(resolve))
  })

  it.live.each([
    [["--replay", "/no/such.jsonl"], "/no/such.jsonl", 2],
    [["--faults", "[{]"], "--faults", 2],
    [["--faults", '[{"fault":{"_tag":"X"}}]'], "--faults", 2],
    [["--tls-key", main, "--tls-cert", main], "(ERR_OSSL", 1],
    [["--tls-key", main], "--tls-cert", 2],
    [["--admin-token", "short"], "at least 16", 2],
    [["record"], "ALIBABA_CLOUD_ACCESS_KEY_ID", 2]
  ] as const)("refuses %s", ([args, words, exitCode]) =>
    Effect.gen(function* () {
      const error = yield* refusal([...args, "--port", "0"])
      assert.include(error.message, words)
      assert.strictEqual(error.exitCode, exitCode)
    })
  )
})
