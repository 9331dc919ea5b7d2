/**
 * Keeps an answer from the moment it came until it is stored. Once it is here, no failure of a store and no death of a
 * process asks for it again.
 *
 * It holds the person's data, so it is not one of the workflow engine's tables; it is emptied as results are stored.
 *
 * @since 0.1.0
 */
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import type * as Document from "@effect-cloudauth/core/Document"
import * as IdImage from "@effect-cloudauth/core/IdImage"
import * as StoredResult from "@effect-cloudauth/cli/StoredResult"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/**
 * The inbox cannot do what was asked.
 *
 * @category errors
 * @since 0.1.0
 */
export class InboxError extends Schema.TaggedError<InboxError>("@effect-cloudauth/cluster/InboxError")(
  "InboxError",
  {
    operation: Schema.Literals(["open", "put", "find", "open parcel", "remove"]),
    /** Why, in words that hold no value. */
    reason: Schema.String
  },
  { httpApiStatus: 503 }
) {
  override readonly name = "InboxError"
  override get message(): string {
    return `The inbox failed at '${this.operation}': ${this.reason}.`
  }
}

/**
 * An answer with all that will be stored of it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Parcel {
  /** The facts, without the locations of the images. */
  readonly view: StoredResult.View
  readonly person: Redacted.Redacted<StoredResult.Person> | undefined
  readonly images: CheckResult<Document.Reading>["images"]
}

/**
 * What an inbox can do.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operations {
  /** Keeps an answer. Durable once it returns; the first one stays. */
  readonly put: (parcel: Parcel) => Effect.Effect<void, InboxError>
  /** The facts of a result that is here. */
  readonly find: (transactionId: string) => Effect.Effect<StoredResult.View | undefined, InboxError>
  readonly open: (transactionId: string) => Effect.Effect<Parcel | undefined, InboxError>
  readonly remove: (transactionId: string) => Effect.Effect<void, InboxError>
}

const migrations = Migrator.fromRecord({
  "1_inbox": Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql`
      CREATE TABLE cloudauth_inbox (
        transaction_id text NOT NULL PRIMARY KEY,
        facts text NOT NULL,
        person text,
        front bytea,
        back bytea
      )`
  })
})

const Row = Schema.Struct({
  facts: StoredResult.ViewFromText,
  person: Schema.NullOr(Schema.fromJsonString(StoredResult.Person)),
  front: Schema.NullOr(Schema.Uint8Array),
  back: Schema.NullOr(Schema.Uint8Array)
})

const FactsRow = Schema.Struct({ facts: StoredResult.ViewFromText })

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))
const decodeFacts = Schema.decodeUnknownEffect(Schema.Array(FactsRow))
const encodeView = Schema.encodeSync(StoredResult.ViewFromText)
const encodePerson = Schema.encodeSync(Schema.fromJsonString(StoredResult.Person))

const reasonOf = (error: SqlError | Schema.SchemaError | Migrator.MigrationError): string => {
  if (error._tag === "MigrationError") return "the table cannot be made"
  return error._tag === "SchemaError" ? "a row is not what was written" : error.reason._tag
}

const failed = (operation: InboxError["operation"]) =>
  Effect.mapError(
    (error: SqlError | Schema.SchemaError | Migrator.MigrationError) =>
      new InboxError({ operation, reason: reasonOf(error) })
  )

/** `undefined` also for an image of no known format, which an earlier version kept: the answer has a warning about it. */
const imageOf = (bytes: Uint8Array | null): IdImage.IdImage | undefined =>
  bytes === null ? undefined : IdImage.fromBytes(bytes)

const bytesOf = (image: IdImage.IdImage | undefined): Uint8Array | null =>
  image === undefined ? null : Redacted.value(image.bytes)

/**
 * The inbox of a collection.
 *
 * @category services
 * @since 0.1.0
 */
export class Inbox extends Context.Service<Inbox, Operations>()("@effect-cloudauth/cluster/Inbox") {
  /** In PostgreSQL, in the table `cloudauth_inbox`, which is made if it is missing. */
  static readonly layerSql: Layer.Layer<Inbox, InboxError, SqlClient.SqlClient> = Layer.effect(
    Inbox,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* Migrator.make({})({ loader: migrations, table: "cloudauth_inbox_migrations" }).pipe(failed("open"))
      return Inbox.of({
        put: ({ images, person, view }) =>
          Effect.suspend(
            () =>
              sql`INSERT INTO cloudauth_inbox ${sql.insert({
                transaction_id: view.transactionId,
                facts: encodeView(view),
                person: person === undefined ? null : encodePerson(Redacted.value(person)),
                front: bytesOf(images.front),
                back: bytesOf(images.back)
              })} ON CONFLICT (transaction_id) DO NOTHING`
          ).pipe(Effect.asVoid, failed("put")),
        find: (transactionId) =>
          sql`SELECT facts FROM cloudauth_inbox WHERE transaction_id = ${transactionId}`.pipe(
            Effect.flatMap(decodeFacts),
            Effect.map(([row]) => row?.facts),
            failed("find")
          ),
        open: (transactionId) =>
          sql`SELECT facts, person, front, back FROM cloudauth_inbox WHERE transaction_id = ${transactionId}`.pipe(
            Effect.flatMap(decodeRows),
            Effect.map(
              ([row]): Parcel | undefined =>
                row && {
                  view: row.facts,
                  person: row.person === null ? undefined : Redacted.make(row.person, { label: "person" }),
                  images: { front: imageOf(row.front), back: imageOf(row.back) }
                }
            ),
            failed("open parcel")
          ),
        remove: (transactionId) =>
          sql`DELETE FROM cloudauth_inbox WHERE transaction_id = ${transactionId}`.pipe(Effect.asVoid, failed("remove"))
      })
    })
  )

  /** In this process's memory: for tests. A death loses it. */
  static readonly layerMemory: Layer.Layer<Inbox> = Layer.sync(Inbox, () => {
    const parcels = new Map<string, Parcel>()
    return Inbox.of({
      put: (parcel) =>
        Effect.sync(() => {
          const { transactionId } = parcel.view
          if (!parcels.has(transactionId)) parcels.set(transactionId, parcel)
        }),
      find: (transactionId) => Effect.sync(() => parcels.get(transactionId)?.view),
      open: (transactionId) => Effect.sync(() => parcels.get(transactionId)),
      remove: (transactionId) => Effect.sync(() => void parcels.delete(transactionId))
    })
  })
}
