/** Submits two hundred ids and watches until each has its result. */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { servers } from "./servers.ts"

const submit = join(import.meta.dirname, "../../packages/cluster/src/bin/submit.ts")

const child = spawn(process.execPath, [submit, "--wait", "-"], {
  stdio: ["pipe", "inherit", "inherit"],
  env: { ...process.env, ...servers }
})
child.stdin.end(Array.from({ length: 200 }, (_, index) => `example${index}\n`).join(""))
child.once("exit", (code) => process.exit(code ?? 1))
