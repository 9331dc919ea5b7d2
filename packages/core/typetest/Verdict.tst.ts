/** A verdict is decided upon whole, or the program does not compile. */
import { describe, expect, it } from "tstyche"
import type * as Spoof from "../src/Spoof.ts"
import type * as SubCode from "../src/SubCode.ts"
import * as Verdict from "../src/Verdict.ts"

const verdict = {} as Verdict.Verdict

describe("Verdict.match", () => {
  it("takes all three cases", () => {
    const matched = Verdict.match(verdict, {
      Passed: () => 1,
      Rejected: ({ subCode }) => subCode._tag,
      Inconclusive: ({ reasonCode }) => ({ reasonCode })
    })
    expect(matched).type.toBe<number | SubCode.Rejection["_tag"] | { reasonCode: Verdict.ReasonCode }>()
  })

  it("does not compile without each of them", () => {
    const Passed = () => 1
    const Rejected = () => 2
    const Inconclusive = () => 3
    expect(Verdict.match).type.toBeCallableWith(verdict, { Passed, Rejected, Inconclusive })
    expect(Verdict.match).type.not.toBeCallableWith(verdict, { Passed, Rejected })
    expect(Verdict.match).type.not.toBeCallableWith(verdict, { Passed, Inconclusive })
    expect(Verdict.match).type.not.toBeCallableWith(verdict, { Rejected, Inconclusive })
    expect(Verdict.match).type.not.toBeCallableWith(verdict, { Passed, Rejected, Inconclusive, Other: Passed })
    expect(Verdict.match).type.not.toBeCallableWith("Passed", { Passed, Rejected, Inconclusive })
  })
})

describe("a verdict", () => {
  it("has no boolean that could be taken for one", () => {
    expect(verdict).type.not.toHaveProperty("passed")
    expect(verdict).type.not.toBeAssignableTo<boolean>()
  })

  it("has one of three tags", () => {
    expect<Verdict.Verdict["_tag"]>().type.toBe<"Passed" | "Rejected" | "Inconclusive">()
  })

  it("has a sub code unless it is inconclusive", () => {
    expect<Verdict.Passed["subCode"]>().type.toBe<SubCode.AuthenticationPassed>()
    expect<Verdict.Rejected["subCode"]>().type.toBe<SubCode.Rejection>()
    expect<Verdict.Inconclusive["subCode"]>().type.toBe<SubCode.SubCode | undefined>()
    expect<Verdict.Rejected["subCode"]>().type.not.toBeAssignableFrom<SubCode.AuthenticationPassed>()
  })

  it("has a reason that is one of the reason codes, and no sentence", () => {
    expect<Verdict.Inconclusive["reasonCode"]>().type.toBe<Verdict.ReasonCode>()
    expect<Verdict.ReasonCode>().type.not.toBeAssignableFrom<string>()
  })
})

describe("a spoof value", () => {
  it("is one of five, with an open list of types", () => {
    expect<Spoof.Spoof["_tag"]>().type.toBe<"NotRequested" | "NotReported" | "Unconfirmed" | "Clear" | "Risk">()
    expect<Spoof.Spoof["types"]>().type.toBe<ReadonlyArray<string>>()
    expect<Spoof.SpoofType>().type.toBeAssignableFrom<"SCREEN_REMARK">()
    expect<Spoof.SpoofType>().type.toBeAssignableFrom<string>()
  })
})
