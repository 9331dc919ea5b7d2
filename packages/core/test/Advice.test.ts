import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Advice from "../src/Advice.ts"
import * as Assessment from "../src/Assessment.ts"
import * as SubCode from "../src/SubCode.ts"
import * as Verdict from "../src/Verdict.ts"

const { findings, reasons, subCodes } = Advice.table
const all: ReadonlyArray<readonly [string, Advice.Advice]> = [subCodes, reasons, findings].flatMap((table) =>
  Object.entries<Advice.Advice>(table)
)

/** Words that would tell a forger what was found, or that a person looks at the case. */
const telltale =
  /counterfeit|forge|fake|fraud|risk|suspect|tamper|spoof|copy|screen|review|original|genuine|authentic|attack|check digit|伪|偽|假|仿|欺|騙|骗|诈|詐|风险|風險|可疑|怀疑|懷疑|篡改|翻拍|复印|複印|影印|屏幕|螢幕|核查|覆核|复核|审|審|人工|正本|原件|攻击|攻擊|虚构|虛構|校驗|校验/i

describe("Advice", () => {
  it("has every sub code, reason and finding, and no other", () => {
    const tags = ["200", "211", "212", "213", "299"].map((code) => SubCode.fromCode(code)._tag)
    assert.sameMembers(Object.keys(subCodes), tags)
    assert.sameMembers(Object.keys(reasons), [...Verdict.reasonCodes])
    assert.sameMembers(Object.keys(findings), [...Assessment.findingCodes])
  })

  it.each(all)("of %s has both texts in three languages", (_, { reviewer, user }) => {
    for (const texts of [user, reviewer]) {
      assert.isTrue(Schema.is(Advice.Texts)(texts))
      assert.match(texts.en, /^[A-Z][^\p{Script=Han}]+\.$/u)
      assert.match(texts.zhHant, /\p{Script=Han}.*。$/u)
      assert.match(texts.zhHans, /\p{Script=Han}.*。$/u)
      assert.notStrictEqual(texts.zhHant, texts.zhHans)
    }
  })

  it.each(all)("of %s tells the person nothing that speaks against the document", (_, { reviewer, user }) => {
    for (const text of Object.values(user)) assert.notMatch(text, telltale)
    assert.notStrictEqual<unknown>(user, reviewer)
  })

  it("tells the person of a risk what it tells of every reason that is not explained", () => {
    const hidden = [
      Advice.ofSubCode(SubCode.fromCode("212")),
      Advice.ofSubCode(SubCode.fromCode("299")),
      Advice.ofReason("SpoofRisk"),
      Advice.ofReason("RepeatedKey"),
      Advice.ofFinding("SpoofRisk"),
      Advice.ofFinding("EditedByUser")
    ]
    for (const { user } of hidden) assert.deepStrictEqual(user, Advice.neutral)
  })

  it("asks for a new image if that helps", () => {
    for (const code of ["211", "213"]) {
      assert.include(Advice.ofSubCode(SubCode.fromCode(code)).user.en, "Please take a new photo")
    }
  })

  it("of an error keeps a text that it does not know", () => {
    const advice = "constructor"
    assert.deepStrictEqual(Advice.ofError({ advice }), { en: advice, zhHant: advice, zhHans: advice })
  })

  it("of an error names the host of a redirect in each language", () => {
    const of = (target: string) =>
      Advice.ofError({
        advice: `The answer is ${target}. It was not followed, because the signature must not leave the endpoint. Probably a captive portal or proxy answered, or the endpoint is wrong.`
      })
    assert.include(of("a redirect to login.example").zhHans, "指向 login.example")
    assert.include(of("a redirect to login.example").zhHant, "指向 login.example")
    assert.include(of("a redirect within the same host").zhHans, "同一主机")
    assert.include(of("a redirect that names no host").zhHans, "不指明主机")
  })
})
