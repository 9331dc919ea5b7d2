/** CheckResult as an operation of the client. */
import type * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import * as Answer from "../Answer.ts"
import type { CheckResult } from "../CheckResult.ts"
import * as CheckResultRequest from "../CheckResultRequest.ts"
import * as CloudauthError from "../CloudauthError.ts"
import * as Document from "../Document.ts"
import type * as RetryPolicy from "../RetryPolicy.ts"
import type * as Spoof from "../Spoof.ts"
import { Attribute } from "../Telemetry.ts"
import type { Call, Operation } from "./client.ts"

type Request = CheckResultRequest.CheckResultRequest & { readonly document?: Document.Kind | undefined }

/** A check's result, of whatever document. */
export type Checked = CheckResult<Document.Reading>

/** Asks once. */
export type Run = (
  request: Request,
  retry: RetryPolicy.Override | undefined
) => Effect.Effect<Checked, CloudauthError.CloudauthError>

const describeSpoof = (span: Tracer.Span, attribute: string, spoof: Spoof.Spoof): void => {
  if (spoof._tag !== "NotReported") span.attribute(attribute, spoof._tag)
}

/** Tells a span of a result: nothing of the person. */
export const describeResult = (span: Tracer.Span, result: Checked): void => {
  if (result.requestId !== undefined) span.attribute(Attribute.requestId, result.requestId)
  span.attribute(Attribute.verdict, result.verdict._tag)
  const subCode = result.verdict.subCode
  if (subCode !== undefined) {
    span.attribute(Attribute.subCode, subCode.code)
    if (subCode.billed !== undefined) span.attribute(Attribute.billed, subCode.billed)
  }
  if (result.ocr._tag === "Read") span.attribute(Attribute.document, result.ocr.document)
  describeSpoof(span, Attribute.spoofFront, result.spoof.front)
  describeSpoof(span, Attribute.spoofBack, result.spoof.back)
  const imageBytes = (result.images.front?.size ?? 0) + (result.images.back?.size ?? 0)
  if (imageBytes > 0) span.attribute(Attribute.imageBytes, imageBytes)
  if (result.warnings.length > 0) span.attribute(Attribute.warnings, result.warnings.length)
}

const queryOf = (request: Request) =>
  request.document !== undefined && Document.nameOf(request.document) === undefined
    ? Result.fail(CloudauthError.invalidRequest("document", "one of the kinds of Document, or left out"))
    : CheckResultRequest.toQuery(request)

const operation = (request: Request): Operation<Checked> => ({
  action: CheckResultRequest.action,
  query: queryOf(request),
  ids: request,
  read: (success) => Answer.toResult(success, request.document),
  describe: describeResult,
  checked: (result) => result
})

/** Asks once, through a client. */
export const run =
  (call: Call): Run =>
  (request, retry) =>
    call(operation(request), retry)
