/** Bugs that were planted into the sources: the simulation finds each of them. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { bugs } from "../simulation/planted.ts"
import type { Found } from "../simulation/testBuild.ts"

const program = fileURLToPath(new URL("../simulation/testBuild.ts", import.meta.url))
let found: ReadonlyArray<Found> = []

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program])
  found = stdout
    .trim()
    .split("\n")
    .map((line): Found => JSON.parse(line))
}, 600_000)

describe("the simulation finds a bug", () => {
  it.each(bugs.map(({ about, name, world }) => [about, world, name] as const))("%s (%s)", (_, __, name) => {
    const one = found.find(({ bug }) => bug === name)
    assert.isAbove(one?.violations.length ?? 0, 0)
    assert.deepStrictEqual(one?.withoutBug, [])
  })
})
