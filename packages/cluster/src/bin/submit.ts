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
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
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
    timeZone: Flag.String("time-zone").pipe(
      Flag.withMetavar("ZONE"),
      Flag.withDescription("The zone of times in the list that name none: Asia/Hong_Kong or +08:00"),
      Flag.filterMap(DateTime.zoneFromString, () => "Expected a time zone such as Asia/Hong_Kong or +08:00"),
      Flag.optional
    ),
    allowEmpty: Flag.Boolean("allow-empty").pipe(
      Flag.withDescription("A list without ids is right; else it is an error"),
      Flag.withDefault(false)
    ),
    wait: Flag.Boolean("wait").pipe(
      Flag.withDescription("Stay until every id has a result or has failed"),
      Flag.withDefault(false)
    )
  },
  ({ allowEmpty, column, file, timeZone, wait }) =>
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
        const bytes = file === "-" ? stdio.stdin : fs.stream(file)
        const { added, again, bad, done, warnings } = yield* Submitter.submitList(bytes, {
          column: Option.getOrUndefined(column),
          timeZone: Option.getOrUndefined(timeZone),
          allowEmpty
        })
        yield* Console.log(`${added} new, ${again} pending again, ${done} had a result; ${bad.length} bad lines`)
        for (const { line, reason } of bad) yield* Console.error(`line ${line}: ${reason}`)
        for (const { field, line, reason } of warnings.slice(0, 10)) {
          yield* Console.error(`line ${line}: ${field} is not used: ${reason}`)
        }
        if (warnings.length > 10) yield* Console.error(`and ${warnings.length - 10} more values that are not used`)
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
