/** The worlds of the simulation, each by one seed; `pnpm chaos simulate` has more. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { bugs } from "../simulation/planted.ts"
import * as Simulation from "../simulation/simulation.ts"
import { worlds } from "../simulation/worlds/index.ts"

/** The worlds with thousands of calls are smaller here. */
const scales: Readonly<Record<string, number>> = { pool: 1 / 8 }

describe("in virtual time", () => {
  it.each(worlds.map((world) => [world.about, world] as const))("%s", async (_, world) => {
    const { violations } = await Simulation.run(world, "test", { scale: scales[world.name] ?? 1 })
    assert.deepStrictEqual(violations, [])
  })
})

describe("a seed", () => {
  it.each(worlds.map((world) => [world.name, world] as const))(
    "repeats every event, in its order: %s",
    async (_, world) => {
      const again = () => Simulation.run(world, "again", { scale: 1 / 8 })
      const first = await again()
      const second = await again()
      assert.isAbove(first.log.count(), 1)
      assert.deepStrictEqual(first.log.latest(), second.log.latest())
      assert.strictEqual(first.log.digest(), second.log.digest())
    }
  )

  it("decides the order: another one has other events", async () => {
    const [world] = worlds
    assert(world !== undefined)
    const digestOf = async (seed: string) => (await Simulation.run(world, seed, { scale: 1 / 50 })).log.digest()
    assert.notStrictEqual(await digestOf("one"), await digestOf("other"))
  })
})

describe("a planted bug", () => {
  it.each(bugs.map((bug) => [bug.name, bug] as const))("changes what is in the sources: %s", (_, { changes }) => {
    for (const { file, replace } of changes) {
      const source = readFileSync(new URL(`../../packages/${file}`, import.meta.url), "utf8")
      assert.lengthOf(source.split(replace), 2, `${file}: ${replace}`)
    }
  })
})
