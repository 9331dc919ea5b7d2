/** Ours with OpenTelemetry on: every span recorded. */
import { AlwaysOnSampler } from "@opentelemetry/sdk-trace-base"
import type { CreateClient } from "./BenchClient.ts"
import { effectClient } from "./effectClient.ts"
import { tracing } from "./tracing.ts"

export const create: CreateClient = (target) =>
  effectClient("oursTraced", target, { tracer: tracing(new AlwaysOnSampler()) })
