import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Answer from "../src/Answer.ts"
import * as Canned from "../src/Canned.ts"
import * as Document from "../src/Document.ts"
import { success } from "./fixtures/answers.ts"

const verdictOf = (ext: Record<string, unknown>, asked: Document.Name, result: Record<string, unknown> = {}) => {
  const { verdict } = Result.getOrThrow(Answer.decode(success(ext, result), Document.kinds[asked]))
  return verdict._tag === "Inconclusive" ? verdict.reasonCode : verdict._tag
}

/** Their tables have the same fields. */
const twins: ReadonlyArray<string> = ["ExitEntryPermitHongKongMacao", "MainlandTravelPermitTaiwan"]

describe("a document that the request named", () => {
  for (const asked of Document.names) {
    for (const came of Document.names) {
      const isSame = asked === came || (twins.includes(asked) && twins.includes(came))
      const expected = isSame ? "Passed" : "OtherDocument"
      it(`${asked}, and ${came} came: ${expected}`, () => {
        assert.strictEqual(verdictOf({ ocrIdInfo: Canned.fields[came] }, asked), expected)
        assert.strictEqual(verdictOf({ ocrIdInfo: JSON.stringify(Canned.fields[came]) }, asked), expected)
        assert.strictEqual(verdictOf({ ocrIdEditInfo: Canned.fields[came] }, asked), expected)
      })
    }
  }

  it("is Passed if a field was not read, left out or left empty", () => {
    for (const asked of Document.names) {
      for (const field of Document.fieldsOf(asked)) {
        const { [field]: _, ...rest } = Canned.fields[asked]
        // Without its place of issue the permit has exactly the fields of another one: in doubt it is no pass.
        const expected = twins.includes(asked) && field === "placeOfIssue" ? "OtherDocument" : "Passed"
        assert.strictEqual(verdictOf({ ocrIdInfo: rest }, asked), expected)
        assert.strictEqual(verdictOf({ ocrIdInfo: { ...rest, [field]: "" } }, asked), "Passed")
        assert.strictEqual(verdictOf({ ocrIdInfo: { [field]: Canned.fields[asked][field] } }, asked), "Passed")
      }
    }
  })

  it("is Passed if nothing was read, or fields came that no table has besides its own", () => {
    for (const asked of Document.names) {
      assert.strictEqual(verdictOf({}, asked), "Passed")
      assert.strictEqual(verdictOf({ ocrIdInfo: {} }, asked), "Passed")
      assert.strictEqual(verdictOf({ ocrIdInfo: { ...Canned.fields[asked], newField: "x" } }, asked), "Passed")
    }
  })

  it("is another if one field is another kind's only, or no field is of any kind", () => {
    for (const asked of Document.names) {
      const others = new Set(Document.names.flatMap(Document.fieldsOf))
      for (const field of others) {
        if (Document.fieldsOf(asked).includes(field)) continue
        const fields = { ...Canned.fields[asked], [field]: "x" }
        assert.strictEqual(verdictOf({ ocrIdInfo: fields }, asked), "OtherDocument")
        assert.strictEqual(verdictOf({ ocrIdInfo: { [field]: "x" } }, asked), "OtherDocument")
      }
      assert.strictEqual(verdictOf({ ocrIdInfo: { unknown: "x" } }, asked), "OtherDocument")
    }
  })

  it("is not judged by its back, whose fields the vendor's page does not list", () => {
    const ocrIdInfo = Canned.fields.PrcResidentIdentityCard
    const back = { originOfIssue: "x", expiryDate: "2030-01-01" }
    assert.strictEqual(verdictOf({ ocrIdInfo, ocrIdBackInfo: back }, "PrcResidentIdentityCard"), "Passed")
  })

  it("stays Rejected if the service rejects another", () => {
    const rejected = { Passed: "N", SubCode: "212" }
    assert.strictEqual(
      verdictOf({ ocrIdInfo: Canned.fields.GlobalPassport }, "HongKongIdentityCard", rejected),
      "Rejected"
    )
  })
})
