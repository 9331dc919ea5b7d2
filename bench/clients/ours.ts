/** Ours, no tracer. */
import type { CreateClient } from "./BenchClient.ts"
import { effectClient } from "./effectClient.ts"

export const create: CreateClient = (target) => effectClient("ours", target)
