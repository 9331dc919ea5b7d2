/** Where the CPU time of a profile goes: by package, and the functions with the most time of their own. */
import { readFileSync } from "node:fs"
import type { Profiler } from "node:inspector"

interface Row {
  readonly name: string
  readonly millis: number
}

export interface Summary {
  readonly totalMillis: number
  readonly groups: ReadonlyArray<Row>
  readonly functions: ReadonlyArray<Row>
}

const groupOf = ({ functionName, url }: Profiler.ProfileNode["callFrame"]): string => {
  if (functionName === "(garbage collector)") return "garbage collection"
  if (functionName === "(program)") return "native, no JavaScript on the stack"
  if (url === "") return "native functions"
  const ours = /\/(@effect-cloudauth\/[^/]+)\//.exec(url)?.[1]
  if (ours !== undefined) return ours
  const source = /\/packages\/([^/]+)\/src\//.exec(url)?.[1]
  if (source !== undefined) return `@effect-cloudauth/${source}`
  const node = /^node:(?:internal\/)?([^/]+)/.exec(url)?.[1]
  if (node !== undefined) return `node:${node}`
  if (/\/\.cache\/bench\/(clients|bundled)\//.test(url)) return "the client's module"
  if (/\/\.cache\/bench\//.test(url)) return "benchmark harness"
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? "other"
}

const nameOf = ({ functionName, lineNumber, url }: Profiler.ProfileNode["callFrame"]): string => {
  const file = url.split("/").slice(-2).join("/")
  return file === "" ? functionName : `${functionName || "(anonymous)"} ${file}:${lineNumber + 1}`
}

export const summarize = (file: string): Summary => {
  const profile: Profiler.Profile = JSON.parse(readFileSync(file, "utf8"))
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]))
  const groups = new Map<string, number>()
  const functions = new Map<string, number>()
  let total = 0
  profile.samples?.forEach((id, index) => {
    const frame = nodes.get(id)
    if (frame === undefined || frame.functionName === "(idle)" || frame.functionName === "(root)") return
    const millis = (profile.timeDeltas?.[index] ?? 0) / 1000
    const group = groupOf(frame)
    const name = `${nameOf(frame)} [${group}]`
    total += millis
    groups.set(group, (groups.get(group) ?? 0) + millis)
    functions.set(name, (functions.get(name) ?? 0) + millis)
  })
  const ranked = (rows: Map<string, number>): ReadonlyArray<Row> =>
    [...rows].map(([name, millis]) => ({ name, millis })).sort((a, b) => b.millis - a.millis)
  return { totalMillis: total, groups: ranked(groups), functions: ranked(functions) }
}

export const print = ({ functions, groups, totalMillis }: Summary, calls: number): string => {
  const line = ({ millis, name }: Row): string =>
    `${((millis / totalMillis) * 100).toFixed(1).padStart(6)} %  ${((millis * 1000) / calls).toFixed(1).padStart(8)} µs/call  ${name}`
  return [
    `${calls} calls, ${((totalMillis * 1000) / calls).toFixed(0)} µs each on the main thread (profiling itself adds to it)`,
    "",
    "by package",
    ...groups.map(line),
    "",
    "functions, time of their own",
    ...functions.slice(0, 40).map(line)
  ].join("\n")
}
