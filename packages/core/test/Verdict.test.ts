import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import * as Answer from "../src/Answer.ts"
import * as SubCode from "../src/SubCode.ts"
import * as Verdict from "../src/Verdict.ts"
import { body, success, successWith } from "./fixtures/answers.ts"
import { subCodes } from "./fixtures/vendorPage.ts"
import { utf16 } from "./fixtures/text.ts"

const passedValues = ["Y", "N", "y", "n", "", "true", "YES", undefined]
const codes = ["200", "211", "212", "213", "999", "0200", " 200", "", undefined]
const ocrValues = [true, false, undefined]
const risks = [false, true]

const everyCase: ReadonlyArray<Verdict.Evidence> = passedValues.flatMap((passed) =>
  codes.flatMap((subCode) =>
    ocrValues.flatMap((ocrPassed) =>
      risks.flatMap((spoofRisk) =>
        risks.flatMap((spoofUnreadable) =>
          risks.map((otherDocument) => ({ passed, subCode, ocrPassed, spoofRisk, spoofUnreadable, otherDocument }))
        )
      )
    )
  )
)

const nothingElse = { ocrPassed: undefined, spoofRisk: false, spoofUnreadable: false, otherDocument: false }

const onlyPass = (evidence: Verdict.Evidence): boolean =>
  evidence.passed === "Y" &&
  evidence.subCode === "200" &&
  evidence.ocrPassed !== false &&
  !evidence.spoofRisk &&
  !evidence.spoofUnreadable &&
  !evidence.otherDocument

describe("Verdict.decide", () => {
  it("is Passed for Y with 200 and nothing against it, in the whole table, and nowhere else", () => {
    const passes = everyCase.filter((evidence) => Verdict.decide(evidence)._tag === "Passed")
    expect(passes).toEqual(everyCase.filter(onlyPass))
    expect(passes).toHaveLength(2)
  })

  it("is Rejected for N with a sub code that says why, in the whole table, and nowhere else", () => {
    const rejected = everyCase.filter((evidence) => Verdict.decide(evidence)._tag === "Rejected")
    for (const { passed, subCode } of rejected) {
      expect(passed).toBe("N")
      expect(subCode).not.toBe("200")
      expect(subCode).not.toBe(undefined)
    }
    const known = rejected.filter(({ subCode }) => subCode === "211" || subCode === "212" || subCode === "213")
    expect(known).toHaveLength(3 * ocrValues.length * risks.length ** 3)
  })

  it("says why it is Inconclusive, and keeps what came", () => {
    for (const evidence of everyCase) {
      const verdict = Verdict.decide(evidence)
      if (verdict._tag !== "Inconclusive") continue
      expect(verdict.reason).not.toBe("")
      expect(verdict.passed).toBe(evidence.passed)
      expect(verdict.subCode?.code).toBe(evidence.subCode)
    }
  })

  it("is never Passed for arbitrary evidence unless everything agrees", () => {
    const text = fc.oneof(fc.constantFrom("Y", "N", "200", "212"), utf16)
    fc.assert(
      fc.property(
        fc.record({
          passed: fc.option(text, { nil: undefined }),
          subCode: fc.option(text, { nil: undefined }),
          ocrPassed: fc.constantFrom(...ocrValues),
          spoofRisk: fc.boolean(),
          spoofUnreadable: fc.boolean(),
          otherDocument: fc.boolean()
        }),
        (evidence) => (Verdict.decide(evidence)._tag === "Passed") === onlyPass(evidence)
      ),
      { numRuns: 500 }
    )
  })

  it.each(["__proto__", "constructor", "toString"])("keeps the sub code %j as an unknown one", (code) => {
    expect(Verdict.decide({ passed: "N", subCode: code, ...nothingElse })).toMatchObject({
      _tag: "Rejected",
      subCode: { _tag: "UnknownSubCode", code, billed: undefined }
    })
  })

  it("is a value of its schema", () => {
    for (const evidence of everyCase) expect(Schema.is(Verdict.Verdict)(Verdict.decide(evidence))).toBe(true)
  })
})

describe("SubCode", () => {
  it("has the sub codes of the vendor's page, and whether they are billed", () => {
    expect(Object.values(SubCode.table).map(({ billed, code }) => ({ code, billed }))).toEqual(subCodes)
    for (const { code } of subCodes) {
      expect(SubCode.fromCode(code)).toEqual(SubCode.table[code])
      expect(SubCode.fromCode(code).meaning).not.toBe("")
      expect(SubCode.fromCode(code).advice).not.toBe("")
    }
  })

  it("has a text for the user that never says what was found", () => {
    for (const code of ["200", "211", "212", "213", "299"]) {
      const { advice, userText } = SubCode.fromCode(code)
      expect(userText).toMatch(/^We .+\.$/)
      expect(userText).not.toBe(advice)
      expect(userText).not.toMatch(
        /counterfeit|forge|fake|fraud|risk|suspect|tamper|spoof|copy|screen|review|original/i
      )
    }
    for (const code of ["211", "213"]) expect(SubCode.fromCode(code).userText).toContain("Please take a new photo")
    // An unknown code reads like 212, so the text does not tell that 212 was the reason.
    expect(SubCode.fromCode("299").userText).toBe(SubCode.table["212"].userText)
  })

  it("gives each its own tag", () => {
    expect(new Set(Object.values(SubCode.table).map(({ _tag }) => _tag)).size).toBe(subCodes.length)
  })

  it("keeps unknown ones, without a claim about billing", () => {
    expect(SubCode.fromCode("299")).toMatchObject({ _tag: "UnknownSubCode", code: "299", billed: undefined })
  })
})

describe("the verdict of an answer", () => {
  const verdictOf = (text: string) => Result.getOrThrow(Answer.decode(text)).verdict

  it("passes", () => {
    expect(verdictOf(success({ ocrIdPassed: "Y", spoofInfo: { spoofResult: "N" } }))._tag).toBe("Passed")
  })

  it.each([
    ["the OCR phase did not pass", { ocrIdPassed: "N" }],
    ["the front is spoofed", { spoofInfo: { spoofResult: "Y", spoofType: ["TAMPER"] } }],
    ["the front is spoofed, as text", { spoofInfo: '{"spoofResult":"Y"}' }],
    ["the back is spoofed", { ocrIdPassed: "Y", spoofInfo: { spoofResult: "N" }, spoofBackInfo: { spoofResult: "Y" } }]
  ])("is Inconclusive for Y with 200 where %s", (_, ext) => {
    expect(verdictOf(success(ext))._tag).toBe("Inconclusive")
  })

  it.each([
    ["a number", { Passed: "Y", SubCode: 200 }, "Passed"],
    ["a number that says no", { Passed: "N", SubCode: 212 }, "Rejected"],
    ["missing", { Passed: "Y" }, "Inconclusive"],
    ["empty", { Passed: "Y", SubCode: "" }, "Inconclusive"],
    ["null", { Passed: "Y", SubCode: null }, "Inconclusive"],
    ["a list", { Passed: "Y", SubCode: ["200"] }, "Inconclusive"],
    ["a fraction", { Passed: "Y", SubCode: 200.5 }, "Inconclusive"]
  ])("takes a sub code that is %s", (_, result, tag) => {
    expect(verdictOf(successWith(result))._tag).toBe(tag)
  })

  it.each([true, 1, null, [], "yes", "y", undefined])("is Inconclusive where Passed is %j", (passed) => {
    expect(verdictOf(successWith({ Passed: passed, SubCode: "200" }))._tag).toBe("Inconclusive")
  })

  // Whether the document is genuine was asked, and the answer cannot be read: that is no pass.
  it.each(["y", "YES", true, 1, ["Y"], { a: 1 }])("is not Passed where spoofResult is %j", (spoofResult) => {
    expect(verdictOf(success({ ocrIdPassed: "Y", spoofInfo: { spoofResult, spoofType: ["TAMPER"] } }))._tag).not.toBe(
      "Passed"
    )
  })

  it("is never Passed unless Passed is Y, the sub code 200, OCR not failed and neither side spoofed", () => {
    fc.assert(
      fc.property(body, (text) => {
        const decoded = Answer.decode(text)
        if (Result.isFailure(decoded)) return
        const { ocrPassed, spoof, verdict } = decoded.success
        if (verdict._tag !== "Passed") return
        const outer = JSON.parse(text).Result
        expect(outer.Passed).toBe("Y")
        expect(String(outer.SubCode)).toBe("200")
        expect(ocrPassed).not.toBe(false)
        expect(spoof.front._tag).not.toBe("Risk")
        expect(spoof.back._tag).not.toBe("Risk")
      }),
      { numRuns: 150 }
    )
  })
})

describe("Verdict.match", () => {
  const cases = {
    Passed: () => "passed",
    Rejected: ({ subCode }: Verdict.Rejected) => `rejected ${subCode.code}`,
    Inconclusive: ({ reason }: Verdict.Inconclusive) => `inconclusive: ${reason}`
  }

  it("calls the case of the verdict", () => {
    const say = (passed: string, subCode: string) =>
      Verdict.match(Verdict.decide({ passed, subCode, ...nothingElse }), cases)
    expect(say("Y", "200")).toBe("passed")
    expect(say("N", "213")).toBe("rejected 213")
    expect(say("Y", "213")).toMatch(/^inconclusive: /)
  })
})
