#!/usr/bin/env node
/** `effect-cloudauth`, as a process. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Cli from "./Cli.ts"
import * as ExitCode from "./ExitCode.ts"

// A reader such as `head` that has seen enough is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? 0 : ExitCode.table.Storage.code)
)

// Nor is it one that nobody listens any more: the work is worth more than the words about it.
process.stderr.on("error", () => {})

Cli.run.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain({ teardown: Cli.teardown }))
