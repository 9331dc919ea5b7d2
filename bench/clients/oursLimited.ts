/** Ours with a quota that lets every call of the benchmark through at once: what keeping a quota costs. */
import type { CreateClient } from "./BenchClient.ts"
import { effectClient } from "./effectClient.ts"

export const create: CreateClient = (target) => effectClient("oursLimited", target, { quota: 100_000 })
