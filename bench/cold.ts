/**
 * One cold start, in a process that does nothing else: import the client, construct it, one call. Arguments: the
 * client's module, the target as JSON, a JSON list of modules to load before the clock starts.
 */
import type { CreateClient } from "./clients/BenchClient.ts"
import { workloads } from "./workloads.ts"

export interface ColdStart {
  readonly importMs: number
  readonly importAndConstructMs: number
  readonly firstCallMs: number
}

const [modulePath = "", target = "", loadedBefore = "[]"] = process.argv.slice(2)
const before: ReadonlyArray<string> = JSON.parse(loadedBefore)
for (const module of before) await import(module)
// What was loaded before leaves garbage whose collection would fall into whatever is loaded next.
if (before.length > 0) globalThis.gc?.()

const start = performance.now()
const { create }: { readonly create: CreateClient } = await import(modulePath)
const imported = performance.now()
const client = await create(JSON.parse(target))
const constructed = performance.now()
await client.call(workloads.small1)
const called = performance.now()

const result: ColdStart = {
  importMs: imported - start,
  importAndConstructMs: constructed - start,
  firstCallMs: called - constructed
}
process.on("disconnect", () => process.exit(0))
process.send?.(result)
