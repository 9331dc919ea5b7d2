/** Submits two hundred ids and watches until each has its result. */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { ids, servers } from "./setting.ts"

const program = join(import.meta.dirname, "../../packages/cluster/src/bin/submit.ts")

const child = spawn(process.execPath, [program, "--wait", "-"], {
  stdio: ["pipe", "inherit", "inherit"],
  env: { ...process.env, ...servers }
})
child.stdin.end(ids.join("\n"))
child.once("exit", (code) => process.exit(code ?? 1))
