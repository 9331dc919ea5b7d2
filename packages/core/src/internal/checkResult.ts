/** CheckResult as an operation of the client. */
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import type { CheckResult } from "../CheckResult.ts"
import * as CheckResultRequest from "../CheckResultRequest.ts"
import * as CloudauthError from "../CloudauthError.ts"
import * as Document from "../Document.ts"
import type * as Spoof from "../Spoof.ts"
import { Attribute } from "../Telemetry.ts"
import type { Operation } from "./client.ts"
import { fromSuccess } from "./readResult.ts"

const describeSpoof = (span: Tracer.Span, attribute: string, spoof: Spoof.Spoof): void => {
  if (spoof._tag !== "NotReported") span.attribute(attribute, spoof._tag)
}

/** Tells a span of a result: nothing of the person. */
export const describeResult = (span: Tracer.Span, result: CheckResult<Document.Reading>): void => {
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

const queryOf = (request: CheckResultRequest.CheckResultRequest, kind: Document.Kind | undefined) =>
  kind !== undefined && Document.nameOf(kind) === undefined
    ? Result.fail(CloudauthError.invalidRequest("document", "one of the kinds of Document, or left out"))
    : CheckResultRequest.toQuery(request)

/** The kind that the caller names: as for every option, one on a prototype does not count. */
const kindOf = <K extends Document.Kind | undefined>(request: CheckResultRequest.WithDocument<K>) =>
  typeof request === "object" && request !== null && Object.hasOwn(request, "document") ? request.document : undefined

/** The result of the check that is asked for, its document read as the kind that is. */
export const operation = <K extends Document.Kind | undefined>(
  request: CheckResultRequest.WithDocument<K>
): Operation<CheckResult<Document.Expected<K>>> => ({
  action: CheckResultRequest.action,
  request,
  query: queryOf(request, kindOf(request)),
  // A reader that is given a kind reads as that kind alone.
  read: (success) =>
    fromSuccess(success, kindOf(request)) as Result.Result<
      CheckResult<Document.Expected<K>>,
      CloudauthError.CloudauthError
    >,
  describe: describeResult,
  checked: (result) => result
})
