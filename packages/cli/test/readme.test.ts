/** What the README says is so: its table of exit codes, and its fifteen lines. */
import { execFile } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ExitCode from "../src/ExitCode.ts"
import { directory, main } from "./support.ts"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")

describe("README", () => {
  it("has every exit code with its meaning", () => {
    const rows = [...readme.matchAll(/^\| (\d+) +\| `(\w+)` +\| (.+?) +\|$/gm)].map(([, code, name, meaning]) => [
      name,
      Number(code),
      meaning
    ])
    assert.deepStrictEqual(
      rows,
      ExitCode.names.map((name) => [name, ExitCode.table[name].code, ExitCode.table[name].meaning])
    )
  })

  it.live("its fifteen lines run", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      const block = /## Fifteen lines that run\n\n```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? ""
      const lines = block.split("\n").filter((line) => line.trim() !== "")
      assert.isAtMost(lines.length, 15)
      const script = lines
        .filter((line) => !line.startsWith("effect-cloudauth emulator"))
        .join("\n")
        .replaceAll("http://127.0.0.1:8787", emulator.url)
        .replaceAll("effect-cloudauth ", `"$NODE" "$MAIN" `)
      const { output, status } = yield* Effect.promise(
        () =>
          new Promise<{ readonly status: number; readonly output: string }>((resolve) => {
            const child = execFile(
              "sh",
              ["-eu", "-c", script],
              {
                cwd: path,
                env: {
                  PATH: process.env["PATH"],
                  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
                  HOME: path,
                  NODE: process.execPath,
                  MAIN: main
                }
              },
              (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, output: stdout + stderr })
            )
          })
      )
      assert.strictEqual(status, 0, output)
      assert.include(output, "not accepted: exit code 10")
      assert.isTrue(existsSync(join(path, "report.html")))
      assert.isTrue(existsSync(join(path, "evidence", "hksb-passed-hong-kong-identity-card", "front.jpg")))
    }).pipe(Effect.scoped, Effect.provide(Emulator.layer()))
  )
})
