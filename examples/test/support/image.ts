/**
 * Builds the stages of a Dockerfile into folders of this machine, without an engine: COPY copies what `.dockerignore` lets
 * through, RUN runs on this machine's Node, in the stage's folder. So RUN and CMD must use relative paths.
 */
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readdirSync } from "node:fs"
import { dirname, join, posix } from "node:path"
import dockerignore from "@balena/dockerignore"
import { DockerfileParser, type Instruction, type ModifiableInstruction } from "dockerfile-ast"

export interface Stage {
  /** What the stage has as its root directory. */
  readonly folder: string
  /** The image outside the file that it is built on. */
  readonly base: string
  readonly workdir: string
  readonly user: string
  readonly env: Readonly<Record<string, string>>
  readonly entrypoint: ReadonlyArray<string>
  readonly command: ReadonlyArray<string>
  readonly healthcheck: ReadonlyArray<string>
}

export interface Context {
  readonly folder: string
  /** The text of its `.dockerignore`. */
  readonly ignored: string
}

export const ignores = ({ ignored }: Context, path: string): boolean =>
  dockerignore.default().add(ignored).ignores(path)

/** The context's files. Folders of a million files, which a test holds to be ignored, are not walked. */
const filesOf = (folder: string, under = ""): ReadonlyArray<string> =>
  readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(under, entry.name)
    if (entry.name === "node_modules" || entry.name === ".git") return []
    return entry.isDirectory() ? filesOf(folder, path) : [path]
  })

const inside = ({ folder, workdir }: Stage, path: string): string => join(folder, posix.resolve(workdir, path))

/** Where a step's command runs: this machine's Node, and nothing of this process's environment. */
export const environment = (stage: Stage, more: NodeJS.ProcessEnv = {}) => ({
  cwd: inside(stage, "."),
  env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: process.env["HOME"], ...stage.env, ...more }
})

const { HTTPS_PROXY, NODE_EXTRA_CA_CERTS, NO_PROXY, https_proxy, no_proxy } = process.env

/** By what a command of the build finds the registry behind a company's proxy. An engine has settings of its own for that. */
const reach = { HTTPS_PROXY, NODE_EXTRA_CA_CERTS, NO_PROXY, https_proxy, no_proxy }

const strings = (json: string): ReadonlyArray<string> => {
  const value: unknown = JSON.parse(json)
  if (!Array.isArray(value)) throw new Error(`Not in exec form: ${json}`)
  return value.map(String)
}

const pairs = (words: ReadonlyArray<string>) =>
  Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]))

const copy = (stage: Stage, [source = "", target = ""]: ReadonlyArray<string>, from: Context | Stage): void => {
  mkdirSync(inside(stage, "."), { recursive: true })
  if ("workdir" in from) return cpSync(inside(from, source), inside(stage, posix.join(target, posix.basename(source))))
  if (source !== "." || target !== ".") throw new Error("Only the whole context is copied here")
  for (const path of filesOf(from.folder).filter((path) => !ignores(from, path))) {
    cpSync(join(from.folder, path), inside(stage, path))
  }
}

/** The stage after one more instruction. */
const step = (stage: Stage, context: Context, stages: ReadonlyMap<string, Stage>, instruction: Instruction): Stage => {
  const words = instruction.getArguments().map(String)
  const text = instruction.getArgumentsContent() ?? ""
  switch (instruction.getKeyword()) {
    case "WORKDIR":
      return { ...stage, workdir: posix.resolve(stage.workdir, text) }
    case "ENV":
      return { ...stage, env: { ...stage.env, ...pairs(words) } }
    case "USER":
      return { ...stage, user: text }
    case "EXPOSE":
      return stage
    case "COPY": {
      // COPY can have flags.
      const [flag] = (instruction as ModifiableInstruction).getFlags()
      copy(stage, words, stages.get(flag?.getValue() ?? "") ?? context)
      return stage
    }
    case "RUN":
      // A command that hangs fails: no test's own time limit can end it.
      execFileSync("sh", ["-c", text], {
        ...environment(stage, reach),
        stdio: ["ignore", "ignore", "inherit"],
        timeout: 600_000,
        killSignal: "SIGKILL"
      })
      return stage
    case "HEALTHCHECK":
      return { ...stage, healthcheck: strings(text.replace(/^CMD /, "")) }
    case "ENTRYPOINT":
      return { ...stage, entrypoint: strings(text) }
    case "CMD":
      return { ...stage, command: strings(text) }
    default:
      throw new Error(`${instruction.getKeyword()} is not known here`)
  }
}

/** All stages by their names, each in a folder of its own below `into`. */
export const build = (dockerfile: string, context: Context, into: string): ReadonlyMap<string, Stage> => {
  const stages = new Map<string, Stage>()
  let name = ""
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    const stage = stages.get(name)
    if (instruction.getKeyword() === "FROM") {
      const [image = "", , as = ""] = instruction.getArguments().map(String)
      name = as
      stages.set(as, begin(image, stages.get(image), join(into, as)))
    } else if (stage !== undefined) stages.set(name, step(stage, context, stages, instruction))
  }
  return stages
}

const begin = (image: string, parent: Stage | undefined, folder: string): Stage => {
  const plain = { base: image, workdir: "/", user: "root", env: {}, entrypoint: [], command: [], healthcheck: [] }
  mkdirSync(folder)
  if (parent !== undefined) cpSync(parent.folder, folder, { recursive: true })
  return { ...plain, ...parent, folder }
}
