/** What was not assessed, or is no pass, can't be accepted: the program does not compile. */
import { describe, expect, it } from "tstyche"
import type * as Assessment from "../src/Assessment.ts"
import * as Canned from "../src/Canned.ts"
import type { CheckResult } from "../src/CheckResult.ts"
import * as Decision from "../src/Decision.ts"
import * as DecisionPolicy from "../src/DecisionPolicy.ts"
import * as Document from "../src/Document.ts"

const { standard } = DecisionPolicy

describe("Decision.of", () => {
  it("takes an assessed result or a view with findings, not a result alone", () => {
    expect(Decision.of).type.toBeCallableWith(standard, {} as Assessment.Assessed<CheckResult>)
    expect(Decision.of).type.toBeCallableWith(standard, {} as Assessment.View)
    expect(Decision.of).type.not.toBeCallableWith(standard, {} as CheckResult)
    expect(Decision.of).type.not.toBeCallableWith(standard, {} as CheckResult.View)
    expect(Decision.of(standard)).type.toBeCallableWith({} as Assessment.View)
  })
})

describe("Decision.match", () => {
  it("takes all four cases", () => {
    const cases = { accept: () => 1, retake: () => 2, review: () => 3, decline: () => 4 }
    const { decline: _, ...three } = cases
    expect(Decision.match).type.toBeCallableWith({} as Decision.Decision, cases)
    expect(Decision.match).type.not.toBeCallableWith({} as Decision.Decision, three)
  })
})

describe("DecisionPolicy", () => {
  it("can't accept a rejection, an inconclusive verdict, or a finding that says that nothing is known", () => {
    const make = DecisionPolicy.make
    expect(make).type.toBeCallableWith({ ...standard, findings: { Expired: "accept" as const } })
    expect(make).type.not.toBeCallableWith({ ...standard, rejected: { CounterfeitRisk: "accept" as const } })
    expect(make).type.not.toBeCallableWith({ ...standard, inconclusive: { NothingRead: "accept" as const } })
    expect(make).type.not.toBeCallableWith({ ...standard, findings: { SpoofRisk: "accept" as const } })
  })
})

describe("Canned.passed", () => {
  it("takes the fields of the kind, and no others", () => {
    expect(Canned.passed<typeof Document.GlobalPassport>).type.toBeCallableWith(Document.GlobalPassport, {
      passportNo: ""
    })
    expect(Canned.passed<typeof Document.GlobalPassport>).type.not.toBeCallableWith(Document.GlobalPassport, {
      idNumber: ""
    })
  })
})
