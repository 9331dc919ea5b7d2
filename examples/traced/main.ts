/**
 * One check below the span of the request that asked for it. Where a collector is configured
 * (`OTEL_EXPORTER_OTLP_ENDPOINT`), the trace goes there; else its tree is printed.
 */
import { Credentials } from "@effect-cloudauth/core/Credentials"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import * as OtelNodeSdk from "@effect-cloudauth/otel/OtelNodeSdk"
import { NodeSDK } from "@opentelemetry/sdk-node"
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as backend from "./backend.ts"
import * as tree from "./tree.ts"

process.env["OTEL_SERVICE_NAME"] ??= "checks"

const collector = process.env["OTEL_EXPORTER_OTLP_ENDPOINT"]

const telemetry =
  collector === undefined
    ? OtelNodeSdk.layer({
        sdk: () =>
          new NodeSDK({
            // Resources are detected in the background, and this processor waits for them: the tree comes at the flush.
            spanProcessors: [new SimpleSpanProcessor(tree.exporter(console.log))],
            metricReaders: [],
            logRecordProcessors: []
          })
      })
    : OtelNodeSdk.layer()

/** The service on a loopback port stands in for the vendor: it throttles twice, then the check passes. */
const vendor = Layer.unwrap(
  Effect.map(Emulator, ({ accessKeyId, accessKeySecret, url }) =>
    NodeCloudauth.layer({ url, credentials: Credentials.layerStatic({ accessKeyId, accessKeySecret }) })
  )
).pipe(Layer.provide(Emulator.layer()))

const program = Effect.gen(function* () {
  const { address } = yield* HttpServer.HttpServer
  if (address._tag === "UnixPathAddress") return yield* Effect.die("no port")
  const { port } = address
  const answer = yield* Effect.promise(() => fetch(`http://127.0.0.1:${port}/orders/4711/check`, { method: "POST" }))
  const body = yield* Effect.promise(() => answer.text())
  yield* Effect.sync(() => console.log(`POST /orders/4711/check → ${answer.status} ${body}\n`))
  if (collector !== undefined) yield* Effect.sync(() => console.log(`The trace goes to ${collector}.`))
})

// The telemetry is outside of all else: it is flushed last.
await Effect.runPromise(
  program.pipe(Effect.provide(backend.layer(0).pipe(Layer.provide(vendor))), Effect.provide(telemetry))
)
