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
import type { CloudauthError } from "./CloudauthError.ts"
import * as Document from "./Document.ts"
import { classify, ofBody } from "./internal/answer.ts"
import * as OwnOptions from "./Options.ts"
import type { SpoofType } from "./Spoof.ts"
import * as ResponseCode from "./ResponseCode.ts"

/** The fields of each document's fictitious holder, as they stand on the wire. */
export const fields: Readonly<Record<Document.Name, Readonly<Record<string, string>>>> = {
  HongKongIdentityCard: {
    name: "樣本",
    englishName: "SPECIMEN, Sample",
    nameCode: "2876 2609",
    sex: "F",
    birthDate: "1985-03-14",
    idNumber: "Z683365(5)",
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
    nationality: "UTO",
    expiryDate: "2032-04-15",
    countryCode: "UTO"
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
    expiryDate: "2026-09-09",
    originOfIssue: "样本签发机关",
    placeOfIssue: "测试"
  },
  PrcResidentIdentityCard: {
    name: "样本",
    sex: "女",
    ethnicity: "汉",
    birthDate: "1990-01-01",
    idNumber: "000000199001010000",
    address: "样本省样本市样本路1号"
  }
}

/** What can be varied in a canned answer. */
export interface Options {
  /** Fields that differ; an empty text is 'not read'. */
  readonly fields?: Readonly<Record<string, string>> | undefined
  /** What the person made of the fields by hand. */
  readonly edited?: Readonly<Record<string, string>> | undefined
  /** A risk that the anti-spoofing check found. */
  readonly spoof?: ReadonlyArray<SpoofType> | undefined
  /** Base64 of a photograph of the front. */
  readonly image?: string | undefined
}

/** A canned answer's body. */
export type Canned = Effect.Effect<string, CloudauthError>

const requestId = "00000000-0000-4000-8000-000000000000"

const success = (result: Readonly<Record<string, string>>): Canned =>
  Effect.succeed(JSON.stringify({ RequestId: requestId, Code: "Success", Message: "success", Result: result }))

const keys: OwnOptions.Keys<Options> = { fields: true, edited: true, spoof: true, image: true }

const answer = (passed: boolean, subCode: string, kind: Document.Kind, given: Options): Canned =>
  Effect.flatMap(Effect.fromResult(OwnOptions.own(keys, given)), (options) => body(passed, subCode, kind, options))

const body = (passed: boolean, subCode: string, kind: Document.Kind, options: Options): Canned => {
  const ocrIdInfo = { ...fields[Document.nameOf(kind) ?? "HongKongIdentityCard"], ...options.fields }
  const ext = {
    ocrIdPassed: passed ? "Y" : "N",
    ocrIdInfo: JSON.stringify(subCode === "211" || subCode === "213" ? {} : ocrIdInfo),
    spoofInfo: JSON.stringify({
      spoofResult: options.spoof === undefined ? "N" : "Y",
      spoofType: options.spoof ?? []
    }),
    ...(options.edited === undefined ? {} : { ocrIdEditInfo: JSON.stringify({ ...ocrIdInfo, ...options.edited }) }),
    ...(options.image === undefined ? {} : { idImage: options.image })
  }
  return success({ Passed: passed ? "Y" : "N", SubCode: subCode, ExtIdInfo: JSON.stringify(ext) })
}

/** A passed check. */
export const passed = (kind: Document.Kind = Document.HongKongIdentityCard, options: Options = {}): Canned =>
  answer(true, "200", kind, options)

/** A rejected check: 211 an insufficient image, 212 a risk of forgery, 213 no document, or any other. */
export const rejected = (
  subCode: "211" | "212" | "213" | (string & {}),
  kind: Document.Kind = Document.HongKongIdentityCard,
  options: Options = {}
): Canned => answer(false, subCode, kind, subCode === "212" ? { spoof: ["SCREEN_REMARK"], ...options } : options)

/** The answer to Initialize: a transaction has begun. */
export const initialized = (transactionId = "canned0000"): Canned =>
  success({
    TransactionId: transactionId,
    TransactionUrl: `https://journey.example/start?transactionId=${encodeURIComponent(transactionId)}`,
    Protocol: "canned"
  })

/** The error that a response code becomes, as the service would answer it. */
export const error = (code: ResponseCode.Known | (string & {}), message = ""): Canned =>
  Effect.flatMap(
    Effect.fromResult(
      classify({
        ...ofBody(JSON.stringify({ RequestId: requestId, Code: code, Message: message })),
        status: ResponseCode.facts(code, 400).status,
        attempt: 1
      })
    ),
    // `Success` is no error: what it would be is an answer without a result.
    () => Effect.succeed(JSON.stringify({ Code: code, Message: message }))
  )
