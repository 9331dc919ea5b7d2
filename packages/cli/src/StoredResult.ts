/**
 * A result as a collection keeps it: its facts, which hold no person, and apart from them the person's data. That data is
 * `Redacted` in memory and written only into the store.
 *
 * @since 0.1.0
 */
import { CheckResult } from "@effect-cloudauth/core/CheckResult"
import type * as Document from "@effect-cloudauth/core/Document"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as earlierView from "./internal/earlierView.ts"

/**
 * Which image of a document.
 *
 * @category models
 * @since 0.1.0
 */
export type Side = "front" | "back"

/**
 * Both sides, in order.
 *
 * @category models
 * @since 0.1.0
 */
export const sides: ReadonlyArray<Side> = ["front", "back"]

/**
 * Where the image store has the images: a path below its directory, or `s3://bucket/key`.
 *
 * @category models
 * @since 0.1.0
 */
export const Locations = Schema.Struct({
  front: Schema.optionalKey(Schema.String),
  back: Schema.optionalKey(Schema.String)
})
export interface Locations extends Schema.Schema.Type<typeof Locations> {}

/**
 * `CheckResult.View`, and what a collection knows besides. It can hold no person.
 *
 * @category models
 * @since 0.1.0
 */
export const View = Schema.Struct({
  ...CheckResult.View.fields,
  transactionId: Schema.String,
  merchantBizId: Schema.String,
  /** When the user was checked, in milliseconds since 1970, if the list of ids said so. */
  authenticatedAt: Schema.optionalKey(Schema.Finite),
  /** When the result came, in milliseconds since 1970. */
  collectedAt: Schema.Finite,
  /** How long the call took, retries included, in milliseconds. */
  duration: Schema.Finite,
  locations: Locations
})
export interface View extends Schema.Schema.Type<typeof View> {}

const FromEarlier = earlierView.Earlier.pipe(
  Schema.decodeTo(Schema.toType(View), {
    decode: SchemaGetter.transform(earlierView.toView),
    encode: SchemaGetter.forbiddenEncoding
  })
)

/**
 * A view as stores have it: JSON text, in today's form or in that of earlier versions. It is written in today's form.
 *
 * @category models
 * @since 0.1.0
 */
export const ViewFromText = Schema.fromJsonString(Schema.Union([View, FromEarlier]))

const Fields = Schema.Record(Schema.String, Schema.Unknown)

/**
 * The person's data: what was read, and the whole answer without the images.
 *
 * @category models
 * @since 0.1.0
 */
export const Person = Schema.Struct({
  ocr: Schema.optionalKey(Fields),
  ocrEdited: Schema.optionalKey(Fields),
  ocrBack: Schema.optionalKey(Fields),
  raw: Fields
})
export interface Person extends Schema.Schema.Type<typeof Person> {}

/**
 * A stored result. `person` is `undefined` if the collection keeps verdicts only.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoredResult {
  readonly view: View
  readonly person: Redacted.Redacted<Person> | undefined
}

/**
 * What a collection knows of one call.
 *
 * @category models
 * @since 0.1.0
 */
export interface Call {
  readonly transactionId: string
  readonly merchantBizId: string
  /** Milliseconds since 1970. */
  readonly authenticatedAt?: number | undefined
  /** Milliseconds since 1970. */
  readonly collectedAt: number
  /** Milliseconds. */
  readonly duration: number
}

/**
 * The facts of a result, with the locations of its images.
 *
 * @category constructors
 * @since 0.1.0
 */
export const view = (
  { authenticatedAt, ...call }: Call,
  result: CheckResult<Document.Reading>,
  locations: Locations = {}
): View => ({
  ...CheckResult.view(result),
  ...call,
  ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
  locations
})

/**
 * The person's data of a result.
 *
 * @category constructors
 * @since 0.1.0
 */
export const person = (result: CheckResult<Document.Reading>): Redacted.Redacted<Person> => {
  const ocr = fieldsOf(result.ocr)
  const ocrEdited = fieldsOf(result.ocrEdited)
  const ocrBack = fieldsOf(result.ocrBack)
  return Redacted.make(
    {
      ...(ocr === undefined ? {} : { ocr }),
      ...(ocrEdited === undefined ? {} : { ocrEdited }),
      ...(ocrBack === undefined ? {} : { ocrBack }),
      raw: Redacted.value(result.raw)
    },
    { label: "person" }
  )
}

/** Unreadable text is in `raw` of the whole answer. */
const fieldsOf = (reading: Document.Reading): Readonly<Record<string, unknown>> | undefined =>
  reading._tag === "Read" || reading._tag === "Ambiguous" ? Redacted.value(reading.raw) : undefined

const iso = (time: number): string => new Date(time).toISOString()

/**
 * A result as a JSON value: times in ISO 8601, the call's duration in milliseconds as `durationMillis`. It has the
 * person's data only if `reveal` is true.
 *
 * @category encoding
 * @since 0.1.0
 */
export const toJson = (stored: StoredResult, reveal: boolean): Readonly<Record<string, unknown>> => {
  const { authenticatedAt, collectedAt, duration, expectation, receivedAt, ...facts } = stored.view
  const { startedAt, ...expected } = expectation
  return {
    ...facts,
    expectation: { ...expected, ...(startedAt === undefined ? {} : { startedAt: iso(startedAt) }) },
    ...(receivedAt === undefined ? {} : { receivedAt: iso(receivedAt) }),
    ...(authenticatedAt === undefined ? {} : { authenticatedAt: iso(authenticatedAt) }),
    collectedAt: iso(collectedAt),
    durationMillis: duration,
    ...(reveal && stored.person !== undefined ? { person: Redacted.value(stored.person) } : {})
  }
}
