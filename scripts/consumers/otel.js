// The same call, once with the SDK in memory and once with a started NodeSDK; prints both trees, and its metrics.
import { Canned, Cloudauth } from "@effect-cloudauth/core"
import { OtelNodeSdk, TestTelemetry } from "@effect-cloudauth/otel"
import { tree } from "@effect-cloudauth/otel/TestTelemetry"
import { NodeSDK } from "@opentelemetry/sdk-node"
import { Effect } from "effect"

const call = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" }).pipe(
  Effect.withSpan("checkout"),
  Effect.provide(Cloudauth.layerTest(() => Canned.passed()))
)

const inMemory = Effect.gen(function* () {
  yield* call
  const metrics = yield* TestTelemetry.metrics
  return [yield* TestTelemetry.tree(), metrics.some(({ descriptor }) => descriptor.name === "cloudauth.verdicts")]
}).pipe(Effect.provide(TestTelemetry.layer))

const ended = []
const nothing = () => Promise.resolve()
const processor = { onStart: () => {}, onEnd: (span) => ended.push(span), forceFlush: nothing, shutdown: nothing }
const sdk = () => new NodeSDK({ spanProcessors: [processor], metricReaders: [], logRecordProcessors: [] })

const [test, hasMetrics] = await Effect.runPromise(inMemory)
await Effect.runPromise(Effect.provide(call, OtelNodeSdk.layer({ sdk })))
console.log([test, tree(ended)].map((text) => text.split(/\s+/).join(" > ")).join(", "), hasMetrics)
