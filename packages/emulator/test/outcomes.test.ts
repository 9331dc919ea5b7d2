/** The well-known ids, asked for by the real client: what its verdict says, and what is on the wire for the rest. */
import { assert, describe, it } from "@effect/vitest"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Document from "@effect-cloudauth/core/Document"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Verdict from "@effect-cloudauth/core/Verdict"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Emulator } from "../src/Emulator.ts"
import * as Scenario from "../src/Scenario.ts"

const today = "2026-11-30"
const daysFromToday = (date: unknown) => (Date.parse(String(date)) - Date.parse(today)) / 86_400_000

const check = (transactionId: string, document?: Document.Kind) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse(today))
    return yield* Cloudauth.checkResult(
      { merchantBizId: "order1", transactionId, document, isReturnImage: true },
      { retry: RetryPolicy.none }
    )
  })

const rawOf = (reading: Document.Reading): Readonly<Record<string, unknown>> =>
  reading._tag === "Read" || reading._tag === "Ambiguous" ? Redacted.value(reading.raw) : {}

/** A pass, with what OCR read of the front. */
const passed = (transactionId: string) =>
  Effect.map(check(transactionId), (result) => {
    assert.strictEqual(result.verdict._tag, "Passed")
    return { result, fields: rawOf(result.ocr) }
  })

const run = <A, E>(effect: Effect.Effect<A, E, Cloudauth | Emulator>) => Effect.provide(effect, Emulator.layerClient())

describe("a pass that a reviewer would look at", () => {
  it.effect.each([
    ["hksb-expired", "expiryDate", -30],
    ["hksb-expires-soon", "expiryDate", 20],
    ["hksb-not-yet-valid", "issueDate", 10],
    ["hksb-implausible-birth-date", "birthDate", 5 * 365],
    ["hksb-underage", "birthDate", -(16 * 365 + 100)]
  ] as const)("%s has its %s %d days from today", ([id, field, days]) =>
    Effect.gen(function* () {
      const { fields } = yield* passed(id)
      assert.strictEqual(daysFromToday(fields[field]), days)
    }).pipe(run)
  )

  it.effect.each([
    ["hksb-wrong-check-digit", { idNumber: "Q123456(1)" }],
    ["hksb-wrong-check-digit-prc", { idNumber: "999999199001011212", birthDate: "1990-01-01", sex: "男" }],
    ["hksb-wrong-check-digit-macao", { idNumber: "9123456(X)" }],
    ["hksb-number-contradicts-birth-date", { birthDate: "1991-12-31", sex: "男" }],
    ["hksb-number-contradicts-sex", { birthDate: "1990-01-01", sex: "女" }],
    ["hksb-unknown-country", { countryCode: "QQQ", nationality: "QQQ" }],
    ["hksb-unknown-fields", { bloodType: "O" }]
  ] as const)("%s has these fields: %j", ([id, expected]) =>
    Effect.gen(function* () {
      const { fields } = yield* passed(id)
      for (const [name, value] of Object.entries(expected)) assert.strictEqual(fields[name], value, name)
    }).pipe(run)
  )

  it.effect("has other keys, no number, an edited field, a back that differs, or no image", () =>
    Effect.gen(function* () {
      const other = (yield* passed("hksb-other-edition")).fields
      assert.containsAllKeys(other, ["passport_number", "given_names", "date_of_birth", "country_code"])
      assert.notProperty((yield* passed("hksb-missing-field")).fields, "idNumber")
      const edited = (yield* passed("hksb-edited")).result
      assert.lengthOf(Document.differences(edited.ocr, edited.ocrEdited), 1)
      const { fields, result } = yield* passed("hksb-sides-disagree")
      assert.notStrictEqual(rawOf(result.ocrBack)["idNumber"], fields["idNumber"])
      assert.notStrictEqual(rawOf(result.ocrBack)["expiryDate"], fields["expiryDate"])
      const { images } = (yield* passed("hksb-image-missing")).result
      assert.isUndefined(images.front)
      assert.isDefined((yield* passed("hksb-passed-global-passport")).result.images.front)
      assert.strictEqual((yield* passed("hksb-spoof-not-reported")).result.spoof.front._tag, "NotReported")
    }).pipe(run)
  )

  it.effect("is another document than the one that was asked for", () =>
    Effect.gen(function* () {
      const { verdict } = yield* check("hksb-other-document", Document.HongKongIdentityCard)
      assert.deepInclude(verdict, { _tag: "Inconclusive", reasonCode: "OtherDocument" })
      const { register } = yield* Emulator
      yield* register("mine", Scenario.otherDocument({ asked: "global-passport" }))
      const other = yield* check("mine", Document.GlobalPassport)
      assert.deepInclude(other.verdict, { _tag: "Inconclusive", reasonCode: "OtherDocument" })
    }).pipe(run)
  )
})

describe("an answer that contradicts itself", () => {
  const reasons = {
    "hksb-repeated-passed": "RepeatedKey",
    "hksb-repeated-sub-code": "RepeatedKey",
    "hksb-repeated-spoof-result": "RepeatedKey",
    "hksb-repeated-spoof-info": "RepeatedKey",
    "hksb-repeated-ocr-passed": "RepeatedKey",
    "hksb-repeated-field": "RepeatedKey",
    "hksb-repeated-ext-id-info": "RepeatedKey",
    "hksb-repeated-result": "RepeatedKey",
    "hksb-repeated-code": "RepeatedKey",
    "hksb-contradictory": "SubCodeContradicts",
    "hksb-passed-unreadable": "PassedUnreadable",
    "hksb-sub-code-missing": "SubCodeMissing",
    "hksb-ocr-not-passed": "OcrNotPassed",
    "hksb-ocr-unreadable": "OcrPassedUnreadable",
    "hksb-evidence-missing": "EvidenceMissing",
    "hksb-evidence-cut-off": "EvidenceUnreadable",
    "hksb-nested-malformed": "EvidenceUnreadable",
    "hksb-nothing-read": "NothingRead",
    "hksb-nested-empty": "NothingRead",
    "hksb-edited-without-read": "EditedWithoutRead",
    "hksb-spoof-risk-passed": "SpoofRisk",
    "hksb-spoof-unreadable": "SpoofUnreadable",
    "hksb-spoof-type-only": "SpoofTypeWithoutResult",
    "hksb-not-successful": "NotSuccessful",
    "hksb-sibling-verdict": "SiblingVerdict",
    "hksb-other-transaction": "OtherTransaction",
    "hksb-other-merchant-biz-id": "OtherTransaction"
  } as const

  it.effect.each(Object.entries(reasons))("%s is inconclusive: %s", ([id, reasonCode]) =>
    Effect.gen(function* () {
      assert.deepInclude((yield* check(id)).verdict, { _tag: "Inconclusive", reasonCode })
    }).pipe(run)
  )

  it("there is an id for every reason", () => {
    assert.deepStrictEqual(
      new Set<string>([...Object.values(reasons), "OtherDocument"]),
      new Set<string>(Verdict.reasonCodes)
    )
  })

  it.effect("with an HTTP status that is not 200 is an error", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(check("hksb-status-500"))
      assert.deepInclude(error, { _tag: "DecodeError", httpStatus: 500 })
    }).pipe(run)
  )
})

describe("an answer without a verdict", () => {
  it.effect("P is not completed, until the service decides", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(check("hksb-undecided")))._tag, "ProcessNotCompleted")
      for (let poll = 0; poll < 2; poll++) {
        assert.strictEqual((yield* Effect.flip(check("hksb-undecided-then-rejected")))._tag, "ProcessNotCompleted")
      }
      const { spoof, verdict } = yield* check("hksb-undecided-then-rejected")
      assert.strictEqual(verdict._tag, "Rejected")
      assert.strictEqual(spoof.front._tag, "Risk")
    }).pipe(run)
  )
})

it.effect("every well-known id gets an answer that the client understands, and passes only if the table says so", () =>
  Effect.gen(function* () {
    const says = new Map(Scenario.wellKnownTable)
    for (const id of Scenario.wellKnown.keys()) {
      if (id === "hksb-slow" || id.startsWith("hksb-error-")) continue
      const outcome = yield* Effect.result(check(id))
      const isPass = outcome._tag === "Success" && outcome.success.verdict._tag === "Passed"
      const promised = says.get(id) ?? (id.startsWith("hksb-passed-") ? "passed" : "")
      const isFormOnly = ["hksb-nested-object", "hksb-nested-double", "hksb-escaped", "hksb-large-images"].includes(id)
      assert.strictEqual(isPass, isFormOnly || promised.startsWith("passed"), id)
    }
  }).pipe(run)
)
