/** `effect-cloudauth emulator`, as a process of its own. */
import { execFile } from "node:child_process"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { run, runAlone, start } from "./support.ts"

/** What the emulator's greeting tells a shell to export. */
const exported = async (lines: AsyncIterable<string>): Promise<Record<string, string>> => {
  const environment: Record<string, string> = {}
  for await (const line of lines) {
    const [, name = "", value = ""] = /^export (\w+)=(.*)$/.exec(line) ?? []
    if (name !== "") environment[name] = value
    if (Object.keys(environment).length === 3) break
  }
  return environment
}

describe("emulator", () => {
  it.live("starts a service that the other commands reach with the lines it prints", () =>
    Effect.gen(function* () {
      const emulator = start(["emulator", "--port", "0"], {})
      const { stdout } = emulator.process
      assert.isNotNull(stdout)
      const environment = yield* Effect.promise(() => exported(createInterface(stdout)))
      const { code, stdout: output } = yield* run(
        ["check", "hksb-passed-hong-kong-identity-card", "--json"],
        environment
      )
      assert.strictEqual(code, 0, output)
      emulator.process.kill("SIGTERM")
      yield* Effect.promise(() => emulator.ended)
    })
  )

  it.live("says why it cannot start, and exits as the other commands do", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run(["emulator", "--port", "0", "--admin-token", "short"])
      assert.strictEqual(code, 2)
      assert.include(stderr, "--admin-token: adminToken must be at least 16 visible ASCII characters.")
    })
  )

  it.live("is what a command without an access key points to", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* runAlone(["check", "hksb1"], {
        CLOUDAUTH_ENDPOINT: "http://127.0.0.1:8787",
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true"
      })
      assert.strictEqual(code, 21)
      assert.match(stderr, /^ {2}CredentialsError: no source has an access key \(not sent\)\.$/m)
      assert.match(stderr, /^ {2}environment: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET not set$/m)
      assert.match(stderr, /^ {2}To try without a key, run effect-cloudauth emulator and set what it prints\.$/m)
    })
  )

  it("is loaded only when it runs", async () => {
    const program = `
      const { registerHooks } = await import("node:module")
      const urls = []
      registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
      await import(${JSON.stringify(new URL("../src/Cli.ts", import.meta.url).href)})
      console.log(urls.filter((url) => url.includes("/packages/emulator/") && !url.includes("/Cli.ts")).join("\\n"))`
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program])
    assert.notInclude(stdout, "Server.ts")
    assert.include(stdout, "/internal/command/flags.ts")
  })
})
