/** The command in this process and as one of its own, against an emulator on a port. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Cli from "../src/Cli.ts"

export const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

/** A directory that is gone when the scope closes. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "cloudauth-cli-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** The environment in which a command reaches an emulator. */
export const environment = (emulator: Emulator["Service"]): Record<string, string> => ({
  CLOUDAUTH_ENDPOINT: emulator.url,
  ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: Redacted.value(emulator.accessKeySecret)
})

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Retries as often as the standard policy, and at once. */
const atOnce: RetryPolicy.RetryPolicy = {
  ...RetryPolicy.standard,
  transient: Schedule.recurs(3),
  throttle: Schedule.recurs(8)
}

/** Runs the command in this process. Its retries come at once, but those of `collect`, which has its own. */
export const run = (args: ReadonlyArray<string>, env: Record<string, string> = {}): Effect.Effect<Ran> =>
  Effect.gen(function* () {
    const out: Array<string> = []
    const err: Array<string> = []
    const print =
      (to: Array<string>) =>
      (...args: ReadonlyArray<unknown>) =>
        void to.push(args.map(String).join(" "))
    const capturing: Console.Console = Object.assign(Object.create(globalThis.console), {
      log: print(out),
      error: print(err)
    })
    const exit = yield* Cli.runWith(args).pipe(
      Effect.provide(NodeServices.layer),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })),
      Effect.provideService(Console.Console, capturing),
      Effect.provideService(RetryPolicy.RetryPolicy, atOnce),
      Effect.exit
    )
    let code = -1
    Cli.teardown(exit, (ended) => {
      code = ended
    })
    return { code, stdout: out.join("\n"), stderr: err.join("\n") }
  })

/** The environment that `start` gives a process. */
const bare = { HOME: "/nonexistent" }

/**
 * Runs the command in this process as in one of its own: in a directory, and with nothing of the environment but `env`,
 * because the vendor's library reads `process.env`.
 */
export const runAlone = (
  args: ReadonlyArray<string>,
  env: Record<string, string>,
  cwd: string = process.cwd()
): Effect.Effect<Ran> => {
  const own = { ...bare, ...env }
  return Effect.acquireUseRelease(
    Effect.sync(() => {
      const before = { env: { ...process.env }, cwd: process.cwd() }
      replaceEnvironment(own)
      process.chdir(cwd)
      return before
    }),
    () => run(args, own),
    (before) =>
      Effect.sync(() => {
        process.chdir(before.cwd)
        replaceEnvironment(before.env)
      })
  )
}

const replaceEnvironment = (env: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
}

/** `run` against the emulator in context. */
export const runOn = (args: ReadonlyArray<string>, env: Record<string, string> = {}) =>
  Effect.flatMap(Emulator, (emulator) => run(args, { ...environment(emulator), ...env }))

export interface Child {
  readonly process: ChildProcess
  readonly ended: Promise<Ran & { readonly signal: NodeJS.Signals | null }>
}

/** Starts the command as a process of its own. */
export const start = (
  args: ReadonlyArray<string>,
  env: Record<string, string>,
  input?: string,
  cwd?: string
): Child => {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"], ...bare, ...env }
  })
  let stdout = ""
  let stderr = ""
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin.on("error", () => {})
  child.stdin.end(input ?? "")
  return {
    process: child,
    ended: new Promise((resolve) =>
      child.on("close", (code, signal) => resolve({ code: code ?? -1, signal, stdout, stderr }))
    )
  }
}
