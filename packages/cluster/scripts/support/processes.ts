/** The processes of a campaign: started, killed, started again, and ended with their scope. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Scenario } from "@effect-cloudauth/emulator/Scenario"
import type { Arrival, Ask, Said } from "./emulatorProcess.ts"

const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

const alive = new Set<ChildProcess>()

/** A Node process that does not outlive this one. */
const start = (...[script, args, options]: Parameters<typeof fork>): ChildProcess => {
  const child = fork(script, args, options)
  alive.add(child)
  child.once("exit", () => alive.delete(child))
  return child
}

process.once("exit", () => {
  for (const child of alive) child.kill("SIGKILL")
})
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1))

/** Ends a process at once and waits for its end. */
const kill = (child: ChildProcess): Effect.Effect<void> =>
  Effect.promise(async () => {
    if (ended(child)) return
    const end = once(child, "exit")
    child.kill("SIGKILL")
    await end
  })

export interface EmulatorProcess {
  readonly url: string
  readonly register: (ids: ReadonlyArray<string>, scenario: Scenario) => Effect.Effect<void>
  readonly arrivals: (after?: number) => Effect.Effect<ReadonlyArray<Arrival>>
}

/** The emulated service; each answer takes at least `delay` milliseconds. */
export const emulator = (delay = 0): Effect.Effect<EmulatorProcess, never, Scope.Scope> =>
  Effect.gen(function* () {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => start(join(import.meta.dirname, "emulatorProcess.ts"), [String(delay)], { stdio: "inherit" })),
      kill
    )
    const said = () => Effect.promise(async (): Promise<Said> => (await once(child, "message"))[0])
    const ask = (question: Ask) =>
      Effect.suspend(() => {
        const answer = once(child, "message")
        child.send(question)
        return Effect.promise(async (): Promise<Said> => (await answer)[0])
      })
    const hello = yield* said()
    return {
      url: "url" in hello ? hello.url : "",
      register: (ids, scenario) => Effect.asVoid(ask({ _tag: "Register", ids, scenario })),
      arrivals: (after = 0) =>
        Effect.map(ask({ _tag: "Calls", after }), (answer) => ("arrivals" in answer ? answer.arrivals : []))
    }
  })

export interface Supervised {
  /** Kills it as a power cut would, and starts it again after a while, as an orchestrator does. */
  readonly kill: Effect.Effect<void>
  readonly stop: Effect.Effect<void>
}

/** A Node process that is kept running. */
export const supervised = (
  script: string,
  env: Readonly<Record<string, string>>,
  options: {
    readonly args?: ReadonlyArray<string>
    readonly restartAfter?: number
    readonly onOutput?: (text: string) => void
  } = {}
): Effect.Effect<Supervised, never, Scope.Scope> =>
  Effect.gen(function* () {
    let child: ChildProcess
    let wanted = true
    let timer: NodeJS.Timeout | undefined
    const begin = () => {
      child = start(script, [...(options.args ?? [])], {
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe", "ipc"]
      })
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding("utf8").on("data", (text: string) => options.onOutput?.(text))
      }
      child.once("exit", () => {
        if (wanted) timer = setTimeout(begin, options.restartAfter ?? 1000)
      })
    }
    yield* Effect.sync(begin)
    const stop = Effect.suspend(() => {
      wanted = false
      clearTimeout(timer)
      return kill(child)
    })
    yield* Effect.addFinalizer(() => stop)
    return { kill: Effect.suspend(() => kill(child)), stop }
  })
