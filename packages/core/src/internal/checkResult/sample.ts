/** What the service could answer, for generators: results are decoded from it, so that their parts agree. */
import * as Schema from "effect/Schema"
import type * as Document from "../../Document.ts"
import * as Expectation from "../../Expectation.ts"
import * as IdImage from "../../IdImage.ts"
import * as Spoof from "../../Spoof.ts"
import * as Wire from "../../Wire.ts"
import { resultOf } from "../decode/answered.ts"
import * as base64 from "../decode/base64.ts"
import type { Json } from "../decode/json.ts"
import { toResult } from "./readResult.ts"
import { kinds, type Name, names } from "../document/kinds.ts"
import { revealRedacted } from "../document/reading.ts"
import { textLike } from "../generated.ts"
import type { CheckResult } from "./model.ts"

const id = textLike(/^[a-z0-9]{4,12}$/u)

const Side = Schema.Struct({
  spoofResult: Schema.Literals(["Y", "N"]),
  spoofType: Schema.Array(Schema.Literals(Spoof.knownTypes))
})

/** The fields of a document as they stand on the wire. */
const fieldsOf = (name: Name) => {
  const kind: Schema.Codec<unknown, Json> = kinds[name]
  return Schema.Struct({ name: Schema.Literal(name), read: kind, edited: Schema.optionalKey(kind) })
}

/** An answer, and what it is held against. */
const Sample = Schema.Struct({
  said: Schema.Literals(["Y 200", "N 211", "N 212", "N 213"]),
  ocrIdPassed: Schema.Literals(["Y", "N"]),
  document: Schema.Union(names.map(fieldsOf)),
  front: Schema.optionalKey(Side),
  back: Schema.optionalKey(Side),
  image: Schema.optionalKey(IdImage.IdImage),
  requestId: id,
  transactionId: id,
  merchantBizId: id,
  receivedAt: Expectation.Time,
  expectation: Expectation.Expectation
})

/** Answers to draw from: of one kind of document, or of any. */
export const sampleOf = (name: Name | undefined) =>
  name === undefined ? Sample : Sample.mapFields((fields) => ({ ...fields, document: fieldsOf(name) }))
export type Sample = typeof Sample.Type

const decode = Schema.decodeUnknownSync(Wire.CheckResultAnswer)

/** The answer as the service sends it. */
const answerOf = ({ back, document, front, image, ocrIdPassed, requestId, said }: Sample): Json => {
  const kind: Schema.Codec<unknown, Json> = kinds[document.name]
  const encode = Schema.encodeSync(kind)
  const [Passed, SubCode] = said.split(" ")
  const ext = {
    ocrIdPassed,
    ocrIdInfo: JSON.stringify(encode(document.read)),
    ...(document.edited === undefined ? {} : { ocrIdEditInfo: JSON.stringify(encode(document.edited)) }),
    ...(front === undefined ? {} : { spoofInfo: JSON.stringify(front) }),
    ...(back === undefined ? {} : { spoofBackInfo: JSON.stringify(back) }),
    ...(image === undefined ? {} : { idImage: base64.encode(revealRedacted(image.bytes)) })
  }
  return { RequestId: requestId, Code: "Success", Result: { Passed, SubCode, ExtIdInfo: JSON.stringify(ext) } }
}

const read = (sample: Sample, asked: Parameters<typeof toResult>[1], receivedAt: number | undefined) => {
  const answer = decode(answerOf(sample))
  const result = resultOf(answer)
  return result === undefined
    ? undefined
    : toResult({ answer, result, isUtf8: true, hasOtherId: false, receivedAt }, asked)
}

/** The result of a sample, held against its expectation of `name`, or of no kind of document. */
export const resultFrom =
  (name: Name | undefined) =>
  (sample: Sample): CheckResult<Document.Reading> | undefined => {
    const { expectation, merchantBizId, receivedAt, transactionId } = sample
    const { documents: _, ...rest } = expectation
    const held = name === undefined ? rest : { ...rest, documents: [name] as const }
    return read(sample, { transactionId, merchantBizId, expectation: held }, receivedAt)
  }

/** The result of a sample, held against nothing. */
export const bareResultFrom = (sample: Sample): CheckResult<Document.Reading> | undefined =>
  read(sample, { transactionId: undefined, merchantBizId: undefined, expectation: Expectation.none }, undefined)
