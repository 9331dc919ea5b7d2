/** Ours with OpenTelemetry on and no span sampled. */
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace-base"
import type { CreateClient } from "./BenchClient.ts"
import { effectClient } from "./effectClient.ts"
import { tracing } from "./tracing.ts"

export const create: CreateClient = (target) =>
  effectClient("oursSampledOut", target, { tracer: tracing(new AlwaysOffSampler()) })
