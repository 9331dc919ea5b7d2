/**
 * The result of a check: the verdict, the fields read, the anti-spoofing decision and the images.
 *
 * Printing, logging or JSON.stringify of a result shows the verdict and ids, never a person's data: fields, images and
 * raw text are `Redacted`. To send or store a result there are three codecs:
 *
 * | schema | holds a person | needs |
 * |---|---|---|
 * | `CheckResult.View` | never | nothing |
 * | `CheckResult` | everything, images as Base64 | `PersonalData` to encode |
 * | `CheckResult.Wire`, `CheckResult.WireText` | everything, as the vendor's answer | `PersonalData` to encode |
 *
 * @example
 * import { CheckResult } from "@effect-cloudauth/core/CheckResult"
 * import { HttpApiEndpoint } from "effect/http-api"
 *
 * const status = HttpApiEndpoint.get("status", "/verifications/:id", { success: CheckResult.View })
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
 */
import type * as Schema from "effect/Schema"
import * as Result from "effect/Result"
import type * as CloudauthError from "./CloudauthError.ts"
import * as Document from "./Document.ts"
import * as Expectation from "./Expectation.ts"
import { classify, ofBody } from "./internal/decode/classify.ts"
import { audited } from "./internal/checkResult/audited.ts"
import * as model from "./internal/checkResult/model.ts"
import { bareResultFrom, resultFrom, sampleOf } from "./internal/checkResult/sample.ts"
import * as view from "./internal/checkResult/view.ts"
import { Answer, AnswerText } from "./internal/checkResult/wire.ts"
import { readResult } from "./internal/checkResult/readResult.ts"
import type { PersonalData } from "./PersonalData.ts"

export type { View } from "./internal/checkResult/view.ts"

export { Warning } from "./internal/checkResult/model.ts"

/**
 * A check's result. `R` is what is known of the document: see `Document.Expected` and `Document.Inferred`.
 *
 * @category models
 * @since 0.1.0
 */
export interface CheckResult<out R extends Document.Reading = Document.Inferred> extends model.CheckResult<R> {}

export declare namespace CheckResult {
  /** The facts of a check without the person. */
  interface View extends view.View {}
  /** An encoded result: it holds a person's data. */
  type Encoded = model.Encoded
}

// Annotated, so that the declaration of an API that has them names nothing internal.
const View: Schema.Codec<CheckResult.View, typeof view.View.Encoded> & {
  readonly fields: typeof view.View.fields
} = view.View
const toView: (result: CheckResult<Document.Reading>) => CheckResult.View = view.viewOf
const Wire: Schema.Codec<CheckResult, (typeof Answer)["Encoded"], never, PersonalData> = audited(
  Answer,
  sampleOf(undefined),
  bareResultFrom
)

const WireText: Schema.Codec<CheckResult, string, never, PersonalData> = audited(
  AnswerText,
  sampleOf(undefined),
  bareResultFrom
)

const inferred: Schema.Codec<CheckResult, CheckResult.Encoded, never, PersonalData> = audited(
  model.inferred,
  sampleOf(undefined),
  resultFrom(undefined)
)

/**
 * The schema of a result whose document was inferred. `CheckResult.of` is that of a document whose kind is known.
 *
 * @category models
 * @since 0.1.0
 */
export const CheckResult = Object.assign(inferred, {
  /**
   * The schema of a result of a kind of document: the same type as `checkResult` returns for it.
   *
   * @example
   * import { CheckResult } from "@effect-cloudauth/core/CheckResult"
   * import * as Document from "@effect-cloudauth/core/Document"
   *
   * const Passport = CheckResult.of(Document.GlobalPassport)
   */
  of: <K extends Document.Kind>(
    kind: K
  ): Schema.Codec<CheckResult<Document.Expected<K>>, CheckResult.Encoded, never, PersonalData> =>
    audited(model.expected(kind), sampleOf(Document.nameOf(kind)), resultFrom(Document.nameOf(kind))),
  /**
   * Decodes the body of an answer that was kept, for example in a file, held against what was asked for.
   *
   * @example
   * import { CheckResult } from "@effect-cloudauth/core/CheckResult"
   * import * as Document from "@effect-cloudauth/core/Document"
   * import * as Result from "effect/Result"
   *
   * const ext = `{"ocrIdPassed":"Y","ocrIdInfo":{"passportNo":"L898902C3"}}`
   * const body = JSON.stringify({ Code: "Success", Result: { Passed: "Y", SubCode: "200", ExtIdInfo: ext } })
   *
   * Result.getOrThrow(CheckResult.fromBody(body, { document: Document.GlobalPassport })).verdict._tag // => "Passed"
   */
  fromBody: <K extends Document.Kind | undefined = undefined>(
    body: Uint8Array | string,
    expect: Expectation.Expect<K> = {}
  ): Result.Result<CheckResult<Document.Expected<K>>, CloudauthError.CloudauthError> =>
    Result.flatMap(Expectation.check(expect), (expectation) =>
      Result.flatMap(classify(ofBody(body)), (success) =>
        readResult(success, { transactionId: undefined, merchantBizId: undefined, expectation })
      )
    ) as Result.Result<CheckResult<Document.Expected<K>>, CloudauthError.CloudauthError>, // read as what is expected
  /** The facts of a check, for responses, logs and stores: it can hold no person. `CheckResult.view` makes it. */
  View,
  /** The facts of a result. */
  view: toView,
  /**
   * The vendor's answer, as a JSON object. It decodes to a result that is held against nothing, and encodes to what
   * came, images included. Only an answer with the code `Success` decodes. For text take `WireText`.
   */
  Wire,
  /**
   * The vendor's answer as text. `Schema.fromJsonString(CheckResult.Wire)` would read it with `JSON.parse`, which hides
   * that a key stands twice; this codec sees it, so that such an answer is no pass.
   */
  WireText
})
