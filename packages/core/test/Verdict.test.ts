/** The verdict: each rule that speaks against a pass, and what a verdict says. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Canned from "../src/Canned.ts"
import { CheckResult } from "../src/CheckResult.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Document from "../src/Document.ts"
import * as SubCode from "../src/SubCode.ts"
import * as Verdict from "../src/Verdict.ts"
import { cleanPass, passing, success, successWith } from "./fixtures/answers.ts"
import { outcomeOf, outcomeOfBody, resultOf, warningsOf } from "./fixtures/results.ts"
import { subCodes } from "./fixtures/vendorPage.ts"

const outcomes = (bodies: ReadonlyArray<string>) => [...new Set(bodies.map((body) => outcomeOfBody(body)))].join()
const result = (parts: Record<string, unknown>) => passing({}, parts)
const twice = (body: string, written: string, other: string) => body.replace(written, `${other},${written}`)

/** For each reason the answers that have it, all beside a pass. */
const reasons: Readonly<Record<Verdict.ReasonCode, ReadonlyArray<string>>> = {
  RepeatedKey: [
    twice(passing(), '"Passed":"Y"', '"Passed":"N"'),
    twice(passing(), '"SubCode":"200"', '"SubCode":"212"'),
    twice(passing(), '"Code":"Success"', '"Code":"success"')
  ],
  // The request's ids are needed: see below.
  OtherTransaction: [],
  NotSuccessful: [
    passing({}, { Success: false }),
    successWith({ ...cleanPass.Result, Success: "N" }),
    successWith(cleanPass.Result, { Success: false }),
    successWith(cleanPass.Result, { HttpStatusCode: 500 })
  ],
  PassedUnreadable: [true, 1, null, [], {}, "y", "n", "yes", " Y", "Y ", "", "P\u0000"].map((Passed) =>
    result({ Passed })
  ),
  SubCodeMissing: ["", null, undefined, ["200"], {}].map((SubCode) => result({ SubCode })),
  SubCodeContradicts: [
    ...["212", "211", "999", "0200", "200 ", "200.0", "2\u0660\u0660", 200.5].map((SubCode) => result({ SubCode })),
    result({ Passed: "N" })
  ],
  OcrNotPassed: [passing({ ocrIdPassed: "N" })],
  OcrPassedUnreadable: ["n", false, "P", "maybe", ["Y"], 1].map((ocrIdPassed) => passing({ ocrIdPassed })),
  EvidenceMissing: ["", null, undefined, "  "].map((ExtIdInfo) => result({ ExtIdInfo })),
  EvidenceUnreadable: [
    ...["{", '{"ocrIdPassed":"Y"', "[]", "text", 7, true, ["Y"], '"{"'].map((ExtIdInfo) => result({ ExtIdInfo })),
    ...["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo"].map((key) => passing({ [key]: "{" }))
  ],
  SpoofRisk: [
    passing({ spoofInfo: { spoofResult: "Y" } }),
    passing({ spoofBackInfo: '{"spoofResult":"Y","spoofType":[]}' })
  ],
  SpoofUnreadable: [
    ...["y", "YES", true, 1, ["Y"], {}].map((spoofResult) => passing({ spoofInfo: { spoofResult } })),
    ...["{", "[]", 7, [{ spoofResult: "Y" }]].map((spoofBackInfo) => passing({ spoofBackInfo }))
  ],
  SpoofTypeWithoutResult: ["", null, undefined].map((spoofResult) =>
    passing({ spoofInfo: { spoofResult, spoofType: ["TAMPER"] } })
  ),
  SiblingVerdict: [
    result({ EkycResult: "N" }),
    result({ ExtRiskInfo: '{"risk":"high"}' }),
    result({ spoofInfo: { spoofResult: "Y" } }),
    passing({ ocrIdBackPassed: "N" }),
    passing({ spoofThirdInfo: { spoofResult: "Y" } }),
    passing({ spoofInfo: { spoofResult: "N", fiveCategory: { SCREEN_REMARK: "Y" } } }),
    ...["NO", "False", " n ", "Failed", "REJECTED", "Denied", "否", 0, "0"].map((finalResult) =>
      result({ finalResult })
    ),
    ...[
      "NOT_PASSED",
      "UNPASSED",
      "X",
      "Unknown",
      "INVALID",
      "EXPIRED",
      "ERROR",
      "PENDING",
      "不通过",
      "未通过",
      -1
    ].flatMap((said) => [result({ facePassed: said }), result({ isVerified: said })]),
    ...["NOT_PASSED", "None", "Unknown", "INVALID", "EXPIRED", "PROCESSING", "in review", "未通过", "拒绝", "失败"].map(
      (finalResult) => result({ finalResult })
    ),
    ...["NOT_PASSED", "INVALID", "Expired", "SUSPENDED", "未通过"].map((cardStatus) => passing({ cardStatus })),
    ...["YES", "True", "High", "是", 1, "1", "DETECTED", "found", "Suspected", "critical", "疑似"].map((forgeryRisk) =>
      passing({ forgeryRisk })
    ),
    ...["FailReason", "rejectReason", "errorMsg", "ErrorMessage"].map((key) =>
      result({ [key]: "the card is cut off" })
    ),
    passing({ ocrIdInfo: { ...cleanPass.Result.ExtIdInfo.ocrIdInfo, isExpired: true } }),
    result({ antiSpoofPassed: "N" }),
    result({ checks: { passed: ["Y", "N"] } }),
    passing({ risks: [{ found: ["Y"] }] }),
    passing({ "Passed ": "N" }),
    passing({ subCode: 212 }),
    successWith(cleanPass.Result, { SubCode: "212" }),
    result({ Code: "InternalError" }),
    passing({ ocrIdInfo: { ...cleanPass.Result.ExtIdInfo.ocrIdInfo, mrzValid: false } }),
    result({ SubCodes: ["200", "212"] }),
    ...["decision", "Verdict", "conclusion", "finalOutcome", "verifyStatus", "fraudResult", "riskDecision"].map((key) =>
      result({ [key]: "REJECT" })
    ),
    result({ isBlacklisted: "Y" }),
    successWith(cleanPass.Result, { ErrorCode: "InternalError" }),
    successWith(cleanPass.Result, { Errors: [{ code: "InternalError" }] }),
    // Look-alikes: Cyrillic letters, and full width.
    ...["P\u0430ssed", "\uff30assed", "Sub\u0421ode", "s\u0440oofResult"].map((key) => result({ [key]: "212" })),
    passing({ ocrIdInfo: { ...cleanPass.Result.ExtIdInfo.ocrIdInfo, "\u0440assportNo": "X1" } })
  ],
  NothingRead: [
    {},
    "",
    null,
    undefined,
    { passportNo: "" },
    { passportNo: [], surname: {} },
    ...["-", "***", "\u0000", "\u200b", "null", "N/A", false].map((passportNo) => ({ passportNo })),
    { note: "no field of any document" }
  ].map((ocrIdInfo) => passing({ ocrIdInfo })),
  EditedWithoutRead: [passing({ ocrIdInfo: {}, ocrIdEditInfo: { passportNo: "X1" } })],
  // The expectation is needed: see below, and Document.test.ts.
  OtherDocument: []
}

describe("a pass", () => {
  it("is Y with 200, what was read, and nothing against it", () => {
    assert.strictEqual(outcomeOfBody(passing()), "Passed")
    assert.strictEqual(outcomeOfBody(JSON.stringify(cleanPass), { document: Document.GlobalPassport }), "Passed")
    assert.strictEqual(outcomeOfBody(passing({ spoofInfo: undefined, ocrIdPassed: undefined })), "Passed")
    assert.strictEqual(outcomeOfBody(passing({ spoofInfo: { spoofResult: "N", spoofType: ["TAMPER"] } })), "Passed")
    assert.strictEqual(outcomeOfBody(result({ SubCode: 200 })), "Passed")
    assert.strictEqual(outcomeOfBody(result({ Success: true, EkycResult: "Y", ExtRiskInfo: "{}" })), "Passed")
    const good = {
      antiSpoofPassed: "Y",
      fakeResult: "N",
      finalResult: "PASS",
      SUBCODE: "",
      countryCode: "DEU",
      status: 0,
      documentStatus: "NORMAL",
      tamperResult: "NOT_DETECTED",
      forgery: "UNDETECTED",
      isExpired: "N",
      isVerified: "verified",
      errorCode: "0",
      errorMsg: "none",
      failReason: "",
      reason: "kept as it came",
      备注: "否"
    }
    assert.strictEqual(outcomeOfBody(passing(good)), "Passed")
  })

  for (const [reason, bodies] of Object.entries(reasons)) {
    if (bodies.length > 0) it(`is Inconclusive by ${reason}`, () => assert.strictEqual(outcomes(bodies), reason))
  }

  it("has a warning that names what stands twice, in the answer and in a document", () => {
    const paths = (body: string) => warningsOf(resultOf(body)).map(([path]) => path)
    assert.deepStrictEqual(paths(twice(passing(), '"Passed":"Y"', '"Passed":"N"')), ["Result.Passed"])
    const { ocrIdInfo } = cleanPass.Result.ExtIdInfo
    const ocrTwice = JSON.stringify(ocrIdInfo).replace("{", '{"passportNo":"X1",')
    assert.deepStrictEqual(paths(passing({ ocrIdInfo: ocrTwice })), ["Result.ExtIdInfo.ocrIdInfo.passportNo"])
  })

  it.effect.each([
    ["its TransactionId", result({ TransactionId: "other" })],
    ["its MerchantBizId", result({ MerchantBizId: "other" })],
    ["both ids in other spellings", result({ transactionid: "other", merchant_biz_id: "other" })],
    ["a key beside Result", successWith(cleanPass.Result, { TransactionId: "other" })],
    ["ExtIdInfo", passing({ merchantBizId: "other" })],
    ["a document", passing({ ocrIdInfo: { ...cleanPass.Result.ExtIdInfo.ocrIdInfo, transactionId: "other" } })],
    ["a list", result({ transactionIds: ["other"] })],
    ["a nested text", result({ ExtBasicInfo: '{"transactionId":"other"}' })]
  ] as const)("is Inconclusive by OtherTransaction if the answer names another in %s", ([, body]) =>
    Effect.gen(function* () {
      const request = { merchantBizId: "order1", transactionId: "t1" }
      const outcome = (body: string) =>
        Cloudauth.checkResult(request).pipe(
          Effect.map(({ verdict }) => outcomeOf(verdict)),
          Effect.provide(Cloudauth.layerTest(() => Canned.response(body)))
        )
      assert.strictEqual(yield* outcome(body), "OtherTransaction")
      assert.strictEqual(yield* outcome(body.replaceAll("other", "")), "Passed")
      assert.strictEqual(
        yield* outcome(body.replaceAll("other", "t1").replace(/(merchant_?biz_?id\W+)t1/i, "$1order1")),
        "Passed"
      )
    })
  )

  it("is Inconclusive by OtherDocument if the fields are not of the kind that was expected", () => {
    const expect = { document: Document.HongKongIdentityCard }
    assert.strictEqual(outcomeOfBody(passing(), expect), "OtherDocument")
  })

  it("that is neither has its reason, Passed and the sub code as they came", () => {
    const { verdict } = resultOf(passing({ ocrIdPassed: "N" }))
    assert.deepStrictEqual(verdict, {
      _tag: "Inconclusive",
      reasonCode: "OcrNotPassed",
      passed: "Y",
      subCode: SubCode.table["200"]
    })
  })
})

describe("a rejection", () => {
  it.each(["211", "212", "213", "999", 212])("is N with the sub code %s, known or not", (code) => {
    const { verdict } = resultOf(successWith({ Passed: "N", SubCode: code }))
    assert.strictEqual(verdict._tag === "Rejected" && verdict.subCode.code, String(code))
  })

  it("stays one if the document is another, or evidence can't be read", () => {
    const rejected = { Passed: "N", SubCode: "212" }
    assert.strictEqual(outcomeOfBody(passing({}, rejected), { document: Document.HongKongIdentityCard }), "Rejected")
    assert.strictEqual(outcomeOfBody(successWith({ ...rejected, ExtIdInfo: "{" })), "Rejected")
    assert.strictEqual(outcomeOfBody(success({ ocrIdPassed: "maybe" }, rejected)), "Rejected")
  })
})

describe("a pending check", () => {
  it("is the error ProcessNotCompleted if Passed is P", () => {
    assert.strictEqual(outcomeOfBody(result({ Passed: "P" })), "ProcessNotCompleted")
    assert.strictEqual(outcomeOfBody(successWith({ passed: "P" })), "ProcessNotCompleted")
  })
})

describe("Verdict", () => {
  it("explains every reason in words of its own", () => {
    assert.sameMembers([...Verdict.reasonCodes], Object.keys(reasons))
    const words = Verdict.reasonCodes.map((reasonCode) => Verdict.explain({ _tag: "Inconclusive", reasonCode }))
    assert.strictEqual(new Set(words).size, Verdict.reasonCodes.length)
  })

  it("has a match that calls the verdict's case, as function and in a pipe", () => {
    const cases = {
      Passed: ({ subCode }: Verdict.Passed) => `passed ${subCode.code}`,
      Rejected: ({ subCode }: Verdict.Rejected) => `rejected ${subCode.code}`,
      Inconclusive: ({ reasonCode }: Verdict.Inconclusive) => reasonCode
    }
    const say = (body: string) => Verdict.match(resultOf(body).verdict, cases)
    assert.strictEqual(say(passing()), "passed 200")
    assert.strictEqual(say(successWith({ Passed: "N", SubCode: "213" })), "rejected 213")
    assert.strictEqual(Verdict.match(cases)(resultOf(passing({ ocrIdPassed: "N" })).verdict), "OcrNotPassed")
  })

  it.prop(
    "that is a pass carries the sub code 200, a rejection another, any other a reason that fits",
    [Verdict.Verdict],
    ([verdict]) => {
      if (verdict._tag === "Passed") assert.strictEqual(verdict.subCode.code, "200")
      if (verdict._tag === "Rejected") assert.notStrictEqual<string>(verdict.subCode.code, "200")
      if (verdict._tag === "Inconclusive" && verdict.reasonCode.startsWith("Spoof"))
        assert.strictEqual(verdict.passed, "Y")
    }
  )

  it.each([
    { _tag: "Passed", subCode: SubCode.table["212"] },
    { _tag: "Rejected", subCode: SubCode.table["200"] },
    { _tag: "Rejected", subCode: { ...SubCode.table["212"], meaning: "canary" } },
    { _tag: "Inconclusive", reasonCode: "OcrNotPassed", passed: "N" },
    { _tag: "Inconclusive", reasonCode: "canary" }
  ])("refuses %j, which the service can't have meant", (verdict) => {
    assert.isFalse(Schema.is(Verdict.Verdict)(verdict))
  })

  it.prop("of any result agrees with its evidence", [CheckResult], ([result]) => {
    if (result.verdict._tag !== "Passed") return
    assert.notStrictEqual(result.ocrPassed, false)
    assert.notStrictEqual(result.spoof.front._tag, "Risk")
    assert.notStrictEqual(result.spoof.back._tag, "Risk")
    assert.notStrictEqual(result.ocr._tag, "NotRead")
  })
})

describe("SubCode", () => {
  it("has the sub codes of the vendor's page, and whether they are billed", () => {
    assert.deepStrictEqual(
      Object.values(SubCode.table).map(({ billed, code }) => ({ code, billed })),
      [...subCodes]
    )
    for (const { billed, code } of subCodes) {
      assert.deepStrictEqual(SubCode.fromCode(code), SubCode.table[code])
      assert.strictEqual(SubCode.isBilled(SubCode.fromCode(code)), billed)
    }
    assert.strictEqual(new Set(Object.values(SubCode.table).map(({ _tag }) => _tag)).size, subCodes.length)
  })

  it.each(["299", "__proto__", "constructor", "toString"])(
    "keeps %j as an unknown one, without a claim about billing",
    (code) => {
      const subCode = SubCode.fromCode(code)
      assert.deepInclude(subCode, { _tag: "UnknownSubCode", code })
      assert.isUndefined(SubCode.isBilled(subCode))
    }
  )
})
