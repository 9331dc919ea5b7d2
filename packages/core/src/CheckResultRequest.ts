/**
 * The request of the CheckResult operation.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
 */
import { memoize } from "effect/Function"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as CloudauthError from "./CloudauthError.ts"
import * as Document from "./Document.ts"
import * as Expectation from "./Expectation.ts"
import * as parameters from "./internal/operation/parameters.ts"
import * as MerchantBizId from "./MerchantBizId.ts"
import * as Options from "./Options.ts"
import * as TransactionId from "./TransactionId.ts"

/**
 * The action, as the header `x-acs-action` has it.
 *
 * @category constants
 * @since 0.1.0
 */
export const action = "CheckResult" as const
/**
 * The version of the API.
 *
 * @category constants
 * @since 0.1.0
 */
export const version = "2022-08-09"

/** The rule of each field, in the words of the error that a wrong value becomes. */
const rules = {
  merchantBizId: MerchantBizId.rule,
  transactionId: TransactionId.rule,
  isReturnImage: "true or false",
  extraImageControlList: "a string without control characters",
  returnFiveCategorySpoofResult: "true or false"
} as const

/**
 * The request. Encoded, it is the query's parameters.
 *
 * @category models
 * @since 0.1.0
 */
export const CheckResultRequest = Schema.Struct({
  merchantBizId: MerchantBizId.MerchantBizId,
  transactionId: TransactionId.TransactionId,
  isReturnImage: Schema.optionalKey(
    parameters.yesOrNo({
      title: "IsReturnImage",
      description: "Specifies whether to return the authentication image."
    })
  ),
  extraImageControlList: Schema.optionalKey(
    Schema.String.check(parameters.noControlCharacters).annotate({
      title: "ExtraImageControlList",
      description: "Which further images to return; newer editions of the vendor's SDK have it."
    })
  ),
  returnFiveCategorySpoofResult: Schema.optionalKey(
    parameters.yesOrNo({
      title: "ReturnFiveCategorySpoofResult",
      description:
        "Whether to return the anti-spoofing result in five categories; newer editions of the vendor's SDK have it."
    })
  )
}).pipe(
  Schema.encodeKeys({
    merchantBizId: "MerchantBizId",
    transactionId: "TransactionId",
    isReturnImage: "IsReturnImage",
    extraImageControlList: "ExtraImageControlList",
    returnFiveCategorySpoofResult: "ReturnFiveCategorySpoofResult"
  })
)

type Decoded = typeof CheckResultRequest.Type

/**
 * What the service is asked.
 *
 * @category models
 * @since 0.1.0
 */
export interface CheckResultRequest extends Omit<Decoded, "merchantBizId" | "transactionId"> {
  /** The id that you gave this check. */
  readonly merchantBizId: MerchantBizId.Input
  /** The id that Initialize returned and your server stored. */
  readonly transactionId: TransactionId.Input
}

/**
 * What the result is held against: only the document's kind, or all that was asked for at Initialize. The type of `ocr`
 * is then that document's; without a kind it is inferred.
 *
 * @category models
 * @since 0.1.0
 */
export type About<K extends Document.Kind | undefined> = [undefined] extends [K]
  ? { readonly document?: K | undefined; readonly expect?: Expectation.Expect<K> | undefined }
  : | { readonly document: K; readonly expect?: undefined }
    | { readonly expect: Expectation.Expect<K> & { readonly document: K }; readonly document?: undefined }

/**
 * What `checkResult` takes: the request, and what its result is held against.
 *
 * @category models
 * @since 0.1.0
 */
export type WithDocument<K extends Document.Kind | undefined = undefined> = CheckResultRequest & About<K>

/**
 * The keys of a request; others are refused.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys: Options.Keys<WithDocument> = { ...rules, document: true, expect: Expectation.keys }

/** Made by the first call, not by the import: few programs need it. */
const encoderOf = memoize((schema: typeof CheckResultRequest) => Schema.encodeUnknownResult(schema))

const whole = "an object with merchantBizId and transactionId"

const refused = parameters.refused(rules, whole)

/**
 * What a call asks: the query's parameters, and what its result is held against.
 *
 * @category models
 * @since 0.1.0
 */
export interface Asked {
  readonly query: ReadonlyArray<readonly [name: string, value: string]>
  readonly expectation: Expectation.Expectation
}

/**
 * Checks the request before anything is sent. The error has the field's path and its rule.
 *
 * @category constructors
 * @since 0.1.0
 */
export const check = (
  request: WithDocument<Document.Kind | undefined>
): Result.Result<Asked, CloudauthError.InvalidRequest> => {
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    return Result.fail(CloudauthError.invalidRequest("request", whole))
  }
  const given = Options.own<WithDocument<Document.Kind | undefined>>(keys, request)
  if (Result.isFailure(given)) return Result.fail(given.failure)
  const { document, expect } = given.success
  const expectation = expectationOf(document, expect)
  if (Result.isFailure(expectation)) return Result.fail(expectation.failure)
  // The schema leaves out what is no parameter.
  return Result.mapBoth(encoderOf(CheckResultRequest)(given.success), {
    onFailure: refused,
    onSuccess: (parameters) => ({
      query: Object.entries({ IsReturnImage: "N", ...parameters }),
      expectation: expectation.success
    })
  })
}

const expectationOf = (
  document: Document.Kind | undefined,
  expect: Expectation.Expect | undefined
): Result.Result<Expectation.Expectation, CloudauthError.InvalidRequest> => {
  if (document !== undefined && expect !== undefined) {
    return Result.fail(CloudauthError.invalidRequest("document", "left out beside expect: say it there"))
  }
  if (expect !== undefined) return Expectation.check(expect)
  if (document === undefined) return Result.succeed(Expectation.none)
  const name = Document.nameOf(document)
  return name === undefined
    ? Result.fail(CloudauthError.invalidRequest("document", "one of the kinds of Document, or left out"))
    : Result.succeed({ documents: [name] })
}
