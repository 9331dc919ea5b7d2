/**
 * A collection as files, one JSON file a result, for tools that read files:
 *
 * ```text
 * DIRECTORY/ledger.ndjson           the ids, and why some have no result
 * DIRECTORY/results/ab/abcdef….json
 * ```
 *
 * A result's file is its own mark that it is stored: it is renamed into place when it is whole and synced. The ledger
 * only grows; its last line may be torn by a death in the middle, and is then cut off. The ids are held in memory.
 */
import * as Document from "@effect-cloudauth/core/Document"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import * as durable from "./internal/durable.ts"
import * as place from "./internal/place.ts"
import * as processLock from "./internal/processLock.ts"
import * as ResultStore from "./ResultStore.ts"
import * as StoredResult from "./StoredResult.ts"

const Entry = Schema.TaggedUnion({
  Registered: {
    transactionId: Schema.String,
    merchantBizId: Schema.String,
    document: Schema.optionalKey(Schema.Literals(Document.names)),
    authenticatedAt: Schema.optionalKey(Schema.Finite),
    registeredAt: Schema.Finite
  },
  Failed: {
    transactionId: Schema.String,
    error: Schema.String,
    code: Schema.String,
    requestId: Schema.optionalKey(Schema.String),
    failedAt: Schema.Finite
  },
  Retried: { transactionId: Schema.String },
  Purged: { transactionId: Schema.String },
  Forgotten: { transactionId: Schema.String }
})
type Entry = typeof Entry.Type

const decodeEntry = Schema.decodeUnknownEffect(Schema.fromJsonString(Entry))
const encodeEntry = Schema.encodeSync(Schema.fromJsonString(Entry))

const ResultFile = Schema.fromJsonString(
  Schema.Struct({ facts: StoredResult.Facts, person: Schema.optionalKey(StoredResult.Person) })
)
const decodeResult = Schema.decodeUnknownEffect(ResultFile)
const encodeResult = Schema.encodeSync(ResultFile)

interface Known {
  readonly item: ResultStore.Pending
  readonly registeredAt: number
  state: ResultStore.State
  failed: ResultStore.Failed | undefined
}

const storeError =
  (operation: string) =>
  (error: durable.FileError | Schema.SchemaError): ResultStore.StoreError =>
    new ResultStore.StoreError({
      operation,
      reason: error._tag === "SchemaError" ? "a file is not what was written" : durable.reasonOf(error),
      underlying: Redacted.make(error, { label: "underlying" })
    })

/** How many files are written or read at once. */
const atOnce = 16

const make = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const results = path.join(directory, "results")
  const ledger = path.join(directory, "ledger.ndjson")
  const known = new Map<string, Known>()
  const oneAtATime = yield* Semaphore.make(1)
  let sequence = 0

  const fileOf = (transactionId: string) => path.join(results, `${place.of(transactionId)}.json`)

  const apply = (entry: Entry): void => {
    const before = known.get(entry.transactionId)
    switch (entry._tag) {
      case "Registered": {
        const item: ResultStore.Pending = {
          transactionId: entry.transactionId,
          merchantBizId: before?.item.merchantBizId ?? entry.merchantBizId,
          document: entry.document ?? before?.item.document,
          authenticatedAt: entry.authenticatedAt ?? before?.item.authenticatedAt,
          sequence: before?.item.sequence ?? ++sequence
        }
        known.set(entry.transactionId, {
          item,
          registeredAt: before?.registeredAt ?? entry.registeredAt,
          state: "Pending",
          failed: undefined
        })
        return
      }
      case "Forgotten":
        known.delete(entry.transactionId)
        return
      case "Failed":
        if (before?.state === "Pending") {
          before.state = "Failed"
          before.failed = {
            ...before.item,
            error: entry.error,
            code: entry.code,
            requestId: entry.requestId,
            failedAt: entry.failedAt
          }
        }
        return
      case "Retried":
      case "Purged":
        if (before !== undefined) before.state = entry._tag === "Purged" ? "Purged" : "Pending"
    }
  }

  const readLedger = (repair: boolean) =>
    Effect.gen(function* () {
      const text = yield* durable.absentIsUndefined(fs.readFileString(ledger))
      if (text === undefined) return
      const whole = text.slice(0, text.lastIndexOf("\n") + 1)
      if (repair && whole.length < text.length) yield* fs.truncate(ledger, Buffer.byteLength(whole))
      for (const line of whole.split("\n")) {
        if (line !== "") apply(yield* decodeEntry(line))
      }
    })

  const readResults = (repair: boolean) =>
    Effect.gen(function* () {
      const stored = new Set<string>()
      for (const shard of yield* fs.readDirectory(results)) {
        for (const name of yield* fs.readDirectory(path.join(results, shard))) {
          if (name.endsWith(".json")) stored.add(`${shard}/${name.slice(0, -5)}`)
          // What a death in the middle of a write has left.
          else if (repair) yield* fs.remove(path.join(results, shard, name), { force: true })
        }
      }
      for (const entry of known.values()) {
        if (stored.has(place.of(entry.item.transactionId))) entry.state = "Stored"
      }
    })

  /** Repairs only where nobody else can be writing. */
  const load = (repair: boolean) =>
    Effect.suspend(() => {
      known.clear()
      sequence = 0
      return Effect.andThen(readLedger(repair), readResults(repair))
    })

  const append = (entries: ReadonlyArray<Entry>) =>
    entries.length === 0
      ? Effect.void
      : oneAtATime.withPermit(
          Effect.scoped(
            Effect.gen(function* () {
              const handle = yield* fs.open(ledger, { flag: "a", mode: 0o600 })
              const text = entries.map((entry) => `${encodeEntry(entry)}\n`).join("")
              yield* handle.writeAll(new TextEncoder().encode(text))
              yield* handle.sync
            })
          ).pipe(Effect.andThen(Effect.sync(() => entries.forEach(apply))))
        )

  yield* Effect.gen(function* () {
    yield* durable.makeDirectory(results)
    for (const file of [ledger, `${ledger}.lock`]) yield* Effect.scoped(fs.open(file, { flag: "a", mode: 0o600 }))
    yield* durable.syncDirectory(directory)
    yield* load(false)
  }).pipe(Effect.mapError(storeError("open")))

  const register = (items: ReadonlyArray<ResultStore.Item>, now: number) => {
    const isDone = (item: ResultStore.Item) => ["Stored", "Purged"].includes(known.get(item.transactionId)?.state ?? "")
    const added = items.filter((item) => !known.has(item.transactionId)).length
    const asked = items.filter((item) => !isDone(item))
    return append(
      asked.map((item) => ({
        _tag: "Registered",
        transactionId: item.transactionId,
        merchantBizId: item.merchantBizId,
        ...(item.document === undefined ? {} : { document: item.document }),
        ...(item.authenticatedAt === undefined ? {} : { authenticatedAt: item.authenticatedAt }),
        registeredAt: now
      }))
    ).pipe(
      Effect.as({ added, again: asked.length - added, done: items.length - asked.length }),
      Effect.mapError(storeError("register"))
    )
  }

  const saveResult = Effect.fnUntraced(function* (stored: StoredResult.StoredResult) {
    const entry = known.get(stored.facts.transactionId)
    if (entry?.state === "Stored") return undefined
    const file = fileOf(stored.facts.transactionId)
    yield* durable.makeDirectory(path.dirname(file))
    const text = encodeResult({
      facts: stored.facts,
      ...(stored.person === undefined ? {} : { person: Redacted.value(stored.person) })
    })
    const temporary = yield* durable.writeBeside(file, new TextEncoder().encode(text))
    yield* fs.rename(temporary, file)
    return { entry, directory: path.dirname(file) }
  })

  const save = Effect.fnUntraced(function* (ended: ReadonlyArray<ResultStore.Ended>) {
    const results = ended.flatMap((end) => (end._tag === "Stored" ? [end.result] : []))
    const saved = yield* Effect.forEach(results, saveResult, { concurrency: atOnce })
    const directories = new Set(saved.flatMap((file) => (file === undefined ? [] : [file.directory])))
    yield* Effect.forEach(directories, durable.syncDirectory, { concurrency: atOnce, discard: true })
    for (const file of saved) if (file?.entry !== undefined) file.entry.state = "Stored"
    yield* append(
      ended.flatMap((end): ReadonlyArray<Entry> =>
        end._tag === "Stored"
          ? []
          : [
              {
                _tag: "Failed",
                transactionId: end.failed.transactionId,
                error: end.failed.error,
                code: end.failed.code,
                ...(end.failed.requestId === undefined ? {} : { requestId: end.failed.requestId }),
                failedAt: end.failed.failedAt
              }
            ]
      )
    )
  })

  const read = (transactionId: string) =>
    durable.absentIsUndefined(fs.readFileString(fileOf(transactionId))).pipe(
      Effect.flatMap((text) => (text === undefined ? Effect.undefined : decodeResult(text))),
      Effect.map((file): StoredResult.StoredResult | undefined =>
        file === undefined
          ? undefined
          : {
              facts: file.facts,
              person: file.person === undefined ? undefined : Redacted.make(file.person, { label: "person" })
            }
      )
    )

  const entries = (...states: ReadonlyArray<ResultStore.State>) =>
    Stream.suspend(() => Stream.fromIterable([...known.values()].filter((entry) => states.includes(entry.state))))

  const stored = Stream.mapEffect(entries("Stored"), (entry) => read(entry.item.transactionId), {
    concurrency: atOnce
  }).pipe(
    Stream.filter((result) => result !== undefined),
    Stream.mapError(storeError("results"))
  )

  const purge = Effect.fnUntraced(function* (transactionIds: ReadonlyArray<string>, forget: boolean) {
    // The ledger first: an id without its file and without this mark would be asked again.
    yield* append(transactionIds.map((transactionId) => ({ _tag: "Purged", transactionId })))
    yield* Effect.forEach(transactionIds, (id) => fs.remove(fileOf(id), { force: true }), {
      concurrency: atOnce,
      discard: true
    })
    const directories = new Set(transactionIds.map((id) => path.dirname(fileOf(id))))
    yield* Effect.forEach(directories, durable.syncDirectory, { concurrency: atOnce, discard: true })
    if (!forget) return
    yield* append(transactionIds.map((transactionId) => ({ _tag: "Forgotten", transactionId })))
    // The ledger still names them: it is written anew without them.
    const lines = [...known.values()].flatMap(linesOf)
    yield* durable.writeText(ledger, lines.map((entry) => `${encodeEntry(entry)}\n`).join(""))
  })

  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const running = <A>(
    operation: string,
    effect: Effect.Effect<A, durable.FileError | Schema.SchemaError, FileSystem.FileSystem | Path.Path>
  ) => effect.pipe(Effect.mapError(storeError(operation)), Effect.provideContext(context))

  return ResultStore.ResultStore.of({
    description: directory,
    exclusive: Effect.andThen(processLock.acquire(`${ledger}.lock`), running("open", load(true))),
    register,
    retryFailed: Effect.suspend(() => {
      const failed = [...known.values()].filter((entry) => entry.state === "Failed")
      return running(
        "retryFailed",
        Effect.as(
          append(failed.map(({ item }) => ({ _tag: "Retried", transactionId: item.transactionId }))),
          failed.length
        )
      )
    }),
    pending: (after, limit) =>
      Effect.sync(() => {
        const found: Array<ResultStore.Pending> = []
        for (const { item, state } of known.values()) {
          if (state === "Pending" && item.sequence > after && found.push(item) === limit) break
        }
        return found
      }),
    save: (ended) => running("save", save(ended)),
    counts: Effect.sync(() => {
      const counts = { Pending: 0, Failed: 0, Stored: 0, Purged: 0 }
      for (const { state } of known.values()) counts[state] += 1
      return counts
    }),
    find: (transactionId) => running("find", read(transactionId)),
    results: stored,
    failures: Stream.flatMap(entries("Failed"), ({ failed }) =>
      failed === undefined ? Stream.empty : Stream.succeed(failed)
    ),
    uncollected: Stream.map(entries("Pending", "Failed"), ({ item, registeredAt, state }) => ({
      ...item,
      state: state === "Failed" ? "Failed" : "Pending",
      registeredAt
    })),
    collectedBefore: (time) =>
      Stream.map(
        Stream.filter(stored, ({ facts }) => facts.collectedAt < time),
        ({ facts }) => facts
      ),
    purge: (transactionIds, forget) => running("purge", purge(transactionIds, forget))
  })
})

/** The entries that say what is known of an id. */
const linesOf = ({ failed, item, registeredAt, state }: Known): ReadonlyArray<Entry> => {
  const { authenticatedAt, document, merchantBizId, transactionId } = item
  const registered: Entry = {
    _tag: "Registered",
    transactionId,
    merchantBizId,
    ...(document === undefined ? {} : { document }),
    ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
    registeredAt
  }
  if (state === "Purged") return [registered, { _tag: "Purged", transactionId }]
  if (state !== "Failed" || failed === undefined) return [registered]
  const { code, error, failedAt, requestId } = failed
  return [
    registered,
    { _tag: "Failed", transactionId, error, code, ...(requestId === undefined ? {} : { requestId }), failedAt }
  ]
}

/** The collection in `directory`, made where it is missing. */
export const layer = (
  directory: string
): Layer.Layer<ResultStore.ResultStore, ResultStore.StoreError, FileSystem.FileSystem | Path.Path> =>
  Layer.effect(ResultStore.ResultStore, make(directory))
