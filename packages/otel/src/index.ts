/**
 * OpenTelemetry for the client. Each module is also a subpath of its own.
 *
 * @since 0.1.0
 */
export * as Attributes from "./Attributes.ts"
export * as CloudauthOtel from "./CloudauthOtel.ts"
export * as Metrics from "./Metrics.ts"
export * as OtelNodeSdk from "./OtelNodeSdk.ts"
export * as Privacy from "./Privacy.ts"
export * as Spans from "./Spans.ts"
export { TestTelemetry } from "./TestTelemetry.ts"
