#!/usr/bin/env node
/** `effect-cloudauth-runner`: one runner of the cluster, set up by the environment. Ends well on SIGTERM. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { explain } from "../internal/explain.ts"
import * as Runner from "../Runner.ts"

Effect.gen(function* () {
  const options = yield* Runner.settings
  if (options.redis === undefined) {
    yield* Console.error("REDIS_URL is not set: the quota is this process's own, so run one runner only.")
  }
  if (options.settings.qps === undefined) {
    yield* Console.error(
      "CLOUDAUTH_QPS is not set: the quota is what the vendor documents for the region; an endpoint of your own has none."
    )
  }
  return yield* Layer.launch(
    Layer.effectDiscard(Console.log("This runner takes part.")).pipe(Layer.provide(Runner.layer(options)))
  )
}).pipe(
  Effect.mapError(explain),
  Effect.tapError((error) => Console.error(error.message)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
