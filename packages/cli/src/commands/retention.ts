/** `retention`: what the vendor will delete that is not collected; `retention purge`: what is deleted here. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as ExitCode from "../ExitCode.ts"
import { Outcome } from "../Failure.ts"
import * as durable from "../internal/durable.ts"
import * as flags from "../internal/flags.ts"
import { type Phrase, say } from "../internal/language/say.ts"
import * as openStore from "../internal/openStore.ts"
import { csvLine } from "../IdList.ts"
import * as Mask from "../Mask.ts"
import * as Output from "../Output.ts"
import * as Retention from "../Retention.ts"
import { Settings } from "../Settings.ts"
import { proof, remove } from "./retentionDelete.ts"

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1)

/** How many ids are shown. */
const shown = 20

const iso = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, "Z")

const left = (milliseconds: number): Phrase => {
  const hours = Math.floor(milliseconds / 3_600_000)
  return hours >= 48 ? say`${Math.floor(hours / 24)} days left` : say`${hours} hours left`
}

const purge = Command.make(
  "purge",
  {
    olderThan: flags.requiredDuration("older-than", "Delete what was collected longer ago than this, for example 90d"),
    dryRun: flags.toggle("dry-run", "Only say what would be deleted"),
    forget: flags.toggle(
      "forget",
      "Forget the transaction ids, too; a later collect of the same list would ask for them again"
    ),
    store: flags.store,
    images: flags.images,
    json: flags.json
  },
  Effect.fnUntraced(function* (input) {
    const settings = yield* Settings
    const place = openStore.targetOf(input.store, settings)
    const now = yield* Clock.currentTimeMillis
    const before = now - Duration.toMillis(input.olderThan)
    yield* Effect.gen(function* () {
      const purged = yield* Retention.purge({ before, dryRun: input.dryRun, forget: input.forget })
      yield* input.json
        ? Output.json({ ...purged, before: iso(before), dryRun: input.dryRun })
        : Output.result(
            input.dryRun
              ? say`Would delete ${purged.results} results collected before ${iso(before)}, and ${purged.images} images (${megabytes(purged.bytes)} MB)`
              : say`Deleted ${purged.results} results collected before ${iso(before)}, and ${purged.images} images (${megabytes(purged.bytes)} MB)`
          )
    }).pipe(
      Effect.scoped,
      Effect.catchTag(["StoreError", "ImageStoreError"], (error) => Effect.fail(openStore.ofStoreError(error))),
      Effect.provide(Layer.merge(openStore.existing(place), openStore.images(input.images, place, settings)))
    )
  })
).pipe(
  Command.withDescription(
    `Deletes results and images that were collected longer ago than an age. The ids stay unless --forget, so that they are not asked again.

${ExitCode.help("Success", "Unexpected", "Usage", "Storage")}`
  ),
  Command.withShortDescription("Delete what was collected longer ago than an age"),
  Command.withExamples([
    { command: "effect-cloudauth retention purge --older-than 90d --dry-run", description: "What would be deleted?" },
    { command: "effect-cloudauth retention purge --older-than 90d", description: "Delete it" }
  ])
)

export const retention = Command.make(
  "retention",
  {
    within: flags.duration("within", "How far to look ahead (default: 7d)", Duration.days(7)),
    store: flags.store,
    out: Flag.String("out").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Write the ids that are due here, as a list for collect"),
      Flag.optional
    ),
    reveal: flags.reveal,
    json: flags.json
  },
  Effect.fnUntraced(function* (input) {
    const settings = yield* Settings
    const now = yield* Clock.currentTimeMillis
    const { due, gone, later } = yield* Retention.outlook(now, input.within).pipe(
      Effect.mapError(openStore.ofStoreError),
      Effect.provide(openStore.existing(openStore.targetOf(input.store, settings)))
    )
    if (Option.isSome(input.out)) {
      const lines = due.map((entry) =>
        csvLine([
          entry.transactionId,
          entry.merchantBizId,
          entry.document,
          entry.isExact ? iso(entry.authenticatedAt ?? 0) : undefined
        ])
      )
      yield* durable
        .writeText(
          input.out.value,
          csvLine(["transaction_id", "merchant_biz_id", "document", "authenticated_at"]) + lines.join("")
        )
        .pipe(Effect.mapError(durable.unwritten(say`The list`)))
    }
    const describe = (entry: Retention.Due) => ({
      transactionId: Mask.id(entry.transactionId, input.reveal),
      deletedAt: iso(entry.deletedAt),
      exact: entry.isExact,
      state: entry.state
    })
    yield* input.json
      ? Output.json({ due: due.map(describe), gone: gone.length, later })
      : Effect.forEach(
          [
            say`${due.length} without a result will be deleted by the vendor before ${iso(now + Duration.toMillis(input.within))}; ${gone.length} are gone, ${later} have longer`,
            ...due.slice(0, shown).map((entry) => {
              const { deletedAt, exact, state, transactionId } = describe(entry)
              const time = left(entry.deletedAt - now)
              const atMost = exact ? time : say`${time} at most: the list does not say when the user was checked`
              return say`  ${Output.plain(transactionId)}  ${deletedAt} (${atMost})  ${state === "Failed" ? say`failed before` : say`not asked yet`}`
            }),
            ...(due.length > shown ? [say`  … and ${due.length - shown} more; --out FILE writes all`] : []),
            ...(due.length > 0 ? [say`Collect them with: effect-cloudauth collect --retry-failed`] : [])
          ],
          Output.result,
          { discard: true }
        )
    if (due.length > 0) return yield* new Outcome({ exit: "Due" })
  })
).pipe(
  Command.withShortDescription("What the vendor will delete soon; and deleting what is kept, here or there"),
  Command.withDescription(
    `Lists the ids of a collection that have no result yet and whose result the vendor deletes soon: 30 days after the user was checked. For exact times the list given to 'collect' needs a column such as authenticated_at.

Ends with code ${ExitCode.table.Due.code} where something is due, so that a daily job can raise an alarm.

${ExitCode.help("Success", "Unexpected", "Usage", "Due", "Storage")}`
  ),
  Command.withExamples([
    { command: "effect-cloudauth retention --within 5d", description: "What is lost in the next five days?" },
    {
      command: "effect-cloudauth retention --within 5d --out due.csv && effect-cloudauth collect due.csv",
      description: "Collect what is due"
    }
  ]),
  Command.withSubcommands([purge, remove, proof])
)
