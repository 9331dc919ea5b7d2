/** The versions of Effect that the packages meet: the lowest that they accept, and what the registry calls `latest`, `next` or `beta`. */
import { execFileSync } from "node:child_process"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")

const ranges = new Set(
  globSync("packages/*/package.json", { cwd: root }).flatMap((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), "utf8")) as { peerDependencies?: { effect?: string } } // a manifest
    return manifest.peerDependencies?.effect ?? []
  })
)

const [range = "", ...others] = ranges
const lowest = /^\^(\d+\.\d+\.\d+)$/.exec(range)?.[1]
if (lowest === undefined || others.length > 0) {
  throw new Error(`The packages need one range of Effect, such as ^4.1.0, and have ${[...ranges].join(", ")}`)
}

export const lowestEffect: string = lowest

const tags = JSON.parse(
  execFileSync("npm", ["view", "effect", "dist-tags", "--json"], { encoding: "utf8" })
) as Readonly<Record<string, string>> // npm's own format

/** Each once, with the folder of its project. A tag of another major version is not for these packages. */
export const laterEffects: ReadonlyArray<{ readonly version: string; readonly project: string }> = [
  ...new Set(["latest", "next", "beta"].map((tag) => tags[tag]))
].flatMap((version) =>
  version === undefined || version === lowest || version.split(".")[0] !== lowest.split(".")[0]
    ? []
    : [{ version, project: `effect-${version}` }]
)
