/**
 * Fuzzing with coverage guidance, by jsfuzz:
 *
 *     node chaos/fuzz/main.ts [--target NAME] [--seconds 60]
 *
 * The targets are bundled, instrumented and run in a process of their own; the corpus grows in `node_modules/.fuzz` and is used again. Ends with 1 where
 * an input broke a rule; that input is kept and named, and becomes a test.
 */
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { build } from "esbuild"
import { seeds } from "./seeds.ts"

/** Run on demand, not installed: it brings old packages that nothing else of the project needs. */
const fuzzer = "jsfuzz@1.0.15"

const { values } = parseArgs({
  options: { target: { type: "string" }, seconds: { type: "string", default: "60" } }
})

const folder = fileURLToPath(new URL("../node_modules/.fuzz/", import.meta.url))
const bundle = `${folder}targets.cjs`
mkdirSync(folder, { recursive: true })
await build({
  entryPoints: [fileURLToPath(new URL("targets.ts", import.meta.url))],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "cjs",
  // Our code alone is instrumented: that is what the fuzzer shall find its way through.
  external: ["effect", "effect/*"]
})

interface Outcome {
  readonly executions: number
  readonly coverage: number
  readonly corpus: number
  readonly crash: string | undefined
}

const run = (target: string, seconds: number): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const corpus = `${folder}${target}`
    if (!existsSync(corpus)) mkdirSync(corpus)
    for (const [index, seed] of (seeds[target] ?? []).entries()) writeFileSync(`${corpus}/seed${index}`, seed)
    const artifact = `crash-${target}`
    // The fuzzer takes every path as relative to where it runs.
    // Its grammar of what it has seen takes it many seconds for one nested answer, and the target waits: mutation alone tries hundreds of times as much.
    const options = ["--exact-artifact-path", artifact, "--no-versifier"]
    const args = ["-y", "pnpm@12", "dlx", fuzzer, "targets.cjs", target, ...options]
    const child = spawn("npx", args, {
      cwd: folder,
      env: { ...process.env, FUZZ_TARGET: target },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true
    })
    let output = ""
    let timer: NodeJS.Timeout | undefined
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString()
      // It is installed and has begun. The whole group ends: npx, pnpm, the fuzzer and its worker.
      if (output.includes("#0 READ"))
        timer ??= setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), seconds * 1000)
    })
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()))
    child.once("error", reject)
    child.once("exit", () => {
      clearTimeout(timer)
      const figures = [...output.matchAll(/#(\d+) \w+\s+cov: (\d+) corp: (\d+)/g)].at(-1)
      if (figures === undefined) return reject(new Error(`${fuzzer} did not run here:\n${output.slice(0, 2000)}`))
      const hasCrashed = output.includes("crash was written")
      if (hasCrashed) process.stderr.write(`${output.slice(output.indexOf("====="))}\n`)
      resolve({
        executions: Number(figures[1]),
        coverage: Number(figures[2]),
        corpus: Number(figures[3]),
        crash: hasCrashed ? `node_modules/.fuzz/${artifact}` : undefined
      })
    })
  })

const chosen = values.target === undefined ? Object.keys(seeds) : [values.target]
console.log("| target | inputs | covered points | corpus | |")
console.log("| --- | ---: | ---: | ---: | --- |")
for (const target of chosen) {
  if (seeds[target] === undefined) throw new Error(`--target is one of ${Object.keys(seeds).join(", ")}`)
  const seconds = Number(values.seconds)
  const { corpus, coverage, crash, executions } = await run(target, seconds)
  // If next to nothing was tried, no crash means nothing.
  const found = crash !== undefined ? `broke: ${crash}` : executions < 10 * seconds ? "hardly ran" : "no crash"
  if (found !== "no crash") process.exitCode = 1
  console.log(`| ${[target, executions, coverage, corpus, found].join(" | ")} |`)
}
