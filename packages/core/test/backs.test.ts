/** Both sides were asked for: what came of the back must be a back, of this document. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Canned from "../src/Canned.ts"
import * as Document from "../src/Document.ts"
import { decided } from "./fixtures/assessed.ts"

const { PrcResidentIdentityCard } = Document

/** The front's holder was born on 1990-01-01. */
const withBack = (ocrIdBackInfo: unknown) =>
  decided(
    PrcResidentIdentityCard,
    { ext: { ocrIdBackInfo, spoofBackInfo: { spoofResult: "N" } } },
    { document: PrcResidentIdentityCard, idSpoof: true, pages: "frontAndBack" }
  )

const good = { originOfIssue: "样本市公安局", issueDate: "2020.01.01", expiryDate: "2040.01.01" }

describe("the back of a card of which both sides were asked for", () => {
  it.effect.each([undefined, {}, { issueDate: "" }, { a: null }, { issueDate: "-", expiryDate: " " }, { a: [] }])(
    "was not read if it is %j",
    (back) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* withBack(back), ["retake", "BackNotRead back"])
      })
  )

  it.effect("was not read if it says exactly what the front says", () =>
    Effect.gen(function* () {
      const found = yield* withBack(Canned.fields.PrcResidentIdentityCard)
      assert.deepStrictEqual(found, ["retake", "BackNotRead back"])
    })
  )

  it.effect.each([
    ["was issued before the holder's birth", { ...good, issueDate: "1980.01.01" }, "DatesContradict issueDate"],
    ["has expired by its period", { validPeriod: "2006.05.06-2016.05.06" }, "Expired expiryDate"],
    ["has expired by a period in words", { validDate: "2006年5月6日 至 2016年5月6日" }, "Expired expiryDate"],
    ["has expired by another key", { end_date: 20_160_506 }, "Expired expiryDate"],
    ["has a period that can't be read", { validPeriod: "ten years" }, "DateUnreadable expiryDate"],
    ["has dates that are no text", { ...good, expiryDate: ["2040.01.01"] }, "EvidenceUnreadable expiryDate"],
    ["is a passport", { passportNo: "L898902C3", surname: "A", nationality: "NZL" }, "DocumentMismatch back"]
  ] as const)("is reviewed if it %s", ([, back, finding]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* withBack(back), ["review", finding])
    })
  )

  const periods = [
    { validPeriod: "2020.01.01-2040.01.01" },
    { validPeriod: "2020-01-01至长期" },
    { validPeriod: "长期" }
  ]
  it.effect.each([
    good,
    ...periods,
    { ...good, expiryDate: "长期" },
    { ...good, expiryDate: 20_400_101 },
    { note: "1" }
  ])("is accepted if it is %j", (back) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* withBack(back), ["accept"])
    })
  )
})
