/** `pnpm chaos simulate`: all worlds by one seed, by new seeds for so many minutes, or a merchant's day of any size. */
import { parseArgs } from "node:util"
import { number } from "../numberOption.ts"
import * as Simulation from "./simulation.ts"
import { worlds } from "./worlds/index.ts"
import { merchantDay } from "./worlds/merchant.ts"

/** Runs what the arguments ask for; 1 if anything was not as it must be. */
export const main = async (args: ReadonlyArray<string>): Promise<0 | 1> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: String(Date.now()) },
      minutes: { type: "string" },
      world: { type: "string" },
      users: { type: "string" },
      hours: { type: "string" }
    }
  })
  const asked = worldsOf(values)
  if (asked.length === 0) throw new Error(`--world is one of ${worlds.map(({ name }) => name).join(", ")}`)
  const end = performance.now() + (values.minutes === undefined ? 0 : number("minutes", values.minutes) * 60_000)
  let failures = 0
  for (let round = 0; round === 0 || performance.now() < end; round++) {
    const seed = round === 0 ? values.seed : `${values.seed}.${round}`
    for (const world of asked) failures += (await show(world, seed)) ? 0 : 1
  }
  console.log(failures === 0 ? "\nNothing was wrong." : `\n${failures} runs went wrong.`)
  return failures === 0 ? 0 : 1
}

interface Asked {
  readonly world?: string | undefined
  readonly users?: string | undefined
  readonly hours?: string | undefined
}

const worldsOf = ({ hours, users, world }: Asked): ReadonlyArray<Simulation.World> => {
  if (users === undefined && hours === undefined) {
    return worlds.filter(({ name }) => world === undefined || name === world)
  }
  const day = { users: number("users", users ?? "1000"), hours: number("hours", hours ?? "24") }
  return [merchantDay({ ...day, progress: (line) => console.error(line) })]
}

/** Runs a world, and prints what it found. `true` if all was as it must be. */
const show = async (world: Simulation.World, seed: string): Promise<boolean> => {
  const started = performance.now()
  const { figures, log, simulated, violations } = await Simulation.run(world, seed)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`\n${world.name}: ${world.about}`)
  console.log(
    `  ${Object.entries(figures)
      .map(([name, figure]) => `${name} ${figure}`)
      .join(", ")}`
  )
  console.log(
    `  seed ${seed}, ${(simulated / 1000).toFixed(0)} s in ${seconds} s, ${log.count()} events, digest ${log.digest().slice(0, 16)}`
  )
  if (violations.length === 0) return true
  for (const violation of violations.slice(0, 10)) console.log(`  WRONG: ${violation}`)
  console.log(
    `  the latest events:\n${log
      .latest()
      .slice(-20)
      .map((line) => `    ${line}`)
      .join("\n")}`
  )
  console.log(`  again: pnpm chaos simulate --world ${world.name} --seed ${seed}`)
  return false
}
