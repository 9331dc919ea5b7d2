#!/usr/bin/env node
/** `effect-cloudauth-emulator`: the emulator as a process of its own. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Cli from "./Cli.ts"

Cli.make("effect-cloudauth-emulator").pipe(
  Command.run({ version: "0.1.0" }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
