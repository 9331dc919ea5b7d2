/** Tools that are OpenTelemetry's own SDK with settings: npm must accept the packages beside them. */
import { execFile } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import type { Project } from "./project.ts"

export const tools = [
  { name: "@elastic/opentelemetry-node", version: "1.18.0" },
  { name: "@aws/aws-distro-opentelemetry-node-autoinstrumentation", version: "0.13.0" },
  { name: "@vercel/otel", version: "2.1.3" }
]

/** Older than the packages take: npm must refuse it, or its consent to the others would mean nothing. */
export const refused = { name: "@opentelemetry/api", version: "1.8.0" }

const flags = ["--dry-run", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]

/** What npm says against a tool beside the packages; `undefined` if it would install them. */
export const objection = async (
  { folder, tarballs }: Project,
  { name, version }: (typeof tools)[number]
): Promise<string | undefined> => {
  const cwd = join(folder, `install-${name.replaceAll("/", "-")}`)
  mkdirSync(cwd)
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ private: true }))
  const packages = [...tarballs.map(({ path }) => path), "effect@4.1.0", `${name}@${version}`]
  try {
    await promisify(execFile)("npm", ["install", ...flags, ...packages], { cwd })
    return undefined
  } catch (error) {
    return String((error as { readonly stderr?: string }).stderr ?? error) // execFile attaches it
  }
}
