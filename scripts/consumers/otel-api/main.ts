// Every entry point with OpenTelemetry's API alone: their declarations need no SDK, and what needs one says so.
import * as Attributes from "@effect-cloudauth/otel/Attributes"
import * as CloudauthOtel from "@effect-cloudauth/otel/CloudauthOtel"
import * as Metrics from "@effect-cloudauth/otel/Metrics"
import * as OtelNodeSdk from "@effect-cloudauth/otel/OtelNodeSdk"
import * as Privacy from "@effect-cloudauth/otel/Privacy"
import * as Spans from "@effect-cloudauth/otel/Spans"
import { TestTelemetry } from "@effect-cloudauth/otel/TestTelemetry"
import { Effect } from "effect"

export const parts = [Attributes, Metrics, Privacy, Spans]

const test = Effect.flip(Effect.provide(TestTelemetry.spans, TestTelemetry.layer))
const sdk = Effect.flip(Effect.provide(Effect.void, OtelNodeSdk.layer()))
const errors = Effect.all([test, sdk]).pipe(Effect.provide(CloudauthOtel.layerGlobal))
console.log((await Effect.runPromise(errors)).map((error) => error._tag).join(" "))
