/** CheckResult as an operation of the client. */
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import type { CheckResult } from "../../CheckResult.ts"
import * as CheckResultRequest from "../../CheckResultRequest.ts"
import type * as CloudauthError from "../../CloudauthError.ts"
import type * as Document from "../../Document.ts"
import * as Expectation from "../../Expectation.ts"
import type * as Spoof from "../../Spoof.ts"
import * as SubCode from "../../SubCode.ts"
import { Attribute } from "../../Telemetry.ts"
import type { Operation } from "../call/client.ts"
import { readResult } from "../checkResult/readResult.ts"

const describeSpoof = (span: Tracer.Span, attribute: string, spoof: Spoof.Spoof): void => {
  if (spoof._tag !== "NotReported") span.attribute(attribute, spoof._tag)
}

/** Adds the result's non-personal facts to the span. */
export const describeResult = (span: Tracer.Span, result: CheckResult<Document.Reading>): void => {
  if (result.requestId !== undefined) span.attribute(Attribute.requestId, result.requestId)
  span.attribute(Attribute.verdict, result.verdict._tag)
  const subCode = result.verdict.subCode
  if (subCode !== undefined) {
    span.attribute(Attribute.subCode, subCode.code)
    const billed = SubCode.isBilled(subCode)
    if (billed !== undefined) span.attribute(Attribute.billed, billed)
  }
  if (result.ocr._tag === "Read") span.attribute(Attribute.document, result.ocr.document)
  describeSpoof(span, Attribute.spoofFront, result.spoof.front)
  describeSpoof(span, Attribute.spoofBack, result.spoof.back)
  const imageBytes = (result.images.front?.size ?? 0) + (result.images.back?.size ?? 0)
  if (imageBytes > 0) span.attribute(Attribute.imageBytes, imageBytes)
  if (result.warnings.length > 0) span.attribute(Attribute.warnings, result.warnings.length)
}

/** The result of the check that is asked for, held against what is expected. */
export const operation = <K extends Document.Kind | undefined>(
  request: CheckResultRequest.WithDocument<K>
): Operation<CheckResult<Document.Expected<K>>> => {
  const asked = CheckResultRequest.check(request)
  const expectation = Result.isSuccess(asked) ? asked.success.expectation : Expectation.none
  return {
    action: CheckResultRequest.action,
    version: CheckResultRequest.version,
    ids: idsOf(request),
    query: Result.map(asked, ({ query }) => query),
    read: (success) =>
      // What is read as a kind is what is expected of it.
      readResult(success, { ...idsOf(request), expectation }) as Result.Result<
        CheckResult<Document.Expected<K>>,
        CloudauthError.CloudauthError
      >,
    describe: describeResult,
    checked: (result) => result
  }
}

// Callers without types can give anything; such a request is refused.
const idsOf = (request: CheckResultRequest.CheckResultRequest | null | undefined) => ({
  merchantBizId: request?.merchantBizId,
  transactionId: request?.transactionId
})
