/**
 * The vendor's answer as schemas, in parts to reuse: JSON in strings, keys in any case, text that comes as a number. A wrong
 * part does not make the answer fail to decode: it becomes `Unreadable` and keeps its raw value.
 *
 * A sibling product's answer takes a few lines:
 *
 * @example
 * import * as Wire from "@effect-cloudauth/core/Wire"
 * import * as Schema from "effect/Schema"
 *
 * const FaceInfo = Wire.object({ faceScore: Wire.Text, faceAttack: Wire.YesOrNo })
 * const Answer = Wire.object({ Passed: Wire.YesOrNo, ExtFaceInfo: Wire.NestedJson(FaceInfo) })
 *
 * const answer = Schema.decodeUnknownSync(Answer)({ Passed: "Y", ExtFaceInfo: `{"faceScore":97.5,"faceAttack":"N"}` })
 * Wire.readable(answer.fields.ExtFaceInfo)?.fields.faceScore // => "97.5"
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaParser from "effect/SchemaParser"
import * as IdImage from "./IdImage.ts"
import * as base64 from "./internal/decode/base64.ts"
import { CutImages, type Images } from "./internal/decode/images.ts"
import { expectedObject, isJson, type Json, originalName, parseNested } from "./internal/decode/json.ts"
import { bySpelling, lookUp } from "./internal/document/plainKey.ts"

export type { Json } from "./internal/decode/json.ts"

/**
 * Something that is not as the vendor documents it.
 *
 * @category models
 * @since 0.1.0
 */
export const Unreadable = Schema.TaggedStruct("Unreadable", {
  /** What should have stood there. */
  expected: Schema.String.annotate({ description: "What should have stood there." }),
  /** What stood there. `Redacted`: it can be a person's. */
  raw: Schema.Redacted(Schema.Unknown)
})
export type Unreadable = typeof Unreadable.Type

const unreadable = (expected: string, raw: unknown): Unreadable => ({
  _tag: "Unreadable",
  expected,
  raw: Redacted.make(raw, { label: "raw" })
})

/**
 * Whether a decoded part could not be read. A malformed date is a value, not this: its text is not `Redacted`.
 *
 * @category guards
 * @since 0.1.0
 */
export const isUnreadable = (value: unknown): value is Unreadable =>
  typeof value === "object" &&
  value !== null &&
  "_tag" in value &&
  value._tag === "Unreadable" &&
  "raw" in value &&
  Redacted.isRedacted(value.raw)

/**
 * The value of a decoded part, or `undefined` if it is absent or could not be read.
 *
 * @category getters
 * @since 0.1.0
 */
export const readable = <A>(part: A | Unreadable | undefined): A | undefined => (isUnreadable(part) ? undefined : part)

/** What stood in an unreadable part goes back as it came. */
const rawOf = (value: unknown): unknown => (isUnreadable(value) ? Redacted.value(value.raw) : value)

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "")

/** A nested document can also be blank in JSON's own way: a writer encodes `null` as it encodes the rest. */
const isBlankDocument = (value: unknown): boolean =>
  isBlank(value) || (typeof value === "string" && /^\s*(?:null|""|"null")\s*$/.test(value))

/** `schema`, or unreadable. A union would try each in turn, and take an unreadable object for one without known keys. */
const orUnreadable = <S extends Schema.Constraint>(schema: S) =>
  Schema.declareConstructor<S["Type"] | Unreadable, S["Encoded"] | Unreadable>()([schema], ([codec]) => {
    const parse = SchemaParser.decodeUnknownEffect(codec)
    return (value, _, options) => (isUnreadable(value) ? Effect.succeed(value) : parse(value, options))
  })

/** Anything, read by `read`. */
const anything = <S extends Schema.Constraint>(
  type: S,
  read: (value: unknown) => S["Type"] | Unreadable,
  write: (value: S["Type"]) => unknown
) =>
  Schema.Unknown.pipe(
    Schema.decodeTo(orUnreadable(type), {
      decode: SchemaGetter.transform(read),
      encode: SchemaGetter.transform<unknown, S["Type"] | Unreadable>((value) =>
        isUnreadable(value) ? rawOf(value) : write(value)
      )
    })
  )

/** Larger numbers were rounded when they were parsed: they are not the text that came. */
const isExact = (number: number): boolean => Math.abs(number) <= Number.MAX_SAFE_INTEGER

const readText = (value: unknown): string | Unreadable =>
  typeof value === "string" || (typeof value === "number" && isExact(value)) || typeof value === "boolean"
    ? String(value)
    : unreadable("text", value)

/** JSON that is not text. Its types are named, so that a union with it hands text to the text's schema alone. */
const NoText: Schema.Codec<unknown> = Schema.Union([Schema.Number, Schema.Boolean, Schema.Null, Schema.ObjectKeyword])

/**
 * Text that stands for a value: a date, for example. `schema` must decode every text. A number and a boolean count as
 * text, since writers leave quotes off.
 *
 * @category parts
 * @since 0.1.0
 */
export const TextOf = <S extends Schema.Codec<unknown, string>>(schema: S) =>
  Schema.optionalKey(
    Schema.Union([
      schema,
      NoText.pipe(
        Schema.decodeTo(orUnreadable(schema), {
          decode: SchemaGetter.transform<S["Encoded"] | Unreadable, unknown>(readText),
          encode: SchemaGetter.transform<unknown, S["Encoded"] | Unreadable>(rawOf)
        })
      )
    ])
  )

/**
 * Text. A number and a boolean count as text, since writers leave quotes off. A number above
 * `Number.MAX_SAFE_INTEGER` is unreadable: it was rounded when it was parsed.
 *
 * @category parts
 * @since 0.1.0
 */
export const Text = TextOf(Schema.String)

/**
 * `Y` or `N`, exactly.
 *
 * @category parts
 * @since 0.1.0
 */
export const YesOrNo = Schema.optionalKey(
  anything(
    Schema.Boolean,
    (value) => (value === "Y" ? true : value === "N" ? false : unreadable("Y or N", value)),
    (value) => (value ? "Y" : "N")
  )
)

/**
 * A list of texts, or one text. Blank texts are dropped.
 *
 * @category parts
 * @since 0.1.0
 */
export const Texts = Schema.optionalKey(
  anything(
    Schema.Array(Schema.String),
    (value) => {
      const texts: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
      return texts.every((text) => typeof text === "string")
        ? texts.filter((text) => text !== "")
        : unreadable("text or a list of texts", value)
    },
    (texts) => texts
  )
)

/** What `IdImage.fromBytes` makes. The schema `IdImage` would load Effect's Base64, which this module does not use. */
const ImageValue = Schema.declare(
  (value): value is IdImage.IdImage =>
    typeof value === "object" && value !== null && "bytes" in value && Redacted.isRedacted(value.bytes)
)

/**
 * An image in Base64. White space and a `data:` prefix are ignored. Bytes of an unknown format are unreadable.
 *
 * @category parts
 * @since 0.1.0
 */
export const Image = Schema.optionalKey(
  Schema.Unknown.pipe(
    Schema.decodeTo(orUnreadable(ImageValue), {
      decode: SchemaGetter.transformEffect((value: unknown) =>
        Effect.map(CutImages, (images) => readImage(value, images))
      ),
      encode: SchemaGetter.transform<unknown, IdImage.IdImage | Unreadable>((image) =>
        isUnreadable(image) ? rawOf(image) : base64.encode(Redacted.value(image.bytes))
      )
    })
  )
)

const readImage = (value: unknown, images: Images): IdImage.IdImage | Unreadable => {
  if (typeof value !== "string") return unreadable("Base64", value)
  const bytes = images.get(value) ?? base64.decodeTolerant(value)
  if (bytes === undefined || bytes.byteLength === 0) return unreadable("Base64", value)
  return IdImage.fromBytes(bytes) ?? unreadable("an image in Base64", value)
}

/**
 * How a JSON object came.
 *
 * @category models
 * @since 0.1.0
 */
export interface Source {
  /** Everything as it came. */
  readonly raw: Json
  /** The key that was read for each name. */
  readonly keys: Readonly<Record<string, string>>
  /** The names that stand more than once, exactly or in another spelling. Of those no value can be trusted. */
  readonly repeated: ReadonlyArray<string>
  /** The keys that stood for a name by `otherNames`. */
  readonly synonyms: ReadonlyArray<string>
  /** The keys that stand for no name. */
  readonly unknown: ReadonlyArray<string>
}

/**
 * A JSON object whose keys stand in any case and with or without underscores. `fields` has the parts that the schema
 * names, `source` how they came. A key whose value is blank (`null`, empty text, white space) is absent; only a field of
 * `Schema.Unknown` has whatever stands there.
 *
 * @category parts
 * @since 0.1.0
 */
export const object = <const Fields extends Schema.Struct.Fields>(
  fields: Fields,
  otherNames: Readonly<Record<string, keyof Fields & string>> = {}
) => {
  const struct = Schema.Struct(fields)
  const spellings = spellingsOf(fields, otherNames)
  return JsonObject.pipe(
    Schema.decodeTo(Schema.Struct({ fields: struct, source: SourceOf }), {
      decode: SchemaGetter.transform((raw) => {
        const { picked, source } = pick(raw, spellings)
        // What the struct takes is unknown here: its own schema decodes it next.
        return { fields: picked as typeof struct.Encoded, source }
      }),
      encode: SchemaGetter.transform(({ fields, source }): Json => ({ ...source.raw, ...fields }))
    })
  )
}

const JsonObject = Schema.declare(isJson, {
  expected: "a JSON object",
  toCodecJson: () =>
    Schema.link<Json>()(Schema.Record(Schema.String, Schema.Unknown), {
      decode: SchemaGetter.passthrough<Json>(),
      encode: SchemaGetter.passthrough<Json>()
    })
})

/** Made by `object` itself. */
const SourceOf = Schema.declare((value): value is Source => isJson(value) && "raw" in value, { expected: "a Source" })

/** What a key in one of its spellings stands for. */
interface Spelling {
  readonly name: string
  readonly isSynonym: boolean
  /** Whether a blank value counts. */
  readonly hasBlanks: boolean
}

const spellingsOf = (
  fields: Schema.Struct.Fields,
  otherNames: Readonly<Record<string, string>>
): ReadonlyMap<string, Spelling> => {
  const spelling = (name: string, isSynonym: boolean): Spelling => ({
    name,
    isSynonym,
    hasBlanks: fields[name] !== undefined && SchemaAST.isUnknown(fields[name].ast)
  })
  return bySpelling([
    ...Object.entries(otherNames).map(([other, name]) => [other, spelling(name, true)] as const),
    ...Object.keys(fields).map((name) => [name, spelling(name, false)] as const)
  ])
}

/** The prototype of what is picked: it has no properties, so none can pass for a part of the answer. */
const bare: object = Object.create(null)

/** The parts of an object that its schema reads, and how they stood there. */
const pick = (raw: Json, spellings: ReadonlyMap<string, Spelling>) => {
  const picked: Record<string, unknown> = Object.create(bare)
  const keys: Record<string, string> = Object.create(bare)
  const repeated: Array<string> = []
  const synonyms: Array<string> = []
  const unknown: Array<string> = []
  for (const key of Object.keys(raw)) {
    const original = originalName(key)
    const spelling = lookUp(spellings, original ?? key)
    if (spelling === undefined) {
      unknown.push(key)
      continue
    }
    const { hasBlanks, isSynonym, name } = spelling
    if (original !== undefined || name in keys) repeated.push(name)
    if (isSynonym) synonyms.push(key)
    keys[name] = key
    if (hasBlanks || !isBlank(raw[key])) picked[name] = raw[key]
    // Of several the last counts, blank or not.
    else if (name in picked) delete picked[name]
  }
  return { picked, source: { raw, keys, repeated, synonyms, unknown } }
}

/**
 * A document that comes as a JSON string, as an object, or encoded once more. Blank is absent.
 *
 * @category parts
 * @since 0.1.0
 */
export const NestedJson = <S extends Schema.ConstraintCodec<unknown, Json>>(schema: S) =>
  Schema.optionalKey(Schema.Unknown).pipe(
    Schema.decodeTo(Schema.optionalKey(orUnreadable(schema)), {
      decode: SchemaGetter.transformOptional<Json | Unreadable, unknown>((value) =>
        Option.isNone(value) || isBlankDocument(value.value)
          ? Option.none()
          : Option.some(parseNested(value.value) ?? unreadable(expectedObject, value.value))
      ),
      encode: SchemaGetter.transform<unknown, Json | Unreadable>((value) =>
        isUnreadable(value) ? rawOf(value) : JSON.stringify(value)
      )
    })
  )

/**
 * `spoofInfo`: the anti-spoofing check of one side.
 *
 * @category models
 * @since 0.1.0
 */
export const SpoofInfo = object({
  /** `Y`: a risk was found. `N`: none, or the check was not asked for at Initialize. */
  spoofResult: YesOrNo,
  /** An algorithm's prediction of the kind of attack; it can be missing. Don't depend on it. */
  spoofType: Texts
})

/**
 * Fields of a document, before its kind is known.
 *
 * @category models
 * @since 0.1.0
 */
export const DocumentFields = JsonObject

/**
 * `ExtIdInfo`: the information about the ID document OCR result.
 *
 * @category models
 * @since 0.1.0
 */
export const ExtIdInfo = object({
  /** The final result of the ID document OCR phase. */
  ocrIdPassed: YesOrNo,
  /** The fields read from the front; empty if OCR failed. */
  ocrIdInfo: NestedJson(DocumentFields),
  /** The fields that the user submitted after editing them on the OCR result page. */
  ocrIdEditInfo: NestedJson(DocumentFields),
  /** The fields read from the back; empty if OCR failed. */
  ocrIdBackInfo: NestedJson(DocumentFields),
  spoofInfo: NestedJson(SpoofInfo),
  spoofBackInfo: NestedJson(SpoofInfo),
  /** The image of the front, if the request asked for images. */
  idImage: Image,
  /** The image of the back, if the request asked for images. */
  idBackImage: Image
})

const envelope = {
  /** The request ID. */
  RequestId: Text,
  /** The response code: `Success`, or the code of an error. */
  Code: Text,
  /** The detailed description of the response code. */
  Message: Text,
  Success: Text,
  HttpStatusCode: Text
}

/**
 * Every answer, also an error's, with its `Result` as it came.
 *
 * @category models
 * @since 0.1.0
 */
export const Envelope = object({ ...envelope, Result: Schema.optionalKey(Schema.Unknown) })
export type Envelope = typeof Envelope.Type

/**
 * The whole answer of an operation whose result is `result`.
 *
 * @category models
 * @since 0.1.0
 */
export const Answer = <S extends Schema.ConstraintCodec<unknown, Json>>(result: S) =>
  object({ ...envelope, Result: NestedJson(result) })

/**
 * The `Result` of CheckResult. The parts from `TransactionId` on are those of sibling solutions.
 *
 * @category models
 * @since 0.1.0
 */
export const CheckResultResult = object({
  /** The final authentication result: `Y`, `N`, or `P` while it is pending. */
  Passed: Text,
  /** The description of the authentication result, as a code. */
  SubCode: Text,
  /** The information about the ID document OCR result. */
  ExtIdInfo: NestedJson(ExtIdInfo),
  TransactionId: Text,
  MerchantBizId: Text,
  Success: Text,
  EkycResult: Text,
  ExtRiskInfo: Schema.optionalKey(Schema.Unknown)
})

/**
 * The answer of CheckResult.
 *
 * @category models
 * @since 0.1.0
 */
export const CheckResultAnswer = Answer(CheckResultResult)
export type CheckResultAnswer = typeof CheckResultAnswer.Type

/**
 * The `Result` of Initialize.
 *
 * @category models
 * @since 0.1.0
 */
export const InitializeResult = object({ TransactionId: Text, TransactionUrl: Text, Protocol: Text, ClientCfg: Text })

/**
 * The answer of Initialize.
 *
 * @category models
 * @since 0.1.0
 */
export const InitializeAnswer = Answer(InitializeResult)
export type InitializeAnswer = typeof InitializeAnswer.Type
