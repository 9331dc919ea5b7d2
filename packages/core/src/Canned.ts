/**
 * Canned answers for tests: for each document a passed check of an obviously fictitious person, for each sub code a
 * rejection, for each response code its error. They are real answers, decoded as the service's are.
 *
 * @example
 * import * as Canned from "@effect-cloudauth/core/Canned"
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Document from "@effect-cloudauth/core/Document"
 * import * as Effect from "effect/Effect"
 *
 * const program = Cloudauth.checkResult({ merchantBizId: "test1", transactionId: "t1" }).pipe(
 *   Effect.map((result) => result.verdict._tag),
 *   Effect.provide(Cloudauth.layerTest(() => Canned.rejected("212", Document.GlobalPassport)))
 * )
 * // succeeds with "Rejected"
 */
import * as Effect from "effect/Effect"
import * as Document from "./Document.ts"
import * as OwnOptions from "./Options.ts"
import type { SpoofType } from "./Spoof.ts"
import * as ResponseCode from "./ResponseCode.ts"
import * as Transport from "./Transport.ts"

/**
 * The fields of each document's fictitious holder, as they stand on the wire. Nothing is wrong with them, so an
 * assessment has no findings: check digits are right, and the passport names a real country. `{ nationality: "UTO" }` makes
 * a specimen of ICAO's, which no policy should accept.
 *
 * @category constants
 * @since 0.1.0
 */
export const fields: Readonly<Record<Document.Name, Readonly<Record<string, string>>>> = {
  HongKongIdentityCard: {
    name: "樣本",
    englishName: "SPECIMEN, Sample",
    nameCode: "2876 2609",
    sex: "F",
    birthDate: "1985-03-14",
    idNumber: "ZZ000000(A)",
    currentIssueDate: "2018-11-26",
    firstIssueDate: "2003-06",
    isPermanent: "Y",
    symbols: "***AZ"
  },
  ExitEntryPermitHongKongMacao: {
    name: "样本",
    englishName: "YANG BEN",
    sex: "女",
    birthDate: "1990-01-01",
    idNumber: "C00000000",
    issueDate: "2020-05-06",
    expiryDate: "2030-05-05",
    placeOfIssue: "测试",
    originOfIssue: "样本签发机关"
  },
  MainlandTravelPermitHongKongMacao: {
    name: "樣本",
    englishName: "SPECIMEN SAMPLE",
    sex: "Female",
    birthDate: "1990-01-01",
    idNumber: "H00000000",
    issueDate: "2019-02-03",
    expiryDate: "2029-02-02",
    originOfIssue: "样本签发机关"
  },
  GlobalPassport: {
    surname: "SPECIMEN",
    givenname: "SAMPLE",
    sex: "M",
    birthDate: "1974-08-12",
    passportNo: "L898902C3",
    nationality: "NZL",
    expiryDate: "2032-04-15",
    countryCode: "NZL"
  },
  MacaoResidentIdentityCard: {
    surnameCN: "樣",
    givennameCN: "本",
    surname: "SPECIMEN",
    givenname: "SAMPLE",
    sex: "男",
    birthDate: "1988-12-31",
    idNumber: "0000000(0)",
    expiryDate: "2031-01-31",
    placeOfBirth: "AS"
  },
  MainlandTravelPermitTaiwan: {
    name: "樣本",
    englishName: "YANG BEN",
    sex: "Male",
    birthDate: "1979-07-07",
    idNumber: "00000000",
    issueDate: "2021-09-10",
    expiryDate: "2031-09-09",
    originOfIssue: "样本签发机关",
    placeOfIssue: "测试"
  },
  PrcResidentIdentityCard: {
    name: "样本",
    sex: "女",
    ethnicity: "汉",
    birthDate: "1990-01-01",
    idNumber: "00000019900101000X",
    address: "样本省样本市样本路1号"
  }
}

/**
 * What can be varied in a canned answer.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Fields that differ; an empty text is 'not read'. */
  readonly fields?: Readonly<Record<string, string>> | undefined
  /** The fields that the user edited, as the user left them. */
  readonly edited?: Readonly<Record<string, string>> | undefined
  /** A risk that the anti-spoofing check found. */
  readonly spoof?: ReadonlyArray<SpoofType> | undefined
  /** Base64 of an image of the front. */
  readonly image?: string | undefined
  /** The fields of the back. With them the back has an anti-spoofing result, too. */
  readonly back?: Readonly<Record<string, string>> | undefined
  /** A risk that the anti-spoofing check found on the back. */
  readonly backSpoof?: ReadonlyArray<SpoofType> | undefined
  /** Base64 of an image of the back. */
  readonly backImage?: string | undefined
  /** The result of the OCR phase. Default: that of the check. */
  readonly ocrIdPassed?: string | undefined
  /** Parts of `ExtIdInfo` as they stand on the wire, in place of those above; `undefined` leaves a part out. */
  readonly ext?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The options, and fields of the kind that differ: `{ expiryDate: "2001-01-01" }` is `{ fields: { expiryDate: … } }`.
 *
 * @category models
 * @since 0.1.0
 */
export type OptionsOf<K extends Document.Kind> = Options & { readonly [F in keyof K["Type"]]?: string | undefined }

/**
 * A canned response, or a failure of the connection.
 *
 * @category models
 * @since 0.1.0
 */
export type Canned = Effect.Effect<Transport.Response, Transport.Failure>

const encoder = new TextEncoder()

/**
 * Any response.
 *
 * @category constructors
 * @since 0.1.0
 */
export const response = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Canned =>
  Effect.sync(() => ({ status, headers, body: [encoder.encode(body)], protocolVersion: undefined }))

/**
 * A connection that breaks with this error code.
 *
 * @category constructors
 * @since 0.1.0
 */
export const connectionFailed = (code = "ECONNRESET"): Canned =>
  Effect.suspend(() => Effect.fail(Transport.connectionFailed(Object.assign(new Error(code), { code }))))

const requestId = "00000000-0000-4000-8000-000000000000"

const success = (result: Readonly<Record<string, string>>): Canned =>
  response(JSON.stringify({ RequestId: requestId, Code: "Success", Message: "success", Result: result }))

const keys: OwnOptions.Keys<Options> = {
  fields: true,
  edited: true,
  spoof: true,
  image: true,
  back: true,
  backSpoof: true,
  backImage: true,
  ocrIdPassed: true,
  ext: true
}

/** The options of a kind; its fields can stand among them. */
const ownOptions = (name: Document.Name, given: Options): Options => {
  const names = Document.fieldsOf(name)
  const own = OwnOptions.ownOrThrow<Options>(
    { ...keys, ...Object.fromEntries(names.map((field) => [field, true])) },
    given
  )
  const all: Readonly<Record<string, unknown>> = { ...own }
  const fields = names.flatMap((field) => (typeof all[field] === "string" ? [[field, all[field]] as const] : []))
  return { ...own, fields: { ...own.fields, ...Object.fromEntries(fields) } }
}

const spoofInfo = (types: ReadonlyArray<SpoofType> | undefined): string =>
  JSON.stringify({ spoofResult: types === undefined ? "N" : "Y", spoofType: types ?? [] })

const answer = (passed: boolean, subCode: string, kind: Document.Kind, given: Options): Canned => {
  const name = Document.nameOf(kind) ?? "HongKongIdentityCard"
  const options = ownOptions(name, given)
  const { back, backImage, backSpoof, edited, image } = options
  const ocrIdInfo = { ...fields[name], ...options.fields }
  const hasBack = back !== undefined || backImage !== undefined || backSpoof !== undefined
  const ext = {
    ocrIdPassed: options.ocrIdPassed ?? (passed ? "Y" : "N"),
    ocrIdInfo: JSON.stringify(subCode === "211" || subCode === "213" ? {} : ocrIdInfo),
    spoofInfo: spoofInfo(options.spoof),
    ...(edited === undefined ? {} : { ocrIdEditInfo: JSON.stringify({ ...ocrIdInfo, ...edited }) }),
    ...(image === undefined ? {} : { idImage: image }),
    ...(back === undefined ? {} : { ocrIdBackInfo: JSON.stringify(back) }),
    ...(hasBack ? { spoofBackInfo: spoofInfo(backSpoof) } : {}),
    ...(backImage === undefined ? {} : { idBackImage: backImage }),
    ...options.ext
  }
  return success({ Passed: passed ? "Y" : "N", SubCode: subCode, ExtIdInfo: JSON.stringify(ext) })
}

/**
 * A passed check.
 *
 * @category constructors
 * @since 0.1.0
 */
export const passed = <K extends Document.Kind = typeof Document.HongKongIdentityCard>(
  kind?: K,
  options: OptionsOf<K> = {}
): Canned => answer(true, "200", kind ?? Document.HongKongIdentityCard, options)

/**
 * A rejected check: 211 an insufficient image, 212 a risk of forgery, 213 no document, or any other.
 *
 * @category constructors
 * @since 0.1.0
 */
export const rejected = <K extends Document.Kind = typeof Document.HongKongIdentityCard>(
  subCode: "211" | "212" | "213" | (string & {}),
  kind?: K,
  options: OptionsOf<K> = {}
): Canned =>
  answer(
    false,
    subCode,
    kind ?? Document.HongKongIdentityCard,
    subCode === "212" ? { spoof: ["SCREEN_REMARK"], ...options } : options
  )

/**
 * The answer to Initialize: a transaction has begun.
 *
 * @category constructors
 * @since 0.1.0
 */
export const initialized = (transactionId = "canned0000"): Canned =>
  success({
    TransactionId: transactionId,
    TransactionUrl: `https://journey.example/start?transactionId=${encodeURIComponent(transactionId)}`,
    Protocol: "canned"
  })

/**
 * What can be varied in the answer to a deletion.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeletionOptions {
  /** `Y`: deleted. Default: it is. */
  readonly deleteResult?: string | undefined
  /** Why not, as a sibling operation says it: `NOT_DELETE_REPEATEDLY` or `NEED_QUERY_VERIFY_RESULT`. */
  readonly failReason?: string | undefined
}

/**
 * The answer to DeleteVerifyResult: deleted, or not.
 *
 * @category constructors
 * @since 0.1.0
 */
export const deleted = (options: DeletionOptions = {}): Canned => {
  const { deleteResult = "Y", failReason } = OwnOptions.ownOrThrow(deletionKeys, options)
  return success({ DeleteResult: deleteResult, ...(failReason === undefined ? {} : { FailReason: failReason }) })
}

const deletionKeys: OwnOptions.Keys<DeletionOptions> = { deleteResult: true, failReason: true }

/**
 * What can be varied in a log.
 *
 * @category models
 * @since 0.1.0
 */
export interface VerifyLogOptions {
  /** `0` finished, `1` interrupted, `2` not started. Default: interrupted. */
  readonly verifyStatus?: string | undefined
  /** Why: `1006`, the user left, unless given. */
  readonly verifyErrorCode?: string | undefined
  /** The page on which it ended. Default: `OCR_SCAN`. */
  readonly interruptPageEn?: string | undefined
}

/**
 * The answer to CheckVerifyLog: a user who left.
 *
 * @category constructors
 * @since 0.1.0
 */
export const verifyLog = (options: VerifyLogOptions = {}): Canned => {
  const own = OwnOptions.ownOrThrow(verifyLogKeys, options)
  return success({
    VerifyStatus: own.verifyStatus ?? "1",
    VerifyErrorCode: own.verifyErrorCode ?? "1006",
    InterruptPageEn: own.interruptPageEn ?? "OCR_SCAN",
    LogStatisticsInfo: JSON.stringify({
      hasOcrPermissionRefuse: false,
      ocrEditTimes: 0,
      ocrOverTimes: 1,
      pageStayTimeInfo: { LOADING: "1615", OCR_SCAN: "37446" }
    })
  })
}

const verifyLogKeys: OwnOptions.Keys<VerifyLogOptions> = {
  verifyStatus: true,
  verifyErrorCode: true,
  interruptPageEn: true
}

/**
 * What answers operations other than CheckResult and Initialize in tests.
 *
 * @category models
 * @since 0.1.0
 */
export type OtherOperation = (action: string, parameters: Readonly<Record<string, string>>) => Canned

/**
 * Confirms every deletion, has a log of every user, and knows no other operation.
 *
 * @category constructors
 * @since 0.1.0
 */
export const otherOperation: OtherOperation = (action) => {
  if (action === "DeleteVerifyResult") return deleted()
  return action === "CheckVerifyLog" ? verifyLog() : error("InvalidAction.NotFound")
}

/**
 * The response with a code, as the service sends it. It becomes that code's error.
 *
 * @category constructors
 * @since 0.1.0
 */
export const error = (code: ResponseCode.Known | (string & {}), message = ""): Canned =>
  response(
    JSON.stringify({ RequestId: requestId, Code: code, Message: message }),
    ResponseCode.facts(code, code === "Success" ? 200 : 400).status
  )
