/** Ours behind a limiter that lets every call of the benchmark through at once: what the limiter itself costs. */
import * as NodeCrypto from "@effect-cloudauth/node/NodeCrypto"
import * as Qps from "@effect-cloudauth/node/Qps"
import * as Layer from "effect/Layer"
import type { CreateClient } from "./BenchClient.ts"
import { effectClient } from "./effectClient.ts"
import { nodeTransport } from "./transport.ts"

const limited = Qps.layer({ limit: 100_000 }).pipe(Layer.provide(nodeTransport))

export const create: CreateClient = (target) =>
  effectClient("oursLimited", target, { transport: Layer.merge(limited, NodeCrypto.layer) })
