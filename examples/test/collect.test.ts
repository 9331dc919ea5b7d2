import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, watch } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Server from "@effect-cloudauth/emulator/Server"

const program = join(import.meta.dirname, "../collect/main.ts")
const ids = join(import.meta.dirname, "../collect/ids.txt")

describe("collect", () => {
  it("goes on where a killed run was torn off, and asks for no settled id again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "collect-"))
    const ledger = join(folder, "results.jsonl")
    const emulator = await Server.start()
    const job = () => {
      const child = spawn(process.execPath, [program, ids, ledger], {
        stdio: ["ignore", "pipe", "inherit"],
        env: {
          ...process.env,
          ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.gateway.accessKeyId,
          ALIBABA_CLOUD_ACCESS_KEY_SECRET: emulator.gateway.accessKeySecret,
          CLOUDAUTH_ENDPOINT: emulator.url,
          CLOUDAUTH_QPS: "20"
        }
      })
      let printed = ""
      child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()))
      const ended = new Promise<{ code: number | null; printed: string }>((resolve) =>
        child.once("close", (code) => resolve({ code, printed }))
      )
      return { child, ended }
    }
    const settled = (): ReadonlyArray<string> =>
      readFileSync(ledger, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line).transactionId)
    const succeeded = (transactionId: string) =>
      emulator.gateway.calls().filter((call) => call.transactionId === transactionId && call.code === "Success").length

    try {
      const killed = job()
      const watcher = watch(folder, () => {
        if (statSync(ledger).size > 4000) killed.child.kill("SIGKILL")
      })
      assert.strictEqual((await killed.ended).code, null)
      watcher.close()
      truncateSync(ledger, statSync(ledger).size - 9) // as if the last write had been torn
      const torn = readFileSync(ledger, "utf8").trimEnd().split("\n").length - 1
      assert.isAbove(torn, 0)
      assert.isBelow(torn, 39)

      const second = await job().ended
      assert.match(second.printed, new RegExp(`^40 ids, ${torn} settled before\n`))
      assert.match(second.printed, /1 left for the next run order13 ProcessNotCompleted\n$/)
      assert.strictEqual(second.code, 1)

      const all = settled()
      assert.lengthOf(all, 39)
      assert.lengthOf(new Set(all), 39)
      for (const transactionId of all.slice(0, torn)) assert.isAtMost(succeeded(transactionId), 1)
      assert.strictEqual(statSync(ledger).mode & 0o777, 0o600)
    } finally {
      await emulator.close()
      rmSync(folder, { recursive: true })
    }
  })
})
