/** `collect <file|->`: the results of many checks, into a store, before the vendor deletes them. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Client from "../Client.ts"
import * as Collector from "../Collector.ts"
import * as ExitCode from "../ExitCode.ts"
import * as Export from "../Export.ts"
import { type Failure, failure, ofStopped, Outcome, toJson } from "../Failure.ts"
import { csvLine } from "../IdList.ts"
import * as beginning from "../internal/beginning.ts"
import * as collectSummary from "../internal/collectSummary.ts"
import * as deleteAtVendor from "../internal/deleteAtVendor.ts"
import * as durable from "../internal/durable.ts"
import * as flags from "../internal/flags.ts"
import { say } from "../internal/language/say.ts"
import * as openStore from "../internal/openStore.ts"
import * as readIds from "../internal/readIds.ts"
import { inLanguage } from "../inLanguage.ts"
import { Language } from "../Language.ts"
import * as Output from "../Output.ts"
import * as Progress from "../Progress.ts"
import { ResultStore } from "../ResultStore.ts"
import { mostConcurrency, Settings } from "../Settings.ts"
import * as Stores from "../Stores.ts"
import { deleteType } from "./retentionDelete.ts"

/** Writes a file beside the store, or removes it if there is nothing to write. */
const writeOrRemove = (file: string, header: ReadonlyArray<string>, rows: ReadonlyArray<string>) =>
  (rows.length === 0
    ? FileSystem.FileSystem.use((fs) => fs.remove(file, { force: true }))
    : durable.writeText(file, csvLine(header) + rows.join(""))
  ).pipe(Effect.mapError(durable.unwritten(file)))

const failedHeader = [
  "transaction_id",
  "merchant_biz_id",
  "document",
  "authenticated_at",
  "error",
  "code",
  "request_id",
  "failed_at"
]

/** The ids without a result that were asked, as a list that `collect` takes. */
const writeFailed = Effect.fnUntraced(function* (file: string) {
  const store = yield* ResultStore
  const rows: Array<string> = []
  const byError = new Map<string, number>()
  yield* Stream.runForEach(store.failures, (failed) =>
    Effect.sync(() => {
      byError.set(failed.error, (byError.get(failed.error) ?? 0) + 1)
      rows.push(
        csvLine([
          failed.transactionId,
          failed.merchantBizId,
          failed.document,
          failed.authenticatedAt === undefined ? undefined : new Date(failed.authenticatedAt).toISOString(),
          failed.error,
          failed.code,
          failed.requestId,
          new Date(failed.failedAt).toISOString()
        ])
      )
    })
  ).pipe(Effect.mapError(openStore.ofStoreError))
  yield* writeOrRemove(file, failedHeader, rows)
  return [...byError].sort(([, one], [, other]) => other - one)
})

const noList: readIds.Read = { added: 0, again: 0, done: 0, duplicates: 0, bad: [], unused: [] }

/** A flag without an effect is refused. */
const checkFlags = (input: {
  readonly export: Option.Option<string>
  readonly reveal: boolean
  readonly verdictsOnly: boolean
}): Effect.Effect<void, Failure> => {
  if (input.reveal && Option.isNone(input.export)) {
    return Effect.fail(failure("Usage", say`--reveal has no effect without --export.`))
  }
  return input.reveal && input.verdictsOnly
    ? Effect.fail(failure("Usage", say`--reveal and --verdicts-only contradict each other.`))
    : Effect.void
}

export const collect = Command.make(
  "collect",
  {
    source: Argument.String("file").pipe(
      Argument.withDescription(
        "The ids: one a line, or CSV; - for standard input. Left out: go on with what is pending"
      ),
      Argument.optional
    ),
    store: flags.store,
    images: flags.images,
    column: Flag.String("column").pipe(
      Flag.withDescription(
        "The CSV column of the ids: its heading, or its number from 1 (default: found by its heading)"
      ),
      Flag.optional
    ),
    timeZone: Flag.String("time-zone").pipe(
      Flag.withMetavar("ZONE"),
      Flag.withDescription("The zone of times in the list that name none: Asia/Hong_Kong, +08:00 or UTC"),
      Flag.optional
    ),
    encoding: Flag.String("encoding").pipe(
      Flag.withDescription("The list's encoding, for example gb18030 or big5 (default: UTF-8 or UTF-16, by its bytes)"),
      Flag.optional
    ),
    allowEmpty: flags.toggle("allow-empty", "A list without ids is right; else it is an error"),
    document: flags.document,
    verdictsOnly: flags.toggle("verdicts-only", "Keep the verdict and no person's data, no images"),
    transactions: flags.toggle(
      "transactions",
      "Also collect what the backend's transaction store in this database holds: notified, or begun an hour ago"
    ),
    retryFailed: flags.toggle("retry-failed", "Ask again for all ids that failed before, not only those of the list"),
    concurrency: flags
      .wholeNumber("concurrency", "How many checks at once (default: 16)", 1, mostConcurrency)
      .pipe(Flag.optional),
    qps: flags
      .wholeNumber(
        "qps",
        "How many requests a second, retries included (default: what the vendor documents for the region)",
        1
      )
      .pipe(Flag.optional),
    failed: Flag.String("failed").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Where ids without a result go, ready for the next run (default: beside the store)"),
      Flag.optional
    ),
    export: Flag.String("export").pipe(
      Flag.withMetavar("DIRECTORY"),
      Flag.withDescription("Write every result of the store here at the end: facts as JSON, and the images"),
      Flag.optional
    ),
    reveal: flags.toggle("reveal", "Write people's data into the JSON files of --export, too"),
    deleteAfterStore: deleteType(
      "delete-after-store",
      "At the end delete at the vendor what the store holds: Img, Text or All (default: nothing)"
    ).pipe(Flag.optional),
    json: flags.json
  },
  Effect.fnUntraced(function* (input) {
    yield* checkFlags(input)
    const settings = yield* Settings
    const place = openStore.targetOf(input.store, settings)
    const failedFile = Option.getOrElse(input.failed, () => `${Stores.besideOf(place)}.failed.csv`)
    const badFile = `${failedFile.replace(/(\.failed)?\.csv$/, "")}.bad-lines.csv`

    const qps = Option.getOrElse(input.qps, () => settings.qps)

    const program = Effect.gen(function* () {
      const store = yield* ResultStore
      const read = Option.isNone(input.source)
        ? noList
        : yield* readIds
            .register({
              source: input.source.value,
              column: Option.getOrUndefined(input.column),
              timeZone: Option.getOrUndefined(input.timeZone),
              encoding: Option.getOrUndefined(input.encoding),
              document: Option.getOrUndefined(input.document),
              allowEmpty: input.allowEmpty
            })
            .pipe(Effect.catchTag("StoreError", (error) => Effect.fail(openStore.ofStoreError(error))))
      yield* writeOrRemove(
        badFile,
        ["line", "reason", "text"],
        read.bad.map(({ line, reason, text }) => csvLine([String(line), reason, text]))
      )
      for (const line of readIds.explain(read, badFile)) yield* Output.note(line)
      const retried = input.retryFailed ? yield* Effect.mapError(store.retryFailed, openStore.ofStoreError) : 0
      const transactions = input.transactions ? yield* beginning.takeOver : undefined
      const before = yield* Effect.mapError(store.counts, openStore.ofStoreError)
      yield* Output.note(
        say`${before.Pending} to collect into ${store.description} (${read.added} new, ${read.done} of the list are there already, ${read.duplicates} repeated, ${read.bad.length} bad lines)`
      )
      if (retried > 0) yield* Output.detail(say`${retried} that had failed are asked again`)
      const feasibility = yield* beginning.feasible(qps, settings)

      const language = yield* Language
      const figures = Collector.progress()
      const started = yield* Clock.monotonicTimeNanos
      const ended = yield* Collector.run({
        concurrency: Option.getOrElse(input.concurrency, () => settings.concurrency),
        verdictsOnly: input.verdictsOnly,
        transactions,
        progress: figures
      }).pipe(
        Effect.as(undefined),
        Progress.during(figures, before.Pending),
        Effect.catchTag("Stopped", (stopped) => Effect.succeed(stopped)),
        Effect.onInterrupt(() =>
          Output.note(say`Interrupted. Calls under way have ended, and what came is stored; run it again to go on.`)
        ),
        Effect.catchTag(["StoreError", "ImageStoreError"], (error) => Effect.fail(openStore.ofStoreError(error)))
      )
      const stopped = ended === undefined ? undefined : inLanguage(ofStopped(ended), language)
      const elapsed = Math.round(Number((yield* Clock.monotonicTimeNanos) - started) / 1e6)
      const after = yield* Effect.mapError(store.counts, openStore.ofStoreError)
      const byError = yield* writeFailed(failedFile)
      const exported = Option.isNone(input.export)
        ? undefined
        : yield* Export.write({ directory: input.export.value, reveal: input.reveal }).pipe(
            Effect.catchTag(["StoreError", "ImageStoreError"], (error) => Effect.fail(openStore.ofStoreError(error)))
          )
      const deletion =
        Option.isNone(input.deleteAfterStore) || stopped !== undefined
          ? undefined
          : yield* deleteAtVendor.run({
              deleteType: input.deleteAfterStore.value,
              before: Number.MAX_SAFE_INTEGER,
              dryRun: false
            })
      yield* input.json
        ? Output.json({
            store: store.description,
            ...figures,
            elapsedMillis: elapsed,
            perSecond: Math.round(collectSummary.rate(figures, elapsed)),
            duplicates: read.duplicates,
            badLines: read.bad.length,
            unusedValues: read.unused,
            ...(feasibility === undefined ? {} : { feasibility }),
            inStore: after,
            failedByError: Object.fromEntries(byError),
            ...(exported === undefined ? {} : { exported }),
            ...(deletion === undefined ? {} : { deletion }),
            ...(after.Failed > 0 ? { failedFile } : {}),
            ...(read.bad.length > 0 ? { badLinesFile: badFile } : {}),
            ...(stopped === undefined ? {} : toJson(stopped))
          })
        : Output.result(
            collectSummary.text(
              {
                figures,
                elapsed,
                inStore: after,
                byError,
                exported,
                deletion,
                failedFile,
                bad: { file: badFile, lines: read.bad.length }
              },
              language
            )
          )
      // The JSON has said it.
      if (stopped !== undefined) return yield* input.json ? new Outcome({ exit: stopped.exit }) : stopped
      if (after.Failed > 0 || after.Pending > 0 || read.bad.length > 0) {
        return yield* new Outcome({ exit: "Incomplete" })
      }
      if (deletion !== undefined && deleteAtVendor.openOf(deletion) > 0)
        return yield* new Outcome({ exit: "NotDeleted" })
    })

    yield* program.pipe(
      Effect.scoped,
      Effect.provide(
        Layer.mergeAll(
          openStore.images(input.verdictsOnly ? Option.some("none") : input.images, place, settings),
          Client.layer(settings, qps).pipe(Layer.provide(beginning.quota))
        ).pipe(Layer.provideMerge(openStore.made(place)))
      )
    )
  })
).pipe(
  Command.withShortDescription("Collect the results of many checks into a store"),
  Command.withDescription(
    `Asks for the result of every id of a list and keeps it: verdict, fields and images.

The vendor deletes results after 30 days: the earliest deadline comes first. What is stored is not asked again; a run that ends early, even by kill -9, goes on when it is started again with the same list, or without one. Ctrl-C and SIGTERM let the calls under way end. Several processes can collect into one store at once.

CSV needs a heading such as transaction_id; merchant_biz_id, document and authenticated_at (when the user was checked; 'retention' needs it) are used if they are there and can be read, and warned of if they can't. Times are ISO 8601; --time-zone is for those that name no zone. Lines without a usable id are reported with their numbers and written to a file of bad lines; ids without a result are written to a file that is a list for the next run. A list without ids is an error unless --allow-empty.

${ExitCode.help("Success", "Unexpected", "Usage", ...ExitCode.ofCalls, "Incomplete", "NotDeleted", "Storage", "Interrupted")}`
  ),
  Command.withExamples([
    { command: "effect-cloudauth collect ids.txt", description: "Into cloudauth.db, images beside it" },
    {
      command: "effect-cloudauth collect ids.csv --column 3 --qps 10 --export results",
      description: "From the third column, at most 10 requests a second; then JSON files and images in results"
    },
    {
      command: "psql -Atc 'select transaction_id from checks' | effect-cloudauth collect - --images s3://evidence/kyc",
      description: "From a pipe, images into object storage"
    },
    { command: "effect-cloudauth collect cloudauth.failed.csv", description: "Ask again for what failed" }
  ])
)
