/** A process with a NodeSDK by the environment: makes one call that is throttled twice, and ends. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Effect from "effect/Effect"
import * as OtelNodeSdk from "../../src/OtelNodeSdk.ts"
import * as support from "../support.ts"

const { layer } = support.client(support.inTurn(support.throttled, support.throttled, support.passed))

await Effect.runPromise(
  Cloudauth.checkResult(support.request).pipe(
    Effect.withSpan("POST /checks", { kind: "server" }),
    Effect.provide(layer),
    Effect.provide(OtelNodeSdk.layer()),
    Effect.asVoid
  )
)
