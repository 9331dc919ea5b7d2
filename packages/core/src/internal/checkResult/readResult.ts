/** A successful response of CheckResult → its result, held against what was asked for. */
import * as Result from "effect/Result"
import * as Redacted from "effect/Redacted"
import type * as CloudauthError from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import * as Wire from "../../Wire.ts"
import { decodeError, pending, type Success, whole } from "../decode/classify.ts"
import type { CheckResult } from "./model.ts"
import { type Body, decodePart } from "../decode/body.ts"
import * as Struct from "effect/Struct"
import type * as Spoof from "../../Spoof.ts"
import { claimsOf } from "../verdict/claims.ts"
import { decide } from "../verdict/rules.ts"
import { readDocuments } from "../decode/documents.ts"
import { printable } from "../decode/serverText.ts"
import { rawOf } from "../decode/raw.ts"
import { warningsOf } from "./warnings.ts"
import { type Answered, type Asked, extOf, type SpoofPart } from "../decode/answered.ts"

const decode = decodePart(Wire.NestedJson(Wire.CheckResultResult))

/** The result, held against what was asked; an error while it is pending. */
export const readResult = (
  success: Success,
  asked: Asked
): Result.Result<CheckResult<Document.Reading>, CloudauthError.CloudauthError> => {
  const read = ofSuccess(success, asked)
  // The key of an image stood in an unexpected place: read the body without cutting.
  return Result.isFailure(read) || hasEveryImage(success.body, read.success) ? read : ofSuccess(whole(success), asked)
}

const ofSuccess = (
  { body, envelope, hasOtherId, received, requestId }: Success,
  asked: Asked
): Result.Result<CheckResult<Document.Reading>, CloudauthError.CloudauthError> => {
  const result = Wire.readable(decode(envelope.fields.Result, body.images))
  if (result === undefined) return Result.fail(decodeError(received, requestId, "Result", "an object"))
  if (result.fields.Passed === "P" && !result.source.repeated.includes("Passed"))
    return Result.fail(pending(received, requestId))
  return Result.succeed(
    toResult({ answer: envelope, result, isUtf8: body.isUtf8, hasOtherId, receivedAt: received.receivedAt }, asked)
  )
}

/** Whether every image that was cut out of the bytes is in the result. */
const hasEveryImage = ({ images }: Body, result: CheckResult<Document.Reading>): boolean => {
  const found = [result.images.front, result.images.back].map((image) => image && Redacted.value(image.bytes))
  return [...images.values()].every((bytes) => found.includes(bytes))
}

/** Builds the result. */
export const toResult = (answered: Answered, asked: Asked): CheckResult<Document.Reading> => {
  const { answer, result } = answered
  const ext = extOf(result)
  const documents = readDocuments(ext?.fields, asked.expectation)
  const spoof = {
    front: spoofOf(ext?.fields.spoofInfo, asked.expectation.idSpoof),
    back: spoofOf(ext?.fields.spoofBackInfo, asked.expectation.idSpoof)
  }
  const requestId = Wire.readable(answer.fields.RequestId)
  return present({
    requestId: requestId === undefined ? undefined : printable(requestId),
    transactionId: asked.transactionId,
    merchantBizId: asked.merchantBizId,
    receivedAt: answered.receivedAt,
    expectation: asked.expectation,
    verdict: decide(claimsOf(answered, documents, asked)),
    ocrPassed: Wire.readable(ext?.fields.ocrIdPassed),
    ocr: documents.ocr.reading,
    ocrEdited: documents.edited.reading,
    ocrBack: documents.back.reading,
    spoof,
    images: present({ front: Wire.readable(ext?.fields.idImage), back: Wire.readable(ext?.fields.idBackImage) }),
    warnings: warningsOf(answered, documents),
    raw: Redacted.make(rawOf(answered, documents), { label: "answer" })
  })
}

/** The parts that are there: JSON and equality tell an absent key from one that is `undefined`. */
const present = <A extends object>(parts: A): A => {
  const there: Partial<A> = {}
  for (const key of Struct.keys(parts)) if (parts[key] !== undefined) there[key] = parts[key]
  return there as A // only an optional key can hold `undefined`
}

/** More types than any answer has. */
const mostTypes = 20

const spoofOf = (part: SpoofPart, wasRequested: boolean | undefined): Spoof.Spoof => {
  const fields = Wire.readable(part)?.fields
  const types = (Wire.readable(fields?.spoofType) ?? []).slice(0, mostTypes).map(printable)
  const found = Wire.readable(fields?.spoofResult)
  if (found === true) return { _tag: "Risk", types }
  if (wasRequested === false) return { _tag: "NotRequested", types }
  if (found === undefined) return { _tag: "NotReported", types }
  return { _tag: wasRequested === true ? "Clear" : "Unconfirmed", types }
}
