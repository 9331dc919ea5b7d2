/**
 * The body of an answer ↔ its result: for bodies that were kept, and for results that are to be.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import type { CheckResult } from "./CheckResult.ts"
import type * as CloudauthError from "./CloudauthError.ts"
import type * as Document from "./Document.ts"
import * as answer from "./internal/answer.ts"
import * as base64 from "./internal/base64.ts"
import * as nestedJson from "./internal/nestedJson.ts"
import { fromSuccess } from "./internal/readResult.ts"

/**
 * Decodes an answer's body that was kept, for example in a file: bytes or text. Fails with `ProcessNotCompleted` where
 * `Passed` is `P`: the user had not finished.
 *
 * @example
 * import * as Answer from "@effect-cloudauth/core/Answer"
 * import * as Document from "@effect-cloudauth/core/Document"
 * import * as Result from "effect/Result"
 *
 * const body = `{"RequestId":"1","Code":"Success","Result":{"Passed":"Y","SubCode":"200","ExtIdInfo":"{}"}}`
 * Result.getOrThrow(Answer.decode(body, Document.GlobalPassport)).verdict._tag // => "Passed"
 */
export const decode: {
  <K extends Document.Kind>(
    body: Uint8Array | string,
    kind: K
  ): Result.Result<CheckResult<Document.Expected<K>>, CloudauthError.CloudauthError>
  (body: Uint8Array | string): Result.Result<CheckResult, CloudauthError.CloudauthError>
} = (body: Uint8Array | string, kind?: Document.Kind) =>
  Result.flatMap(
    answer.classify(answer.ofBody(body)),
    // Reading with a kind gives that kind's reading.
    (success) => fromSuccess(success, kind) as Result.Result<CheckResult<never>, CloudauthError.CloudauthError>
  )

/**
 * The body that the service would send for a result: everything that came, unknown keys included, nested documents as
 * JSON strings. It holds a person's data. `decode` of it gives the same result.
 */
export const encode = (result: CheckResult<Document.Reading>): string => {
  const raw = Redacted.value(result.raw)
  const body = nestedJson.pick(raw, "Result")
  if (!nestedJson.isJson(body) || !nestedJson.isJson(body["ExtIdInfo"])) return JSON.stringify(raw)
  const ext: Record<string, unknown> = { ...body["ExtIdInfo"] }
  for (const key of nestedKeys) if (nestedJson.isJson(ext[key])) ext[key] = JSON.stringify(ext[key])
  const { back, front } = result.images
  if (front !== undefined) ext["idImage"] = base64.encode(Redacted.value(front.bytes))
  if (back !== undefined) ext["idBackImage"] = base64.encode(Redacted.value(back.bytes))
  return JSON.stringify({ ...raw, Result: { ...body, ExtIdInfo: JSON.stringify(ext) } })
}

const nestedKeys = ["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo", "spoofInfo", "spoofBackInfo"]

const isCheckResult = (value: unknown): value is CheckResult =>
  nestedJson.isJson(value) && Redacted.isRedacted(value["raw"]) && Array.isArray(value["warnings"])

const Declared = Schema.declare(isCheckResult, { expected: "CheckResult" })

/** A schema between the text of an answer and its result, for stores and queues that speak `Schema`. */
export const FromJsonString = Schema.String.pipe(
  Schema.decodeTo(Declared, {
    decode: SchemaGetter.transformEffect((text) =>
      Result.match(decode(text), {
        onFailure: (error) => Effect.fail(new SchemaIssue.InvalidValue({ message: error.message })),
        onSuccess: (result) => Effect.succeed(result)
      })
    ),
    encode: SchemaGetter.transform(encode)
  })
)
