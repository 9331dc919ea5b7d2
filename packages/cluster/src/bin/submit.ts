#!/usr/bin/env node
/** `effect-cloudauth-submit FILE`: registers the ids of a list for the runners to collect, and watches with `--wait`. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { failure } from "@effect-cloudauth/cli/Failure"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { explain } from "../internal/explain.ts"
import * as Runner from "../Runner.ts"
import * as Submitter from "../Submitter.ts"

Command.make(
  "effect-cloudauth-submit",
  {
    file: Argument.String("file").pipe(Argument.withDescription("A list of ids, or - for standard input")),
    column: Flag.String("column").pipe(
      Flag.withDescription(
        "The CSV column of the ids: its heading, or its number from 1 (default: found by its heading)"
      ),
      Flag.optional
    ),
    wait: Flag.Boolean("wait").pipe(
      Flag.withDescription("Stay until every id has a result or has failed"),
      Flag.withDefault(false)
    )
  },
  ({ column, file, wait }) =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const stdio = yield* Stdio.Stdio
      const url = yield* Effect.mapError(Config.Redacted("DATABASE_URL"), () =>
        failure(
          "Usage",
          "DATABASE_URL is not set: name the runners' database. Without one, `effect-cloudauth collect` does the same on one machine."
        )
      )
      yield* Effect.gen(function* () {
        const text = (file === "-" ? stdio.stdin : fs.stream(file)).pipe(Stream.decodeText())
        const { added, again, bad, done } = yield* Submitter.submitList(text, { column: Option.getOrUndefined(column) })
        yield* Console.log(`${added} new, ${again} pending again, ${done} had a result; ${bad.length} bad lines`)
        for (const { line, reason } of bad) yield* Console.error(`line ${line}: ${reason}`)
        if (!wait) return
        let shown = ""
        yield* Submitter.settled((counts) => {
          const line = `${counts.Stored} stored, ${counts.Failed} failed, ${counts.Pending} pending`
          if (line === shown) return Effect.void
          shown = line
          return Console.log(line)
        })
      }).pipe(Effect.provide(Runner.layerLedger(url)))
    }).pipe(Effect.mapError(explain))
).pipe(
  Command.withDescription("Registers transaction ids for the runners to collect"),
  Command.run({ version: "0.1.0" }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
