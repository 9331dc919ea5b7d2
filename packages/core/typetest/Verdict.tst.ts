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
      Rejected: ({ subCode }) => subCode.userText,
      Inconclusive: ({ reason }) => ({ reason })
    })
    expect(matched).type.toBe<string | number | { reason: string }>()
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
    expect<Verdict.Passed["subCode"]>().type.toBe<SubCode.SubCode>()
    expect<Verdict.Rejected["subCode"]>().type.toBe<SubCode.SubCode>()
    expect<Verdict.Inconclusive["subCode"]>().type.toBe<SubCode.SubCode | undefined>()
    expect<SubCode.SubCode["billed"]>().type.toBe<boolean | undefined>()
  })
})

describe("a spoof value", () => {
  it("is one of three, with an open list of types", () => {
    expect<Spoof.Spoof["_tag"]>().type.toBe<"NotReported" | "Clear" | "Risk">()
    expect<Spoof.Spoof["types"]>().type.toBe<ReadonlyArray<string>>()
    expect<Spoof.SpoofType>().type.toBeAssignableFrom<"SCREEN_REMARK">()
    expect<Spoof.SpoofType>().type.toBeAssignableFrom<string>()
  })
})
