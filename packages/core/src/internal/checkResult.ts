/** CheckResult as an operation of the client. */
import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import * as Answer from "../Answer.ts"
import type { CheckResult } from "../CheckResult.ts"
import * as CheckResultRequest from "../CheckResultRequest.ts"
import type * as CloudauthError from "../CloudauthError.ts"
import type * as Document from "../Document.ts"
import type * as RetryPolicy from "../RetryPolicy.ts"
import type * as Spoof from "../Spoof.ts"
import type { Call, Operation } from "./client.ts"

export type Request = CheckResultRequest.CheckResultRequest & { readonly document?: Document.Kind | undefined }

export type Result = CheckResult<Document.Reading>

/** Asks once. */
export type Run = (
  request: Request,
  retry: RetryPolicy.Override | undefined
) => Effect.Effect<Result, CloudauthError.CloudauthError>

const describeSpoof = (span: Tracer.Span, side: string, spoof: Spoof.Spoof): void => {
  if (spoof._tag !== "NotReported") span.attribute(`cloudauth.spoof.${side}`, spoof._tag)
}

/** Tells a span of a result: nothing of the person. */
export const describeResult = (span: Tracer.Span, result: Result): void => {
  span.attribute("cloudauth.response.code", "Success")
  if (result.requestId !== undefined) span.attribute("cloudauth.request_id", result.requestId)
  span.attribute("cloudauth.verdict", result.verdict._tag)
  const subCode = result.verdict.subCode
  if (subCode !== undefined) {
    span.attribute("cloudauth.sub_code", subCode.code)
    if (subCode.billed !== undefined) span.attribute("cloudauth.billed", subCode.billed)
  }
  if (result.ocr._tag === "Read") span.attribute("cloudauth.document", result.ocr.document)
  describeSpoof(span, "front", result.spoof.front)
  describeSpoof(span, "back", result.spoof.back)
  const imageBytes = (result.images.front?.size ?? 0) + (result.images.back?.size ?? 0)
  if (imageBytes > 0) span.attribute("cloudauth.image.bytes", imageBytes)
  if (result.warnings.length > 0) span.attribute("cloudauth.warnings", result.warnings.length)
}

const operation = (request: Request, query: CheckResultRequest.Query): Operation<Result> => ({
  action: CheckResultRequest.action,
  query,
  ids: request,
  read: (success) => Answer.toResult(success, request.document),
  describe: describeResult,
  checked: (result) => result
})

/** Asks once, through a client. */
export const run =
  (call: Call): Run =>
  (request, retry) =>
    Effect.flatMap(Effect.fromResult(CheckResultRequest.toQuery(request)), (query) =>
      call(operation(request, query), retry)
    )
