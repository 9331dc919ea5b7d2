/**
 * Plants each bug, runs the world that must find it, and prints one line of JSON for each.
 *
 * A build with a bug is a copy of the module graph: its addresses end with `?bug=NAME`, and the loader changes the texts
 * that the bug names. Nothing on the disk changes.
 */
import { registerHooks, stripTypeScriptTypes } from "node:module"
import { type Bug, bugs } from "./planted.ts"
import type * as SimulationModule from "./simulation.ts"
import type * as WorldsModule from "./worlds/index.ts"

/** What is printed of a bug. */
export interface Found {
  readonly bug: string
  readonly world: string
  /** What the world found. */
  readonly violations: ReadonlyArray<string>
  /** What it found without the bug. */
  readonly withoutBug: ReadonlyArray<string>
}

const packages = new URL("../../packages/", import.meta.url).href

const bugOf = (address: string | undefined): Bug | undefined => {
  const name = address === undefined ? null : new URL(address).searchParams.get("bug")
  return bugs.find((bug) => bug.name === name)
}

/** How often each change of a bug was made. */
const made = new Map<string, number>()

const changed = (bug: Bug, file: string, source: string): string => {
  let text = source
  for (const [index, change] of bug.changes.entries()) {
    if (packages + change.file !== file) continue
    const parts = text.split(change.replace)
    if (parts.length !== 2)
      throw new Error(`${bug.name}: ${change.file} has ${parts.length - 1} times "${change.replace}"`)
    text = parts.join(change.by)
    made.set(`${bug.name} ${index}`, 1)
  }
  return text
}

/** Sources without their types: most files are the same in each build. */
const javaScript = new Map<string, { readonly source: string; readonly stripped: string }>()

const stripped = (file: string, source: string): string => {
  const known = javaScript.get(file)
  if (known?.source === source) return known.stripped
  const text = stripTypeScriptTypes(source)
  javaScript.set(file, { source, stripped: text })
  return text
}

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    const bug = context.parentURL?.startsWith("file:") === true ? bugOf(context.parentURL) : undefined
    const isOurs = found.url.startsWith("file:") && !found.url.includes("/node_modules/")
    return bug === undefined || !isOurs || found.url.includes("?")
      ? found
      : { ...found, url: `${found.url}?bug=${bug.name}` }
  },
  load: (url, context, next) => {
    const loaded = next(url, context)
    const bug = url.startsWith("file:") ? bugOf(url) : undefined
    if (bug === undefined || loaded.source === undefined || loaded.source === null) return loaded
    const [file = ""] = url.split("?")
    return { ...loaded, format: "module", source: stripped(file, changed(bug, file, loaded.source.toString())) }
  }
})

/** The simulation, with a bug if one is given. */
const build = async (bug?: Bug) => {
  const query = bug === undefined ? "" : `?bug=${bug.name}`
  const { run } = (await import(`./simulation.ts${query}`)) as typeof SimulationModule // the query changes no type
  const { worlds } = (await import(`./worlds/index.ts${query}`)) as typeof WorldsModule // likewise
  return async (name: string, scale: number): Promise<ReadonlyArray<string>> => {
    const world = worlds.find((world) => world.name === name)
    if (world === undefined) throw new Error(`There is no world ${name}`)
    return (await run(world, "test", { scale })).violations
  }
}

const runWithout = await build()
const without = new Map<string, ReadonlyArray<string>>()

for (const bug of bugs) {
  const { changes, name, scale = 1, world } = bug
  const key = `${world} ${scale}`
  const withoutBug = without.get(key) ?? (await runWithout(world, scale))
  without.set(key, withoutBug)
  const runWith = await build(bug)
  const violations = await runWith(world, scale)
  for (const index of changes.keys()) {
    if (!made.has(`${name} ${index}`)) throw new Error(`${name}: ${changes[index]?.file} was not loaded`)
  }
  const found: Found = { bug: name, world, violations: violations.slice(0, 3), withoutBug }
  console.log(JSON.stringify(found))
}
