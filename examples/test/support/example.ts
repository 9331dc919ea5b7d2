/** Runs an example as its README says: by the command of its script in package.json. */
import { type ChildProcess, execFile, spawn } from "node:child_process"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import manifest from "../../package.json" with { type: "json" }

const folder = join(import.meta.dirname, "../..")

export type Script = keyof typeof manifest.scripts

const options = { cwd: folder, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined } }

/** The commands of a script, each as Node's arguments; what is given goes to the last. */
const commands = (script: Script, more: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const found = manifest.scripts[script].split(" && ").map((command) => command.split(" "))
  return found.map(([program, ...parameters], index) => {
    if (program !== "node") throw new Error(`The script ${script} does not begin with node`)
    return index === found.length - 1 ? [...parameters, ...more] : parameters
  })
}

/** Returns what the script printed. Fails if its exit code is not 0. */
export const run = async (script: Script, ...more: ReadonlyArray<string>): Promise<string> => {
  let printed = ""
  for (const parameters of commands(script, more)) {
    printed += (await promisify(execFile)(process.execPath, [...parameters], options)).stdout
  }
  return printed
}

/** A script that goes on, to be read line by line. */
export const start = (script: Script, env: Record<string, string> = {}) => {
  const [parameters = []] = commands(script, [])
  const child = spawn(process.execPath, [...parameters], {
    ...options,
    env: { ...options.env, ...env },
    stdio: ["ignore", "pipe", "inherit"]
  })
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator](), ended: endOf(child) }
}

const endOf = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once("close", resolve))
