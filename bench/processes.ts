/** The benchmark's child processes, as things that can be asked and that end with their scope (`await using`). */
import { fork } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import type { Target } from "./clients/BenchClient.ts"
import type { Commands, Reply } from "./protocol.ts"
import type { ServerReady } from "./server.ts"
import type { ClientName } from "./stage.ts"

interface Child {
  readonly process: ChildProcess
  /** The child's next message; fails when the child ends first. */
  readonly next: () => Promise<unknown>
}

/** A proxy of the user's is not for loopback, and not every client would go through it. */
const withoutProxies = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/proxy$/i.test(name)))

/** Starts a script that speaks by IPC. */
export const start = (
  file: string,
  options: {
    readonly args?: ReadonlyArray<string>
    readonly execArgv?: ReadonlyArray<string>
    readonly env?: NodeJS.ProcessEnv
  } = {}
): Child => {
  const child = fork(file, [...(options.args ?? [])], {
    execArgv: [...(options.execArgv ?? [])],
    env: { ...withoutProxies, ...options.env },
    stdio: ["ignore", "inherit", "inherit", "ipc"]
  })
  return {
    process: child,
    next: () =>
      new Promise((resolve, reject) => {
        const settled = (): void => {
          child.off("message", onMessage)
          child.off("exit", onExit)
        }
        const onMessage = (message: unknown): void => {
          settled()
          resolve(message)
        }
        const onExit = (code: number | null): void => {
          settled()
          reject(new Error(`${file} ended with ${code} before it answered`))
        }
        child.on("message", onMessage)
        child.on("exit", onExit)
      })
  }
}

const stop = async ({ process: child }: Child): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, "exit")
  if (child.connected) child.disconnect()
  await exited
}

export interface Server extends ServerReady, AsyncDisposable {}

export const startServer = async (file: string): Promise<Server> => {
  const child = start(file)
  // server.ts sends this one message.
  const ready = (await child.next()) as ServerReady
  return { ...ready, [Symbol.asyncDispose]: () => stop(child) }
}

export interface Worker extends AsyncDisposable {
  readonly client: ClientName
  readonly ask: <Kind extends keyof Commands>(
    kind: Kind,
    input: Commands[Kind]["input"]
  ) => Promise<Commands[Kind]["output"]>
}

export interface WorkerOptions {
  readonly workerFile: string
  readonly client: ClientName
  readonly clientFile: string
  readonly target: Target
  readonly execArgv?: ReadonlyArray<string>
  readonly env?: NodeJS.ProcessEnv
}

export const startWorker = async (options: WorkerOptions): Promise<Worker> => {
  const child = start(options.workerFile, {
    args: [options.clientFile, JSON.stringify(options.target)],
    ...(options.execArgv === undefined ? {} : { execArgv: options.execArgv }),
    ...(options.env === undefined ? {} : { env: options.env })
  })
  const reply = async (): Promise<unknown> => {
    // worker.ts sends nothing else.
    const message = (await child.next()) as Reply
    if ("error" in message) throw new Error(`${options.client}: ${message.error}`)
    return message.ok
  }
  await reply()
  return {
    client: options.client,
    ask: async (kind, input) => {
      const answered = reply()
      child.process.send({ kind, input })
      // The worker answers a kind with that kind's output.
      return (await answered) as never
    },
    [Symbol.asyncDispose]: () => stop(child)
  }
}

/** Runs a script to its end and gives the one message it sent. */
export const askOnce = async (
  file: string,
  args: ReadonlyArray<string>,
  execArgv: ReadonlyArray<string> = []
): Promise<unknown> => {
  const child = start(file, { args, execArgv })
  try {
    return await child.next()
  } finally {
    await stop(child)
  }
}
