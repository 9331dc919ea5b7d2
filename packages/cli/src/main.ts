#!/usr/bin/env node
/** `effect-cloudauth`, as a process. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Cli from "./Cli.ts"
import * as ExitCode from "./ExitCode.ts"

// A reader such as `head` may close the pipe early.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? 0 : ExitCode.table.Storage.code)
)

// A closed standard error is not a fault either: the work matters more than its messages.
process.stderr.on("error", () => {})

Cli.run.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain({ teardown: Cli.teardown }))
