/**
 * Where an answer is kept from the moment it came until it is stored. An answer may have been billed:
 * once it is here, no failure of a store and no death of a process asks for it again.
 *
 * It holds the person's data, so it is not one of the workflow engine's tables; it is emptied as results are stored.
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

/** The inbox cannot do what was asked. */
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

/** An answer with all that will be stored of it. */
export interface Parcel {
  /** The facts; where the photographs will be is not known yet. */
  readonly facts: StoredResult.Facts
  readonly person: Redacted.Redacted<StoredResult.Person> | undefined
  readonly images: CheckResult<Document.Reading>["images"]
}

export interface Operations {
  /** Keeps an answer. Durable once it returns; the first one stays. */
  readonly put: (parcel: Parcel) => Effect.Effect<void, InboxError>
  /** The facts of an answer that is here. */
  readonly find: (transactionId: string) => Effect.Effect<StoredResult.Facts | undefined, InboxError>
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
  facts: Schema.fromJsonString(StoredResult.Facts),
  person: Schema.NullOr(Schema.fromJsonString(StoredResult.Person)),
  front: Schema.NullOr(Schema.Uint8Array),
  back: Schema.NullOr(Schema.Uint8Array)
})

const FactsRow = Schema.Struct({ facts: Schema.fromJsonString(StoredResult.Facts) })

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))
const decodeFacts = Schema.decodeUnknownEffect(Schema.Array(FactsRow))
const encodeFacts = Schema.encodeSync(Schema.fromJsonString(StoredResult.Facts))
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

const image = (bytes: Uint8Array | null): IdImage.IdImage | undefined =>
  bytes === null ? undefined : IdImage.make(bytes)

const bytes = (photograph: IdImage.IdImage | undefined): Uint8Array | null =>
  photograph === undefined ? null : Redacted.value(photograph.bytes)

/** The inbox of a collection. */
export class Inbox extends Context.Service<Inbox, Operations>()("@effect-cloudauth/cluster/Inbox") {
  /** In PostgreSQL, in the table `cloudauth_inbox`, which is made where it is missing. */
  static readonly layerSql: Layer.Layer<Inbox, InboxError, SqlClient.SqlClient> = Layer.effect(
    Inbox,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* Migrator.make({})({ loader: migrations, table: "cloudauth_inbox_migrations" }).pipe(failed("open"))
      return Inbox.of({
        put: ({ facts, images, person }) =>
          Effect.suspend(
            () =>
              sql`INSERT INTO cloudauth_inbox ${sql.insert({
                transaction_id: facts.transactionId,
                facts: encodeFacts(facts),
                person: person === undefined ? null : encodePerson(Redacted.value(person)),
                front: bytes(images.front),
                back: bytes(images.back)
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
                  facts: row.facts,
                  person: row.person === null ? undefined : Redacted.make(row.person, { label: "person" }),
                  images: { front: image(row.front), back: image(row.back) }
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
          const { transactionId } = parcel.facts
          if (!parcels.has(transactionId)) parcels.set(transactionId, parcel)
        }),
      find: (transactionId) => Effect.sync(() => parcels.get(transactionId)?.facts),
      open: (transactionId) => Effect.sync(() => parcels.get(transactionId)),
      remove: (transactionId) => Effect.sync(() => void parcels.delete(transactionId))
    })
  })
}
