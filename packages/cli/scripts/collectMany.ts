/**
 * Collects many ids (100,000 unless told) from an emulator in a process of its own, with a kill -9 now and then, and
 * prints the figures.
 *
 *     node packages/cli/scripts/collectMany.ts [--ids 100000] [--kills 3] [--store sqlite|directory] [--concurrency 16]
 */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const { values } = parseArgs({
  options: {
    ids: { type: "string", default: "100000" },
    kills: { type: "string", default: "3" },
    store: { type: "string", default: "sqlite" },
    concurrency: { type: "string", default: "16" }
  }
})
const count = Number(values.ids)
const kills = Number(values.kills)

const cli = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const emulatorMain = fileURLToPath(new URL("../../emulator/src/main.ts", import.meta.url))
const directory = mkdtempSync(join(tmpdir(), "cloudauth-many-"))

const startEmulator = (): Promise<{ readonly process: ChildProcess; readonly url: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [emulatorMain, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] })
    let output = ""
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]
      if (url !== undefined && output.includes("secret")) resolve({ process: child, url })
    })
    child.once("exit", () => reject(new Error("the emulator ended")))
  })

/** The most memory that a process has held, in bytes; Linux only. */
const peakMemory = (pid: number | undefined): number | undefined => {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

const emulator = await startEmulator()
const store = values.store === "directory" ? `${join(directory, "results")}/` : join(directory, "results.db")
try {
  await fetch(`${emulator.url}/_admin/default`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ _tag: "Verdict", document: "global-passport", passed: "Y", subCode: "200" })
  })
  const list = join(directory, "ids.txt")
  writeFileSync(list, Array.from({ length: count }, (_, index) => `many-${index}`).join("\n"))

  let peak = 0
  const collect = (killAfter: number | undefined) =>
    new Promise<{ readonly code: number | null; readonly stdout: string; readonly seconds: number }>((resolve) => {
      const started = performance.now()
      const child = spawn(
        process.execPath,
        [cli, "collect", list, "--images", "none", "--json", "--concurrency", values.concurrency],
        {
          stdio: ["ignore", "pipe", "inherit"],
          env: {
            ...process.env,
            CLOUDAUTH_ENDPOINT: emulator.url,
            CLOUDAUTH_STORE: store,
            ALIBABA_CLOUD_ACCESS_KEY_ID: "emulator-access-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "emulator-access-key-secret"
          }
        }
      )
      let stdout = ""
      child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()))
      const memory = setInterval(() => (peak = Math.max(peak, peakMemory(child.pid) ?? 0)), 200)
      const kill = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter)
      child.on("close", (code) => {
        clearInterval(memory)
        clearTimeout(kill)
        resolve({ code, stdout, seconds: (performance.now() - started) / 1000 })
      })
    })

  const started = performance.now()
  for (let kill = 0; kill < kills; kill++) await collect(4000 + Math.random() * 8000)
  const last = await collect(undefined)
  const seconds = (performance.now() - started) / 1000
  const { inStore, perSecond } = JSON.parse(last.stdout)
  console.log(
    JSON.stringify(
      {
        ids: count,
        kills,
        store: values.store,
        concurrency: Number(values.concurrency),
        code: last.code,
        inStore,
        seconds: Math.round(seconds),
        perSecondInLastRun: perSecond,
        peakMegabytes: Math.round(peak / 1e6),
        ...(values.store === "sqlite" ? { databaseMegabytes: Math.round(statSync(store).size / 1e6) } : {})
      },
      undefined,
      2
    )
  )
  if (last.code !== 0 || inStore.Stored !== count) process.exitCode = 1
} finally {
  emulator.process.kill()
  rmSync(directory, { recursive: true, force: true })
}
