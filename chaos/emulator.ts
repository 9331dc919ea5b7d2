/** The emulator's process, as a thing that can be asked and that ends with its scope (`await using`). */
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Commands, Kind, Ready } from "./protocol.ts"

export interface Emulator extends Ready, AsyncDisposable {
  readonly ask: <K extends Kind>(kind: K, input: Commands[K]["input"]) => Promise<Commands[K]["output"]>
}

/** A proxy of the user's is not for loopback. */
const withoutProxies = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/proxy$/i.test(name)))

/** With `load`, nothing is remembered of single requests. */
export const start = async (seed: string, purpose: "campaign" | "load" = "campaign"): Promise<Emulator> => {
  const child = fork(fileURLToPath(new URL("emulatorProcess.ts", import.meta.url)), [seed, purpose], {
    execArgv: [],
    env: withoutProxies,
    stdio: ["ignore", "inherit", "inherit", "ipc"]
  })
  const waiting = new Map<
    number,
    { readonly resolve: (output: never) => void; readonly reject: (error: Error) => void }
  >()
  let ended: Error | undefined
  let asked = 0
  const [ready] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => {
      throw new Error(`the emulator's process ended with ${code}`)
    })
  ])
  child.on("message", (message) => {
    // The process answers each question with its number, and sends nothing else.
    const { id, output } = message as { readonly id: number; readonly output: never }
    waiting.get(id)?.resolve(output)
    waiting.delete(id)
  })
  child.once("exit", (code) => {
    ended = new Error(`the emulator's process ended with ${code}`)
    for (const { reject } of waiting.values()) reject(ended)
  })
  return {
    ...(ready as Ready), // its first message
    ask: (kind, input) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended)
        const id = ++asked
        waiting.set(id, { resolve, reject })
        child.send({ id, kind, input })
      }),
    [Symbol.asyncDispose]: async () => {
      if (ended !== undefined) return
      const exited = once(child, "exit")
      child.disconnect()
      await exited
    }
  }
}

/** The connections that the emulator still has once those that are ending have ended: two seconds are enough. */
export const connectionsLeft = async (emulator: Emulator): Promise<number> => {
  const end = performance.now() + 2000
  for (;;) {
    const { connections } = await emulator.ask("state", null)
    if (connections === 0 || performance.now() > end) return connections
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
