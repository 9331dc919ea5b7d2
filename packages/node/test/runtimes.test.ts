import { execFile } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { promisify } from "node:util"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const run = promisify(execFile)

const directory = path.join(import.meta.dirname, "runtimes")
const installed = (...segments: ReadonlyArray<string>) => path.join(directory, "node_modules", ...segments)

interface Runtime {
  readonly binary: string
  readonly arguments: ReadonlyArray<string>
}

const nodes: Record<string, Runtime> = {
  22: { binary: installed("node22", "bin", "node"), arguments: [] },
  24: { binary: process.execPath, arguments: [] },
  26: { binary: installed("node26", "bin", "node"), arguments: [] }
}

const others: Record<string, Runtime> = {
  Bun: { binary: installed(".bin", "bun"), arguments: ["run"] },
  Deno: {
    binary: installed(".bin", "deno"),
    arguments: [
      "run",
      "--quiet",
      "--no-check",
      "--node-modules-dir=manual",
      "--allow-env",
      "--allow-net=127.0.0.1",
      "--allow-read",
      "--allow-sys"
    ]
  }
}

const isPresent = ({ binary }: Runtime) => fs.existsSync(binary)

/** Runs a script against an emulator and gives the line that it prints. */
const print = (runtime: Runtime, script: string) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* emulator.register("hksb1", Scenario.passed({ document: "global-passport" }))
    yield* emulator.register("hksb2", Scenario.notCompleted)
    const { stdout } = yield* Effect.promise(() =>
      run(runtime.binary, [...runtime.arguments, path.join(import.meta.dirname, "support", script)], {
        cwd: import.meta.dirname,
        env: {
          PATH: process.env["PATH"],
          HOME: process.env["HOME"],
          ENDPOINT: emulator.url,
          ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
          ALIBABA_CLOUD_ACCESS_KEY_SECRET: Redacted.value(emulator.accessKeySecret)
        }
      })
    )
    const printed: unknown = JSON.parse(stdout)
    return printed
  }).pipe(Effect.provide(Emulator.layer()))

const absent = Object.entries({ ...nodes, ...others }).filter(([, runtime]) => !isPresent(runtime))
if (absent.length > 0) {
  // oxlint-disable-next-line no-console -- a skipped runtime must be seen
  console.warn(
    `NOT TESTED: ${absent.map(([name]) => name).join(", ")} missing. ` +
      "Install them with `pnpm --filter @effect-cloudauth/node test:runtimes:install`."
  )
}

describe.each(Object.entries(nodes))("Node %s", (version, runtime) => {
  it.live.skipIf(!isPresent(runtime))("the facade calls, rejects and closes, imported and required", () =>
    Effect.map(print(runtime, "onNode.ts"), (printed) =>
      assert.deepStrictEqual(printed, {
        node: version,
        verdict: "Passed",
        image: true,
        state: true,
        requireIsImport: true
      })
    )
  )
})

describe.each(Object.entries({ ...nodes, ...others }))("the core on %s", (_, runtime) => {
  it.live.skipIf(!isPresent(runtime))("signs, decodes and calls", () =>
    Effect.map(print(runtime, "onAnyRuntime.ts"), (printed) =>
      assert.deepStrictEqual(printed, {
        signature: "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
        decoded: "Passed",
        passportNo: "P1",
        image: 5003,
        mediaType: "image/jpeg",
        called: "Passed",
        calledImage: true
      })
    )
  )
})
