/** Characters that only look like those of a document: no pass with them is accepted. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Document from "../src/Document.ts"
import { decided } from "./fixtures/assessed.ts"

const { GlobalPassport, HongKongIdentityCard, MacaoResidentIdentityCard, PrcResidentIdentityCard } = Document

const full = (text: string) => text.replaceAll(/[!-~]/g, (it) => String.fromCharCode(it.charCodeAt(0) + 0xfee0))

describe("a look-alike is reviewed", () => {
  it.effect.each(["A12345\u2465(3)", "A\u00b9\u00b2\u00b3456(3)", "\ud835\udc00123456(3)", "\u0410123456(3)"])(
    "in the Hong Kong number %j",
    (idNumber) =>
      Effect.gen(function* () {
        const found = yield* decided(HongKongIdentityCard, { idNumber })
        assert.deepStrictEqual(found, ["review", "NumberMalformed idNumber"])
      })
  )

  it.effect("in the number of a card without a check digit", () =>
    Effect.gen(function* () {
      const found = yield* decided(MacaoResidentIdentityCard, { idNumber: "1234567\u2467" })
      assert.deepStrictEqual(found, ["review", "NumberMalformed idNumber"])
    })
  )

  it.effect.each(["\ud835\udc02\ud835\udc07\ud835\udc0d", "\u24b8\u24bd\u24c3", "\u0421HN"])(
    "in the country %j",
    (countryCode) =>
      Effect.gen(function* () {
        const found = yield* decided(GlobalPassport, { countryCode })
        assert.includeMembers(found, ["review", "CountryCodeUnknown countryCode"])
      })
  )

  it.effect.each([
    ["Latin and Cyrillic in one word", "EX\u0410MPLE"],
    ["Latin and Greek around digits", "A1\u0391"],
    ["Cyrillic alone in a Latin field", "\u0410\u0412\u0421"],
    ["a byte order mark", "EX\ufeffAMPLE"],
    ["no character", "EX\uffffAMPLE"],
    ["a picture", "EXAMPLE \u{1f600}"]
  ])("in a name: %s", ([, surname]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* decided(GlobalPassport, { surname }), ["review", "EvidenceUnreadable surname"])
    })
  )

  it.effect("in the sex of a number that is a woman's or a man's", () =>
    Effect.gen(function* () {
      const found = yield* decided(PrcResidentIdentityCard, { sex: "X" })
      assert.deepStrictEqual(found, ["review", "NumberContradictsSex idNumber"])
    })
  )
})

describe("other writing is accepted", () => {
  it.effect("full width in numbers and countries", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* decided(HongKongIdentityCard, { idNumber: full("A123456(3)") }), ["accept"])
      assert.deepStrictEqual(yield* decided(GlobalPassport, { countryCode: full("D<<") }), ["accept"])
    })
  )

  it.effect("names with marks, middle dots and two scripts side by side", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* decided(GlobalPassport, { surname: "NGUY\u1ec4N", givenname: "JEAN<PIERRE" }), [
        "accept"
      ])
      assert.deepStrictEqual(yield* decided(PrcResidentIdentityCard, { name: "阿依古丽·买买提" }), ["accept"])
      const originOfIssue = "МВД/MVD"
      assert.deepStrictEqual(yield* decided(Document.MainlandTravelPermitHongKongMacao, { originOfIssue }), ["accept"])
    })
  )
})
