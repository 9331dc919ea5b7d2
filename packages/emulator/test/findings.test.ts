/** The well-known ids give the findings that their names promise, through the real client and its assessment. */
import { assert, it } from "@effect/vitest"
import * as Assessment from "@effect-cloudauth/core/Assessment"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Document from "../src/Document.ts"
import { Emulator } from "../src/Emulator.ts"

const now = Date.parse("2026-11-30")

// Without an expectation the anti-spoofing check can't be confirmed; `UTO` is a specimen's country; two permits have the same fields.
const always = new Set(["SpoofUnconfirmed", "SpecimenDocument", "DocumentUndecided"])

const findingsOf = (transactionId: string) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(now)
    const result = yield* Cloudauth.checkResult({ merchantBizId: "order1", transactionId, isReturnImage: true })
    assert.strictEqual(result.verdict._tag, "Passed")
    const { findings } = Assessment.of(result, { now, minimumAge: 18, expiresWithin: 30, imagesRequested: true })
    return [...new Set(findings.map(({ code }) => code))].filter((code) => !always.has(code))
  }).pipe(Effect.provide(Emulator.layerClient()))

it.effect.each([
  ["hksb-expired", "Expired"],
  ["hksb-expires-soon", "ExpiresWithin"],
  ["hksb-not-yet-valid", "NotYetValid"],
  ["hksb-implausible-birth-date", "BirthDateImplausible"],
  ["hksb-underage", "Underage"],
  ["hksb-wrong-check-digit", "CheckDigitWrong"],
  ["hksb-wrong-check-digit-prc", "CheckDigitWrong"],
  ["hksb-wrong-check-digit-macao", "NumberMalformed"],
  ["hksb-number-contradicts-birth-date", "NumberContradictsBirthDate"],
  ["hksb-number-contradicts-sex", "NumberContradictsSex"],
  ["hksb-unknown-country", "CountryCodeUnknown"],
  ["hksb-missing-field", "RequiredFieldMissing"],
  ["hksb-edited", "EditedByUser"],
  ["hksb-sides-disagree", "FrontAndBackDisagree"],
  ["hksb-image-missing", "ImageMissing"],
  ["hksb-unknown-fields", "FieldsUnknown"],
  ["hksb-other-edition", "OtherEdition"],
  ["hksb-spoof-not-reported", "SpoofNotReported"]
] as const)("%s has the one finding %s", ([id, code]) =>
  Effect.gen(function* () {
    assert.deepStrictEqual<ReadonlyArray<string>>(yield* findingsOf(id), [code])
  })
)

it.effect.each(Document.slugs)("a usual %s has no finding", (document) =>
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* findingsOf(`hksb-passed-${document}`), [])
  })
)
