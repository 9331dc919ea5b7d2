/**
 * The request of the Initialize operation, which starts one user's way through ID OCR.
 *
 * Names, meanings and values are those of the vendor's SDK model (version 2022-08-09); `productCode`, `merchantBizId` and
 * `sceneCode` are also those of the vendor's page. The page's column 'Required' could not be read for the other parameters:
 * here `merchantUserId` and `docType` are required, as on the page of a sibling operation (DocOcr). The rest is optional. If
 * the service needs more, it answers `MissingParameter`.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-initialize
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as CloudauthError from "./CloudauthError.ts"
import type { DocType } from "./DocType.ts"
import * as Endpoint from "./Endpoint.ts"
import * as parameters from "./internal/operation/parameters.ts"
import * as MerchantBizId from "./MerchantBizId.ts"
import * as Options from "./Options.ts"

/**
 * The action, as the header `x-acs-action` has it.
 *
 * @category constants
 * @since 0.1.0
 */
export const action = "Initialize" as const

/** The rule of each field, in the words of the error that a wrong value becomes. */
const rules = {
  productCode: "ID_OCR, OCR_GLOBAL or IDR_GLOBAL",
  merchantBizId: MerchantBizId.rule,
  merchantUserId: "a non-empty string without control characters: a hash of your user's id",
  docType: "eight letters and digits, such as DocType.GlobalPassport",
  metaInfo: "a non-empty string: what the client SDK returned, unchanged",
  pages: '"01" or "01,02"',
  idSpoof: "true or false",
  showOcrResult: "true or false",
  editOcrResult: "true or false",
  idThreshold: '"standard", "strict", "lenient" or "off"',
  sceneCode: "1 to 10 letters, digits and underscores",
  securityLevel: '"normal" or "secure"',
  languageConfig: "a non-empty string without control characters",
  returnUrl: "a non-empty string without control characters",
  callbackUrl: "an https: URL without user and fragment (http: is for a loopback host only)",
  callbackToken: "a redacted non-empty string without control characters, together with a callbackUrl",
  docScanMode: '"manual" or "auto"',
  showAlbumIcon: "true or false",
  showGuidePage: "true or false",
  procedurePriority: '"url" or "keep"',
  styleConfig: "a non-empty string: JSON as the vendor's template has it"
} as const

const text = Schema.String.check(Schema.isNonEmpty(), parameters.noControlCharacters)

/** Written by other software (the client SDK, a template): may hold line breaks. */
const opaque = Schema.String.check(Schema.isNonEmpty())

const isCallbackUrl = (url: string): boolean => {
  // What the URL parser would mend is refused before it can.
  if (/[\s\p{Cc}\\]/u.test(url) || !URL.canParse(url)) return false
  const { hash, hostname, password, protocol, username } = new URL(url)
  if (hash !== "" || username !== "" || password !== "") return false
  return protocol === "https:" || (protocol === "http:" && Endpoint.isLoopback(hostname))
}

/**
 * The request as the caller sees it; encoded, it is the query's parameters.
 *
 * @example
 * import * as DocType from "@effect-cloudauth/core/DocType"
 * import * as InitializeRequest from "@effect-cloudauth/core/InitializeRequest"
 * import * as Redacted from "effect/Redacted"
 *
 * InitializeRequest.toQuery({
 *   merchantBizId: "order1",
 *   merchantUserId: "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
 *   docType: DocType.GlobalPassport,
 *   idSpoof: true,
 *   callbackUrl: "https://merchant.example/callback",
 *   callbackToken: Redacted.make("b7e23ec29af22b0b4e41da31e868d57226121c84")
 * })
 *
 * @category models
 * @since 0.1.0
 */
export const InitializeRequest = Schema.Struct({
  productCode: Schema.optionalKey(
    Schema.Literals(["ID_OCR", "OCR_GLOBAL", "IDR_GLOBAL"]).annotate({
      title: "ProductCode",
      description: "The solution. Default ID_OCR; the others are older names of it in the vendor's SDK."
    })
  ),
  merchantBizId: MerchantBizId.MerchantBizId,
  merchantUserId: text.annotate({
    title: "MerchantUserId",
    description: "A keyed hash (HMAC) of your user's id: a telephone number or a mail address would name the person."
  }),
  docType: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9]{8}$/u, { expected: rules.docType })).annotate({
    title: "DocType",
    description: "Which document the user shows: DocType has the codes that are confirmed."
  }),
  metaInfo: Schema.optionalKey(
    opaque.annotate({
      title: "MetaInfo",
      description: "What the client SDK's getMetaInfo returned, unchanged: it tells telephones from PCs."
    })
  ),
  pages: Schema.optionalKey(
    Schema.Literals(["01", "01,02"]).annotate({
      title: "Pages",
      description:
        "Which sides are taken: 01 the front, 01,02 both; the SDK model allows both for Chinese and Vietnamese cards."
    })
  ),
  idSpoof: Schema.optionalKey(
    parameters.yesOrNo({
      title: "IdSpoof",
      description: "Whether the document is examined for forgery. Without it spoof is NotRequested."
    })
  ),
  showOcrResult: Schema.optionalKey(
    parameters.oneOrZero({
      title: "ShowOcrResult",
      description: "Whether the user sees what was read. The service's default is yes."
    })
  ),
  editOcrResult: Schema.optionalKey(
    parameters.oneOrZero({
      title: "EditOcrResult",
      description: "Whether the user may change it (ocrEdited). The service's default is yes."
    })
  ),
  idThreshold: Schema.optionalKey(
    parameters.coded(
      { standard: "0", strict: "1", lenient: "2", off: "3" },
      {
        title: "IdThreshold",
        description: "How strictly the image's quality is examined. The service's default is off."
      }
    )
  ),
  sceneCode: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_]{1,10}$/u)).annotate({
      title: "SceneCode",
      description: "A name of your own by which the console finds records."
    })
  ),
  securityLevel: Schema.optionalKey(
    parameters.coded(
      { normal: "01", secure: "02" },
      {
        title: "SecurityLevel",
        description: "secure is for cases of high risk. The service's default is normal."
      }
    )
  ),
  languageConfig: Schema.optionalKey(
    text.annotate({
      title: "LanguageConfig",
      // The list of values could not be confirmed.
      description: "The language of the pages, for example en."
    })
  ),
  returnUrl: Schema.optionalKey(
    text.annotate({
      title: "ReturnUrl",
      description: "Where the user's browser or app goes at the end. What it brings along is not to be trusted."
    })
  ),
  callbackUrl: Schema.optionalKey(
    Schema.String.annotate({
      title: "CallbackUrl",
      description: "Where the platform calls when the user is done. A user who gives up causes no call."
    }).check(Schema.makeFilter(isCallbackUrl))
  ),
  callbackToken: Schema.optionalKey(
    Schema.RedactedFromValue(
      text.annotate({
        title: "CallbackToken",
        description: "What the platform adds to the call, so that Callback knows it from a forgery: random and long."
      })
    )
  ),
  docScanMode: Schema.optionalKey(
    Schema.Literals(["manual", "auto"]).annotate({
      title: "DocScanMode",
      description: "Whether the user releases the shutter. The service's default is auto."
    })
  ),
  showAlbumIcon: Schema.optionalKey(
    parameters.oneOrZero({
      title: "ShowAlbumIcon",
      description: "Whether the user may upload an image from the album. The service's default is yes."
    })
  ),
  showGuidePage: Schema.optionalKey(
    parameters.oneOrZero({
      title: "ShowGuidePage",
      description: "Whether the user sees the page of instructions. The service's default is yes."
    })
  ),
  procedurePriority: Schema.optionalKey(
    Schema.Literals(["url", "keep"]).annotate({
      title: "ProcedurePriority",
      description:
        "If a telephone's browser is not fit: url (default) shows an address for another, keep ends the journey."
    })
  ),
  styleConfig: Schema.optionalKey(
    opaque.annotate({
      title: "StyleConfig",
      description: "The look of the pages."
    })
  )
}).pipe(
  Schema.encodeKeys({
    productCode: "ProductCode",
    merchantBizId: "MerchantBizId",
    merchantUserId: "MerchantUserId",
    docType: "DocType",
    metaInfo: "MetaInfo",
    pages: "Pages",
    idSpoof: "IdSpoof",
    showOcrResult: "ShowOcrResult",
    editOcrResult: "EditOcrResult",
    idThreshold: "IdThreshold",
    sceneCode: "SceneCode",
    securityLevel: "SecurityLevel",
    languageConfig: "LanguageConfig",
    returnUrl: "ReturnUrl",
    callbackUrl: "CallbackUrl",
    callbackToken: "CallbackToken",
    docScanMode: "DocScanMode",
    showAlbumIcon: "ShowAlbumIcon",
    showGuidePage: "ShowGuidePage",
    procedurePriority: "ProcedurePriority",
    styleConfig: "StyleConfig"
  })
)

/** What `initialize` takes. */
export interface InitializeRequest extends Omit<typeof InitializeRequest.Type, "docType" | "merchantBizId"> {
  readonly docType: DocType
  /** The id that you give this check. */
  readonly merchantBizId: MerchantBizId.Input
}

// Not made by the import: few programs need it.
const encode = (request: unknown) => Schema.encodeUnknownResult(InitializeRequest)(request)

const whole = "an object with merchantBizId, merchantUserId and docType"

const refused = parameters.refused(rules, whole)

/**
 * The keys of a request; others are refused.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys: Options.Keys<InitializeRequest> = rules

/**
 * Checks the request and turns it into the query's parameters. The check comes before anything is sent; the error has
 * the field's path and its rule.
 *
 * @category constructors
 * @since 0.1.0
 */
export const toQuery = (
  request: InitializeRequest
): Result.Result<ReadonlyArray<readonly [name: string, value: string]>, CloudauthError.InvalidRequest> => {
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    return Result.fail(CloudauthError.invalidRequest("request", whole))
  }
  const given = Options.own(keys, request)
  if (Result.isFailure(given)) return Result.fail(given.failure)
  const { callbackToken, callbackUrl } = given.success
  return Result.flatMap(Result.mapError(encode(given.success), refused), (encoded) =>
    // A token that is never sent would make every call a forgery; one is forgotten together with its URL.
    callbackToken !== undefined && callbackUrl === undefined
      ? Result.fail(CloudauthError.invalidRequest("callbackToken", rules.callbackToken))
      : Result.succeed(Object.entries({ ProductCode: "ID_OCR", ...encoded }))
  )
}
