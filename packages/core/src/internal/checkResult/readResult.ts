/** A successful response of CheckResult → its result. */
import * as Result from "effect/Result"
import * as Redacted from "effect/Redacted"
import type * as CloudauthError from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import * as Wire from "../../Wire.ts"
import { decodeError, pending, type Success, whole } from "../decode/classify.ts"
import type { CheckResult } from "./model.ts"
import type { Asked } from "../decode/answered.ts"
import { type Body, decodePart } from "../decode/body.ts"
import { toResult } from "./result.ts"

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
