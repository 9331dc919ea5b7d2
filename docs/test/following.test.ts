/** The docs, done as a reader does it: commands in a shell, files saved, what is promised compared. */
import { execFile, spawn, type ChildProcess } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { printed } from "../scripts/printed.ts"

const docs = join(import.meta.dirname, "..")

interface Block {
  readonly language: string
  readonly text: string
  /** The paragraph above. */
  readonly before: string
}

const blocksOf = (markdown: string): ReadonlyArray<Block> =>
  Array.from(
    markdown.matchAll(/([^\n]*)\n\n```(\w+)\n([\s\S]*?)^```$/gm),
    ([, before = "", language = "", text = ""]) => ({
      before,
      language,
      text
    })
  )

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? address.port : 0
}

/** What `npm install` would do, from the workspace: the packages are not there to be downloaded before they are published. */
const install = (folder: string, names: ReadonlyArray<string>): void => {
  for (const name of names) {
    const link = join(folder, "node_modules", name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(docs, "node_modules", name), link)
  }
}

const emulatorMain = join(docs, "node_modules/@effect-cloudauth/emulator/src/main.ts")

const startEmulator = async (parameters: ReadonlyArray<string>): Promise<ChildProcess> => {
  const emulator = spawn(process.execPath, [emulatorMain, ...parameters], { stdio: ["ignore", "pipe", "inherit"] })
  for await (const chunk of emulator.stdout) if (String(chunk).includes("CheckResult emulator on")) break
  return emulator
}

const cliMain = join(docs, "node_modules/@effect-cloudauth/cli/src/main.ts")

const read = (page: string): ReadonlyArray<Block> => blocksOf(readFileSync(join(docs, page), "utf8"))

/** Does what blocks say, in a folder of its own; gives how many of each kind there were. */
const follow = async (blocks: ReadonlyArray<Block>) => {
  const port = String(await freePort())
  const folder = mkdtempSync(join(tmpdir(), "tutorial-"))
  const environment: Record<string, string> = {
    PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
    HOME: folder
  }
  const seen = { commands: 0, files: 0, outputs: 0 }
  let emulator: ChildProcess | undefined
  let output = ""

  const shell = async (line: string): Promise<string> => {
    const { stdout } = await promisify(execFile)("bash", ["-ec", line], { cwd: folder, env: environment })
    return stdout
  }
  const command = async (line: string): Promise<string> => {
    const [program = "", first = "", ...words] = line.split(" ")
    if (program === "npm" && first === "install")
      install(
        folder,
        words.filter((word) => !word.startsWith("-"))
      )
    else if (program === "npx" && first === "effect-cloudauth-emulator") emulator = await startEmulator(words)
    else if (program === "npx") return shell([process.execPath, cliMain, ...words].join(" "))
    else if (program === "export") {
      const [name = "", value = ""] = first.split("=")
      environment[name] = value
    } else if (program === "unset") delete environment[first]
    // The folder is there already, with a name of its own.
    else if (program !== "mkdir" && program !== "cd") return shell(line)
    return ""
  }

  try {
    for (const { before, language, text } of blocks) {
      const [, file] = /`([\w-]+\.ts)`/.exec(before) ?? []
      if (language === "sh") {
        output = ""
        for (const line of text.replaceAll("8787", port).trim().split("\n")) output += await command(line)
        seen.commands++
      } else if (language === "ts" && file !== undefined) {
        writeFileSync(join(folder, file), text)
        seen.files++
      } else if (language === "text") {
        assert.strictEqual(printed(output), text.trim())
        seen.outputs++
      }
    }
    return { ...seen, left: readdirSync(folder) }
  } finally {
    emulator?.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

describe("who follows the docs", { timeout: 240_000 }, () => {
  it("gets what the tutorial promises", async () => {
    const { left: _, ...seen } = await follow(read("tutorial.md"))
    assert.deepStrictEqual(seen, { commands: 10, files: 3, outputs: 6 })
  })

  it("collects by the guide's commands, on the tutorial's emulator", async () => {
    const setUp = read("tutorial.md").slice(0, 3)
    const commands = read("how-to/collecting.md").filter(({ language }) => language === "sh")
    const { left } = await follow([...setUp, ...commands])
    assert.includeMembers(left, ["ids.csv", "results.db", "report.html"])
  })
})
