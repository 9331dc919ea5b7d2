/** `retention delete`: deletes at the vendor what is stored here; `retention tombstones`: the proof of it. */
import { DeleteType, Tombstones } from "@effect-cloudauth/core/Tombstones"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Client from "../Client.ts"
import * as ExitCode from "../ExitCode.ts"
import { Outcome } from "../Failure.ts"
import { csvLine } from "../IdList.ts"
import * as beginning from "../internal/beginning.ts"
import * as deleteAtVendor from "../internal/deleteAtVendor.ts"
import * as durable from "../internal/durable.ts"
import * as flags from "../internal/flags.ts"
import { say } from "../internal/language/say.ts"
import * as openStore from "../internal/openStore.ts"
import * as tombstones from "../internal/tombstones.ts"
import * as Mask from "../Mask.ts"
import * as Output from "../Output.ts"
import { Settings } from "../Settings.ts"

/** `--type`, or the like. */
export const deleteType = (name: string, description: string) =>
  Flag.Literals(name, DeleteType.literals).pipe(Flag.withMetavar("TYPE"), Flag.withDescription(description))

const what = "Img (the images), Text (the rest) or All"

export const remove = Command.make(
  "delete",
  {
    type: deleteType("type", `What to delete at the vendor: ${what}`),
    olderThan: flags.duration(
      "older-than",
      "Only what was collected longer ago than this (default: all)",
      Duration.zero
    ),
    dryRun: flags.toggle("dry-run", "Only say what would be deleted"),
    store: flags.store,
    json: flags.json
  },
  Effect.fnUntraced(function* (input) {
    const settings = yield* Settings
    const place = openStore.targetOf(input.store, settings)
    const now = yield* Clock.currentTimeMillis
    // What was collected in this millisecond is stored, too.
    const before = now - Duration.toMillis(input.olderThan) + 1
    const options = { deleteType: input.type, before, dryRun: input.dryRun }
    const live = Client.layer(settings).pipe(
      Layer.provide(beginning.quota),
      Layer.provideMerge(openStore.existing(place))
    )
    const figures = yield* Effect.provide(deleteAtVendor.run(options), live)
    yield* input.json
      ? Output.json({ type: input.type, dryRun: input.dryRun, ...figures })
      : Output.result(
          input.dryRun
            ? say`${input.type} at the vendor, if it were no dry run: ${deleteAtVendor.summary(figures)}`
            : say`${input.type} at the vendor: ${deleteAtVendor.summary(figures)}`
        )
    if (deleteAtVendor.openOf(figures) > 0) return yield* new Outcome({ exit: "NotDeleted" })
  })
).pipe(
  Command.withShortDescription("Delete at the vendor what is stored here"),
  Command.withDescription(
    `Deletes at the vendor what this store holds, before the vendor's 30 days are over. What is stored here stays. It can't be undone.

Each deletion that the vendor confirms leaves a tombstone in the store: time, type and request id ('retention tombstones'). What has one is not asked for again. A deletion whose answer was lost is not repeated at once: run the command again.

${ExitCode.help("Success", "Unexpected", "Usage", ...ExitCode.ofCalls, "NotDeleted", "Storage")}`
  ),
  Command.withExamples([
    { command: "effect-cloudauth retention delete --type All --dry-run", description: "What would be deleted?" },
    { command: "effect-cloudauth retention delete --type Img", description: "Delete the images at the vendor" }
  ])
)

const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString()

export const proof = Command.make(
  "tombstones",
  {
    store: flags.store,
    out: Flag.String("out").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Write them here as CSV, with whole transaction ids"),
      Flag.optional
    ),
    reveal: flags.reveal,
    json: flags.json
  },
  Effect.fnUntraced(function* (input) {
    const settings = yield* Settings
    const place = openStore.targetOf(input.store, settings)
    const all = yield* Effect.flatMap(Tombstones, (store) => store.all).pipe(
      Effect.catchTag("TombstonesError", (error) => Effect.fail(tombstones.ofTombstonesError(error))),
      Effect.provide(Layer.provideMerge(tombstones.layer, openStore.existing(place)))
    )
    if (Option.isSome(input.out)) {
      const lines = all.map((one) =>
        csvLine([one.transactionId, one.deleteType, iso(one.askedAt), iso(one.deletedAt), one.requestId])
      )
      yield* durable
        .writeText(
          input.out.value,
          csvLine(["transaction_id", "type", "asked_at", "deleted_at", "request_id"]) + lines.join("")
        )
        .pipe(Effect.mapError(durable.unwritten(say`The tombstones`)))
    }
    const confirmed = all.filter(({ deletedAt }) => deletedAt !== undefined).length
    yield* input.json
      ? Output.json(
          all.map((one) => ({
            transactionId: Mask.id(one.transactionId, input.reveal),
            type: one.deleteType,
            askedAt: iso(one.askedAt),
            deletedAt: iso(one.deletedAt),
            requestId: one.requestId
          }))
        )
      : Output.result(say`${confirmed} deletions confirmed by the vendor, ${all.length - confirmed} not`)
  })
).pipe(
  Command.withShortDescription("The proof of what was deleted at the vendor"),
  Command.withDescription(
    `Lists what was deleted at the vendor: transaction id, type, when it was asked for and confirmed, and the vendor's request id. No person's data. Without a time of confirmation the answer is not known.

${ExitCode.help("Success", "Unexpected", "Usage", "Storage")}`
  ),
  Command.withExamples([
    { command: "effect-cloudauth retention tombstones --out proof.csv", description: "The proof for an auditor" }
  ])
)
