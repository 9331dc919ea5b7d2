/** A successful response of CheckResult → its result. */
import * as Result from "effect/Result"
import * as Redacted from "effect/Redacted"
import type * as CloudauthError from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import * as Wire from "../../Wire.ts"
import { decodeError, pending, type Success } from "../decode/classify.ts"
import type { CheckResult } from "./model.ts"
import { type Asked, resultOf } from "../decode/answered.ts"
import { type Body, decodeBody, readWhole } from "../decode/body.ts"
import { toResult } from "./result.ts"

const decode = decodeBody(Wire.CheckResultAnswer)

/** The result, held against what was asked; an error while it is pending. */
export const readResult = (
  success: Success,
  asked: Asked
): Result.Result<CheckResult<Document.Reading>, CloudauthError.CloudauthError> => {
  const read = fromBody(success.body, success, asked)
  if (Result.isFailure(read) || hasEveryImage(success.body, read.success)) return read
  // The key of an image stood in an unexpected place: read the body without cutting.
  const whole = readWhole(success.received.body)
  return whole === undefined ? read : fromBody(whole, success, asked)
}

const fromBody = (
  body: Body,
  { hasOtherId, received, requestId }: Success,
  asked: Asked
): Result.Result<CheckResult<Document.Reading>, CloudauthError.CloudauthError> => {
  const answer = decode(body)
  const result = answer === undefined ? undefined : resultOf(answer)
  if (answer === undefined || result === undefined) {
    return Result.fail(decodeError(received, requestId, "Result", "an object"))
  }
  if (result.fields.Passed === "P" && !result.source.repeated.includes("Passed"))
    return Result.fail(pending(received, requestId))
  return Result.succeed(
    toResult({ answer, result, isUtf8: body.isUtf8, hasOtherId, receivedAt: received.receivedAt }, asked)
  )
}

/** Whether every image that was cut out of the bytes is in the result. */
const hasEveryImage = ({ images }: Body, result: CheckResult<Document.Reading>): boolean => {
  const found = [result.images.front, result.images.back].map((image) => image && Redacted.value(image.bytes))
  return [...images.values()].every((bytes) => found.includes(bytes))
}
