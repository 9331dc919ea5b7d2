/**
 * The request of the CheckResult operation.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as CloudauthError from "./CloudauthError.ts"
import type * as Document from "./Document.ts"
import * as parameters from "./internal/parameters.ts"
import * as Options from "./Options.ts"

export const action = "CheckResult" as const
export const version = "2022-08-09"

/** The rule of each field, in the words of the error that a wrong value becomes. */
const rules = {
  merchantBizId: parameters.merchantBizIdRule,
  transactionId: "a non-empty string without control characters: the id that your server stored at Initialize",
  isReturnImage: "true or false",
  extraImageControlList: "a string without control characters",
  returnFiveCategorySpoofResult: "true or false"
} as const

/**
 * The request as the caller sees it; encoded, it is the query's parameters.
 *
 * @example
 * import * as CheckResultRequest from "@effect-cloudauth/core/CheckResultRequest"
 *
 * CheckResultRequest.toQuery({ merchantBizId: "order1", transactionId: "hksb0000", isReturnImage: true })
 * // succeeds with [["IsReturnImage", "Y"], ["MerchantBizId", "order1"], ["TransactionId", "hksb0000"]]
 */
export const CheckResultRequest = Schema.Struct({
  /** The id that you gave this check, for tracking: 1 to 32 letters and digits. Keep it unique; the vendor does not check. */
  merchantBizId: parameters.MerchantBizId,
  /**
   * The id of the whole authentication. It **must** be the one that Initialize returned and your server stored, never
   * one that came from the user's device: a tampered client could hand in somebody else's passed check.
   */
  transactionId: Schema.String.check(Schema.isNonEmpty(), parameters.noControlCharacters),
  /** Whether to return the photographs. Default `false`. */
  isReturnImage: Schema.optionalKey(parameters.YesOrNo),
  /** Which further images to return; newer editions of the vendor's SDK have it. */
  extraImageControlList: Schema.optionalKey(Schema.String.check(parameters.noControlCharacters)),
  /** Whether to return the anti-spoofing result in five categories; newer editions of the vendor's SDK have it. */
  returnFiveCategorySpoofResult: Schema.optionalKey(parameters.YesOrNo)
}).pipe(
  Schema.encodeKeys({
    merchantBizId: "MerchantBizId",
    transactionId: "TransactionId",
    isReturnImage: "IsReturnImage",
    extraImageControlList: "ExtraImageControlList",
    returnFiveCategorySpoofResult: "ReturnFiveCategorySpoofResult"
  })
)

/** What the service is asked. */
export type CheckResultRequest = typeof CheckResultRequest.Type

interface Known<K> {
  /** The document's kind, known from Initialize: the type of `ocr` is then that document's. Left out, it is inferred. */
  readonly document: K
}

/** Which document a request is about: `K` where the caller knows, `undefined` where it is to be inferred. */
export type About<K> = [undefined] extends [K] ? Partial<Known<K>> : Known<K>

/** What `checkResult` takes: the request, and which document it is about where the caller knows. */
export type WithDocument<K extends Document.Kind | undefined = undefined> = CheckResultRequest & About<K>

/** The keys of a request; others are refused. */
export const keys: Options.Keys<WithDocument<Document.Kind | undefined>> = { ...rules, document: true }

// Not made by the import: few programs need it.
const encode = (request: unknown) => Schema.encodeUnknownResult(CheckResultRequest)(request)

const whole = "an object with merchantBizId and transactionId"

const refused = parameters.refused(rules, whole)

/**
 * The parameters of a usual request without the schema's interpreter, which costs as much as the signature; `undefined`
 * for all others. The schema is the specification, and says what is wrong.
 */
const encodeUsual = (request: CheckResultRequest): parameters.Query | undefined => {
  if ("extraImageControlList" in request || "returnFiveCategorySpoofResult" in request) return undefined
  const { merchantBizId, transactionId } = request
  if (!parameters.isMerchantBizId(merchantBizId)) return undefined
  if (!parameters.isPrintable(transactionId) || transactionId === "") return undefined
  const isReturnImage: unknown = "isReturnImage" in request ? request.isReturnImage : false
  if (typeof isReturnImage !== "boolean") return undefined
  return [
    ["IsReturnImage", isReturnImage ? "Y" : "N"],
    ["MerchantBizId", merchantBizId],
    ["TransactionId", transactionId]
  ]
}

/**
 * Checks the request and turns it into the query's parameters. The check comes before anything is sent; the error has
 * the field's path and its rule.
 */
export const toQuery = (
  request: CheckResultRequest
): Result.Result<ReadonlyArray<readonly [name: string, value: string]>, CloudauthError.InvalidRequest> => {
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    return Result.fail(CloudauthError.invalidRequest("request", whole))
  }
  const given = Options.own<CheckResultRequest>(keys, request)
  if (Result.isFailure(given)) return Result.fail(given.failure)
  const usual = encodeUsual(given.success)
  return usual === undefined
    ? Result.mapBoth(encode(given.success), {
        onFailure: refused,
        onSuccess: (parameters) => Object.entries({ IsReturnImage: "N", ...parameters })
      })
    : Result.succeed(usual)
}
