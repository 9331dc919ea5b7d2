import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Advice from "../src/Advice.ts"
import * as Assessment from "../src/Assessment.ts"
import * as Canned from "../src/Canned.ts"
import * as Decision from "../src/Decision.ts"
import * as DecisionPolicy from "../src/DecisionPolicy.ts"
import * as Document from "../src/Document.ts"
import * as SubCode from "../src/SubCode.ts"
import * as Verdict from "../src/Verdict.ts"
import { asked, assessedOf } from "./fixtures/assessed.ts"

const { GlobalPassport } = Document
const { standard } = DecisionPolicy

const decide = (canned: Canned.Canned, options: Partial<Assessment.Options> = {}) =>
  Effect.map(assessedOf(canned, asked(GlobalPassport), options), Decision.of(standard))

describe("Decision.of the standard policy", () => {
  it.effect.each([
    ["a clean pass", Canned.passed(GlobalPassport), "accept", "passed"],
    [
      "a pass with unknown fields",
      Canned.passed(GlobalPassport, { ext: { ocrIdInfo: { ...Canned.fields.GlobalPassport, chip: "1" } } }),
      "accept",
      "passed"
    ],
    ["211", Canned.rejected("211", GlobalPassport), "retake", "rejected.ImageInsufficient"],
    ["213", Canned.rejected("213", GlobalPassport), "retake", "rejected.DocumentNotRecognised"],
    [
      "a pass without a number",
      Canned.passed(GlobalPassport, { passportNo: "" }),
      "retake",
      "findings.RequiredFieldMissing"
    ],
    ["212", Canned.rejected("212", GlobalPassport), "review", "default"],
    ["an unknown sub code", Canned.rejected("299", GlobalPassport), "review", "default"],
    ["an expired passport", Canned.passed(GlobalPassport, { expiryDate: "2001-01-01" }), "review", "default"],
    ["a risk beside a pass", Canned.passed(GlobalPassport, { spoof: ["TAMPER"] }), "review", "default"],
    ["another document", Canned.passed(Document.HongKongIdentityCard), "review", "default"],
    ["edited fields", Canned.passed(GlobalPassport, { edited: { surname: "X" } }), "review", "default"],
    ["a specimen", Canned.passed(GlobalPassport, { nationality: "UTO" }), "review", "default"]
  ] as const)("of %s is its outcome", ([, canned, outcome, rule]) =>
    Effect.gen(function* () {
      const decision = yield* decide(canned)
      assert.deepInclude(decision, { _tag: outcome, rule, policy: "standard-1" })
      assert.isTrue(Schema.is(Decision.Decision)(decision))
    })
  )

  it.effect("declines a holder below the minimum age, and says so", () =>
    Effect.gen(function* () {
      const decision = yield* decide(Canned.passed(GlobalPassport, { birthDate: "2015-01-01" }), { minimumAge: 18 })
      assert.strictEqual(decision._tag, "decline")
      assert.deepStrictEqual(decision.userText, Advice.ofFinding("Underage").user)
      assert.containSubset(decision.decidedBy, { _tag: "Finding", finding: { code: "Underage", field: "birthDate" } })
    })
  )

  it.effect("says which verdict decided, with the text for the person", () =>
    Effect.gen(function* () {
      const decision = yield* decide(Canned.rejected("211", GlobalPassport))
      assert.deepStrictEqual(decision.decidedBy, { _tag: "Verdict", verdict: "Rejected", code: "ImageInsufficient" })
      assert.deepStrictEqual(decision.userText, Advice.ofSubCode(SubCode.fromCode("211")).user)
    })
  )

  it.effect("asks for no new image if there is a risk beside", () =>
    Effect.gen(function* () {
      const decision = yield* decide(Canned.rejected("211", GlobalPassport, { spoof: ["TAMPER"] }))
      assert.strictEqual(decision._tag, "review")
      assert.deepStrictEqual(decision.userText, Advice.neutral)
    })
  )

  it.effect("is the same for a stored view", () =>
    Effect.gen(function* () {
      const assessed = yield* assessedOf(
        Canned.passed(GlobalPassport, { expiryDate: "2001-01-01" }),
        asked(GlobalPassport)
      )
      const codec = Schema.fromJsonString(Assessment.View)
      const stored = yield* Schema.decodeEffect(codec)(yield* Schema.encodeEffect(codec)(Assessment.view(assessed)))
      assert.deepStrictEqual(Decision.of(standard, stored), Decision.of(standard, assessed))
    })
  )

  it("reviews what was not assessed, and codes that a later version found", () => {
    const verdict: Verdict.Verdict = { _tag: "Passed", subCode: SubCode.table["200"] }
    const untyped = [{ verdict }, { verdict: { _tag: "Pass" }, findings: [] }, {}, null].map((it) =>
      JSON.parse(JSON.stringify(it))
    )
    for (const result of untyped) {
      assert.deepInclude(Decision.of(standard, result), { _tag: "review", decidedBy: { _tag: "NotAssessed" } })
    }
    const later = JSON.parse(`[{ "code": "constructor" }, { "code": "FoundLater" }]`)
    for (const finding of later)
      assert.strictEqual(Decision.of(standard, { verdict, findings: [finding] })._tag, "review")
  })
})

const policies = Arbitrary.schema(DecisionPolicy.DecisionPolicy)
const verdicts = Arbitrary.schema(Verdict.Verdict)
const findings = Arbitrary.schema(Schema.Array(Assessment.Finding))
const finding = Arbitrary.schema(Assessment.Finding)
const rankOf = ({ _tag }: Decision.Decision) => DecisionPolicy.outcomes.indexOf(_tag)

describe("Decision.of any policy", () => {
  it.prop(
    "is never better with one more finding",
    { policies, verdicts, findings, finding },
    ({ finding, findings, policies, verdicts }) => {
      const without = Decision.of(policies, { verdict: verdicts, findings })
      const more = Decision.of(policies, { verdict: verdicts, findings: [...findings, finding] })
      return rankOf(more) >= rankOf(without)
    }
  )

  it.prop(
    "accepts only a pass",
    { policies, verdicts, findings },
    ({ findings, policies, verdicts }) =>
      Decision.of(policies, { verdict: verdicts, findings })._tag !== "accept" || verdicts._tag === "Passed"
  )

  it.prop("tells a person of a risk nothing", { policies, verdicts, findings }, ({ findings, policies, verdicts }) => {
    const risk: Assessment.Finding = { code: "SpoofRisk", severity: "critical", nextStep: "Review" }
    const { en } = Decision.of(policies, { verdict: verdicts, findings: [...findings, risk] }).userText
    return /^We could not accept this document\.( We will contact you\.| Please try once more\.)?$/.test(en)
  })
})

const samples = <A, E>(schema: Schema.Codec<A, E>) =>
  Effect.runSync(Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 200, seed: 1 }))

describe("Decision", () => {
  it("is an acceptance only if a pass decided", () => {
    const pass = Decision.of(standard, { verdict: { _tag: "Passed", subCode: SubCode.table["200"] }, findings: [] })
    const isDecision = Schema.is(Decision.Decision)
    assert.isTrue(isDecision(pass))
    assert.isFalse(isDecision({ ...pass, decidedBy: { _tag: "NotAssessed" } }))
    assert.isFalse(
      isDecision({ ...pass, decidedBy: { _tag: "Verdict", verdict: "Rejected", code: "CounterfeitRisk" } })
    )
    for (const { decidedBy } of samples(Decision.Accept)) assert.containSubset(decidedBy, { verdict: "Passed" })
  })

  it.prop(
    "of a generated view is that of a result that the service could have given",
    [Arbitrary.schema(Assessment.View)],
    ([view]) => {
      for (const { code, nextStep, severity } of view.findings) {
        assert.deepStrictEqual({ nextStep, severity }, { ...Assessment.findings[code] })
      }
      const codec = Schema.fromJsonString(Assessment.View)
      assert.deepStrictEqual(Schema.decodeSync(codec)(Schema.encodeSync(codec)(view)), view)
      return Decision.of(standard, view)._tag !== "accept" || view.verdict._tag === "Passed"
    }
  )
})

describe("DecisionPolicy", () => {
  const refuses = (change: object) => assert.throws(() => DecisionPolicy.make({ ...standard, ...change }))

  it("is refused if it accepts what is no pass", () => {
    refuses({ rejected: { ImageInsufficient: "accept" } })
    refuses({ inconclusive: { RepeatedKey: "accept" } })
    for (const code of ["SpoofRisk", "DocumentMismatch", "EvidenceUnreadable"])
      refuses({ findings: { [code]: "accept" } })
  })

  it("is refused if it has a rule that there is not, or no version", () => {
    refuses({ findings: { Expird: "decline" } })
    refuses({ rejected: { CounterfeitRsk: "decline" } })
    refuses({ extra: true })
    refuses({ version: "" })
  })

  it("can't accept a rejection even if its schema never saw it", () => {
    const unseen = JSON.parse(JSON.stringify({ ...standard, rejected: { CounterfeitRisk: "accept" } }))
    const verdict: Verdict.Verdict = { _tag: "Rejected", subCode: SubCode.table["212"] }
    assert.strictEqual(Decision.of(unseen, { verdict, findings: [] })._tag, "review")
  })

  it.each(["SpoofRisk", "DocumentMismatch", "EvidenceUnreadable"] as const)(
    "can't accept a pass with %s even if its schema never saw it",
    (code) => {
      const unseen = JSON.parse(JSON.stringify({ ...standard, findings: { [code]: "accept" } }))
      const verdict: Verdict.Verdict = { _tag: "Passed", subCode: SubCode.table["200"] }
      const findings = [{ code, severity: "critical", nextStep: "Review" } as const]
      assert.strictEqual(Decision.of(unseen, { verdict, findings })._tag, "review")
    }
  )

  it("can decline what the standard reviews", () => {
    const mine = DecisionPolicy.make({
      ...standard,
      version: "mine",
      findings: { ...standard.findings, Expired: "decline" }
    })
    const expired: Assessment.Finding = { code: "Expired", severity: "critical", nextStep: "UseAnotherDocument" }
    const decision = Decision.of(mine, {
      verdict: { _tag: "Passed", subCode: SubCode.table["200"] },
      findings: [expired]
    })
    assert.deepInclude(decision, { _tag: "decline", rule: "findings.Expired", policy: "mine" })
    assert.deepStrictEqual(decision.userText, Advice.ofFinding("Expired").user)
  })
})

describe("Decision.match", () => {
  it.effect("acts on the decision", () =>
    Effect.gen(function* () {
      const act = Decision.match({
        accept: () => "Welcome",
        retake: ({ userText }) => userText.en,
        review: ({ findings }) => `case opened: ${findings.map(({ code }) => code).join(", ")}`,
        decline: ({ userText }) => userText.en
      })
      assert.strictEqual(act(yield* decide(Canned.passed(GlobalPassport))), "Welcome")
      assert.strictEqual(
        act(yield* decide(Canned.passed(GlobalPassport, { expiryDate: "2001-01-01" }))),
        "case opened: Expired"
      )
    })
  )
})
