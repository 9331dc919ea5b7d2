/**
 * A result as a collection keeps it: the facts of the verdict, which name nobody, and apart from them the person's data,
 * `Redacted` in memory and written only into the store.
 */
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import * as Document from "@effect-cloudauth/core/Document"
import * as Spoof from "@effect-cloudauth/core/Spoof"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** A photograph that was stored. */
export const StoredImage = Schema.Struct({
  side: Schema.Literals(["front", "back"]),
  mediaType: Schema.String,
  /** Bytes. */
  size: Schema.Int,
  /** Of the bytes, in hex: shows later that the file is the one that came. */
  sha256: Schema.String,
  /** As the image store names it: a path below its directory, or `s3://bucket/key`. */
  location: Schema.String
})
export type StoredImage = typeof StoredImage.Type

/** What is known of a check without knowing the person. */
export const Facts = Schema.Struct({
  transactionId: Schema.String,
  merchantBizId: Schema.String,
  requestId: Schema.optionalKey(Schema.String),
  /** When the user was checked, in milliseconds since 1970, where somebody said so. */
  authenticatedAt: Schema.optionalKey(Schema.Finite),
  /** When the answer came, in milliseconds since 1970. */
  collectedAt: Schema.Finite,
  /** How long the call took, retries included, in milliseconds. */
  duration: Schema.Finite,
  verdict: Schema.Literals(["Passed", "Rejected", "Inconclusive"]),
  /** Why a verdict is inconclusive. */
  reason: Schema.optionalKey(Schema.String),
  subCode: Schema.optionalKey(Schema.String),
  /** Whether the sub code is billed; left out where the vendor's page is silent. */
  billed: Schema.optionalKey(Schema.Boolean),
  /** The document's kind; `Undecided` where its fields fit several, `NotRead` where nothing was read. */
  document: Schema.Literals([...Document.names, "Undecided", "NotRead"]),
  ocrPassed: Schema.optionalKey(Schema.Boolean),
  spoofFront: Spoof.Spoof,
  spoofBack: Spoof.Spoof,
  /** The names of the fields that the person changed by hand. */
  edited: Schema.Array(Schema.String),
  warnings: Schema.Array(Schema.Struct({ path: Schema.String, expected: Schema.String })),
  images: Schema.Array(StoredImage)
})
export type Facts = typeof Facts.Type

const Fields = Schema.Record(Schema.String, Schema.Unknown)

/** The person's data: what was read, and the whole answer without the photographs. */
export const Person = Schema.Struct({
  ocr: Schema.optionalKey(Fields),
  ocrEdited: Schema.optionalKey(Fields),
  ocrBack: Schema.optionalKey(Fields),
  raw: Fields
})
export type Person = typeof Person.Type

/** Both. `person` is `undefined` where a collection keeps verdicts only. */
export interface StoredResult {
  readonly facts: Facts
  readonly person: Redacted.Redacted<Person> | undefined
}

/** What a call was about and how long it took. */
export interface CallFacts {
  readonly transactionId: string
  readonly merchantBizId: string
  /** Milliseconds since 1970. */
  readonly authenticatedAt?: number
  /** Milliseconds since 1970. */
  readonly collectedAt: number
  /** Milliseconds. */
  readonly duration: number
}

const documentOf = (reading: Document.Reading): Facts["document"] =>
  reading._tag === "Read" ? reading.document : reading._tag === "Ambiguous" ? "Undecided" : "NotRead"

const rawOf = (reading: Document.Reading): Readonly<Record<string, unknown>> | undefined =>
  reading._tag === "NotRead" ? undefined : Redacted.value(reading.raw)

const given = <K extends string, A>(key: K, value: A | undefined): { readonly [P in K]?: A } =>
  // A computed key loses its name; it is the one that was given.
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: A }

/** The facts of a result, with the places where its photographs are. */
export const facts = (
  call: CallFacts,
  result: CheckResult<Document.Reading>,
  images: ReadonlyArray<StoredImage>
): Facts => {
  const { verdict } = result
  const document = documentOf(result.ocr)
  return {
    ...call,
    ...given("requestId", result.requestId),
    verdict: verdict._tag,
    ...given("reason", verdict._tag === "Inconclusive" ? verdict.reason : undefined),
    ...given("subCode", verdict.subCode?.code),
    ...given("billed", verdict.subCode?.billed),
    document: document === "NotRead" ? documentOf(result.ocrBack) : document,
    ...given("ocrPassed", result.ocrPassed),
    spoofFront: result.spoof.front,
    spoofBack: result.spoof.back,
    edited: Document.differences(result.ocr, result.ocrEdited).map(({ field }) => field),
    warnings: result.warnings.map(({ expected, path }) => ({ path, expected })),
    images
  }
}

/** The person's data of a result. */
export const person = (result: CheckResult<Document.Reading>): Redacted.Redacted<Person> =>
  Redacted.make(
    {
      ...given("ocr", rawOf(result.ocr)),
      ...given("ocrEdited", rawOf(result.ocrEdited)),
      ...given("ocrBack", rawOf(result.ocrBack)),
      raw: Redacted.value(result.raw)
    },
    { label: "person" }
  )

/** As a JSON value; the person's data is in it only where asked for. */
export const toJson = (stored: StoredResult, reveal: boolean): Readonly<Record<string, unknown>> => ({
  ...stored.facts,
  ...(reveal && stored.person !== undefined ? { person: Redacted.value(stored.person) } : {})
})
