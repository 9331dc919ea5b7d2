import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Assessment from "../src/Assessment.ts"
import * as Canned from "../src/Canned.ts"
import * as Document from "../src/Document.ts"
import type * as Expectation from "../src/Expectation.ts"
import { asked, assessedOf, now, resultOf } from "./fixtures/assessed.ts"

const { GlobalPassport, HongKongIdentityCard, PrcResidentIdentityCard } = Document
const jpeg = "/9j/2Q=="

/** An answer, what it is held against, and the findings: the code, or the code and the field. */
interface Row {
  readonly name: string
  readonly answer: Canned.Canned
  readonly expect?: Expectation.Expect
  readonly options?: Partial<Assessment.Options>
  readonly finds: ReadonlyArray<string>
}

const passport = (more: Canned.OptionsOf<typeof GlobalPassport>, rest: Omit<Row, "answer">): Row => ({
  answer: Canned.passed(GlobalPassport, more),
  expect: asked(GlobalPassport),
  ...rest
})
const card = (more: Canned.OptionsOf<typeof HongKongIdentityCard>, rest: Omit<Row, "answer">): Row => ({
  answer: Canned.passed(HongKongIdentityCard, more),
  expect: asked(HongKongIdentityCard),
  ...rest
})
const prc = (more: Canned.OptionsOf<typeof PrcResidentIdentityCard>, rest: Omit<Row, "answer">): Row => ({
  answer: Canned.passed(PrcResidentIdentityCard, more),
  expect: asked(PrcResidentIdentityCard),
  ...rest
})

const documents: ReadonlyArray<Row> = [
  {
    name: "another document",
    answer: Canned.passed(GlobalPassport),
    expect: asked(HongKongIdentityCard),
    finds: ["DocumentMismatch", "RequiredFieldMissing name", "RequiredFieldMissing idNumber", "FieldsUnknown"]
  },
  {
    name: "two kinds that fit",
    answer: Canned.passed(Document.MainlandTravelPermitTaiwan),
    expect: { idSpoof: true },
    finds: ["DocumentUndecided"]
  },
  {
    name: "fields that are no JSON",
    answer: Canned.passed(GlobalPassport, { ext: { ocrIdInfo: "{" } }),
    expect: asked(GlobalPassport),
    finds: ["EvidenceUnreadable"]
  },
  {
    name: "edited fields that are no JSON",
    answer: Canned.passed(GlobalPassport, { ext: { ocrIdEditInfo: "{" } }),
    expect: asked(GlobalPassport),
    finds: ["EvidenceUnreadable"]
  },
  passport(
    {},
    {
      name: "no back, though both sides were asked for",
      expect: { document: GlobalPassport, idSpoof: true, pages: "frontAndBack" },
      finds: ["BackNotRead", "SpoofNotReported"]
    }
  ),
  passport({ back: { passportNo: "L898902C3" } }, { name: "a back that agrees", finds: [] }),
  passport(
    { back: { passportNo: "L898902C4" } },
    { name: "a back that disagrees", finds: ["FrontAndBackDisagree passportNo"] }
  ),
  passport({ back: { birthDate: "1974/08/12", sex: "Male" } }, { name: "a back in other spellings", finds: [] }),
  passport(
    { ext: { ocrIdInfo: { ...Canned.fields.GlobalPassport, chip: "1", mrz2: "2" } } },
    { name: "unknown keys", finds: ["FieldsUnknown"] }
  ),
  passport(
    { ext: { ocrIdInfo: { ...Canned.fields.GlobalPassport, passportNo: "", passport_number: "L898902C3" } } },
    { name: "the other edition's keys", finds: ["OtherEdition"] }
  )
]

const spoof: ReadonlyArray<Row> = [
  passport(
    {},
    { name: "anti-spoofing off", expect: { document: GlobalPassport, idSpoof: false }, finds: ["SpoofNotRequested"] }
  ),
  passport(
    {},
    {
      name: "anti-spoofing unknown",
      expect: { document: GlobalPassport },
      finds: ["SpoofUnconfirmed"]
    }
  ),
  passport({ ext: { spoofInfo: undefined } }, { name: "no anti-spoofing result", finds: ["SpoofNotReported"] }),
  { name: "a rejection of which nothing is known", answer: Canned.rejected("211"), expect: {}, finds: [] },
  passport({ spoof: [] }, { name: "a risk", finds: ["SpoofRisk"] }),
  passport({ backSpoof: ["TAMPER"] }, { name: "a risk on the back", finds: ["SpoofRisk"] })
]

const dates: ReadonlyArray<Row> = [
  passport({ expiryDate: "2001-01-01" }, { name: "expired", finds: ["Expired expiryDate"] }),
  passport({ expiryDate: "2026-11-29" }, { name: "expired yesterday", finds: ["Expired expiryDate"] }),
  passport({ expiryDate: "2026.11.30" }, { name: "valid through today", finds: [] }),
  passport({ expiryDate: "长期" }, { name: "long-term", finds: [] }),
  passport(
    { expiryDate: "2027-01-29" },
    { name: "expires within 60 days", options: { expiresWithin: 60 }, finds: ["ExpiresWithin expiryDate"] }
  ),
  passport({ expiryDate: "2027-01-30" }, { name: "expires in 61 days", options: { expiresWithin: 60 }, finds: [] }),
  passport(
    { expiryDate: "31/12/2030" },
    { name: "an expiry date that can't be read", finds: ["DateUnreadable expiryDate"] }
  ),
  card(
    { currentIssueDate: "23-09-10", firstIssueDate: "(09-99)" },
    { name: "dates of issue that can't be read", finds: [] }
  ),
  ...["2575-04-15", "9999-12-31"].map((expiryDate) =>
    passport({ expiryDate }, { name: `an expiry in ${expiryDate}`, finds: ["DatesContradict expiryDate"] })
  ),
  passport({ sex: "?" }, { name: "a sex that can't be understood", finds: ["SexUnreadable sex"] }),
  passport({ birthDate: "长期" }, { name: "a long-term birth", finds: ["DateUnreadable birthDate"] }),
  passport({ birthDate: "2031-01-01" }, { name: "born in the future", finds: ["BirthDateImplausible birthDate"] }),
  passport({ birthDate: "1899-01-01" }, { name: "older than anyone", finds: ["BirthDateImplausible birthDate"] }),
  passport(
    { birthDate: "2008-12-01" },
    { name: "one day below 18", options: { minimumAge: 18 }, finds: ["Underage birthDate"] }
  ),
  passport({ birthDate: "2008-11-30" }, { name: "18 today", options: { minimumAge: 18 }, finds: [] }),
  card({ currentIssueDate: "2027-01-01" }, { name: "issued in the future", finds: ["NotYetValid currentIssueDate"] }),
  card(
    { firstIssueDate: "2019-01" },
    { name: "first issue after the current one", finds: ["DatesContradict firstIssueDate"] }
  ),
  card({ firstIssueDate: "1980-01" }, { name: "issued before birth", finds: ["DatesContradict firstIssueDate"] })
]

const backs: ReadonlyArray<Row> = [
  prc(
    { back: { originOfIssue: "样本市公安局", issueDate: "2020-01-01", expiryDate: "2040-01-01" } },
    { name: "a valid back", finds: [] }
  ),
  prc(
    { back: { issueDate: "2000.01.01", expiryDate: "2020.01.01" } },
    { name: "a back that has expired", finds: ["Expired expiryDate"] }
  ),
  prc({ back: { issueDate: "2000.01.01", expiryDate: "长期" } }, { name: "a long-term back", finds: [] })
]

const numbers: ReadonlyArray<Row> = [
  card({ idNumber: "A123456(3)" }, { name: "a Hong Kong number", finds: [] }),
  card({ idNumber: "ａ１２３４５６（３）" }, { name: "in full width", finds: [] }),
  card({ idNumber: "WX123456(9)" }, { name: "with two letters", finds: [] }),
  card({ idNumber: "A123456(4)" }, { name: "a wrong Hong Kong check digit", finds: ["CheckDigitWrong idNumber"] }),
  card(
    { idNumber: "A12345(3)" },
    { name: "a Hong Kong number that is too short", finds: ["NumberMalformed idNumber"] }
  ),
  prc({ idNumber: "11010519491231002X", birthDate: "1949-12-31", sex: "女" }, { name: "a PRC number", finds: [] }),
  prc(
    { idNumber: "110105194912310021", birthDate: "1949-12-31", sex: "女" },
    { name: "a wrong PRC check digit", finds: ["CheckDigitWrong idNumber"] }
  ),
  prc(
    { idNumber: "11010519491231002X", birthDate: "1950-12-31", sex: "女" },
    { name: "another birth date in the number", finds: ["NumberContradictsBirthDate idNumber"] }
  ),
  prc(
    { idNumber: "11010519491231002X", birthDate: "1949-12-31", sex: "M" },
    { name: "another sex in the number", finds: ["NumberContradictsSex idNumber"] }
  ),
  prc(
    { idNumber: "110105491231002" },
    { name: "a PRC number of the first generation", finds: ["NumberMalformed idNumber"] }
  ),
  {
    name: "a permit's number",
    answer: Canned.passed(Document.MainlandTravelPermitHongKongMacao, { idNumber: "H0000000001" }),
    expect: asked(Document.MainlandTravelPermitHongKongMacao),
    finds: []
  },
  {
    name: "a permit's number with another letter",
    answer: Canned.passed(Document.MainlandTravelPermitHongKongMacao, { idNumber: "A00000000" }),
    expect: asked(Document.MainlandTravelPermitHongKongMacao),
    finds: ["NumberMalformed idNumber"]
  },
  ...["D", "D<<", "DEU", "GBD", "RKS", "EUE", "UNO", "UNA", "XXA", "XXB", "XXC", "XXX", "chn"].map((code) =>
    passport({ nationality: code }, { name: `the country code ${code}`, finds: [] })
  ),
  ...["CHINA1", "ZZZ", "GERMANY", "CN"].map((code) =>
    passport({ countryCode: code }, { name: `the country code ${code}`, finds: ["CountryCodeUnknown countryCode"] })
  ),
  passport({ nationality: "UTO" }, { name: "a specimen", finds: ["SpecimenDocument nationality"] }),
  passport({ passportNo: "" }, { name: "no passport number", finds: ["RequiredFieldMissing passportNo"] }),
  passport(
    { passportNo: "-", surname: "null", givenname: "N/A" },
    {
      name: "placeholders",
      finds: ["RequiredFieldMissing surname", "RequiredFieldMissing passportNo", "NumberMalformed passportNo"]
    }
  ),
  ...["L89****C3", "L89\u246502", "SPECIMEN"].map((passportNo) =>
    passport({ passportNo }, { name: `the passport number ${passportNo}`, finds: ["NumberMalformed passportNo"] })
  ),
  ...["\ufffd\ufffd", "EXA\u0000MPLE", "\u202eELPMAXE", "EX\ud83dMPLE", "EXAM\u200bPLE"].map((surname) =>
    passport(
      { surname },
      { name: `the garbled name ${JSON.stringify(surname)}`, finds: ["EvidenceUnreadable surname"] }
    )
  ),
  prc({ address: "样本省样本市\r\n样本路1号" }, { name: "an address of two lines", finds: [] }),
  passport({ givenname: "" }, { name: "a holder with one name", finds: [] }),
  card({ name: "" }, { name: "a holder without a Chinese name", finds: [] })
]

const edited: ReadonlyArray<Row> = [
  passport({ edited: { surname: "OTHER" } }, { name: "an edited field", finds: ["EditedByUser surname"] }),
  passport({ edited: {} }, { name: "the edit page, left as it was", finds: [] }),
  passport(
    {},
    { name: "no images, though they were asked for", options: { imagesRequested: true }, finds: ["ImageMissing"] }
  ),
  passport({ image: jpeg }, { name: "an image that was asked for", options: { imagesRequested: true }, finds: [] }),
  passport(
    { image: jpeg, back: { passportNo: "L898902C3" } },
    { name: "no image of the back", options: { imagesRequested: true }, finds: ["ImageMissing"] }
  )
]

const claimed = (claim: Assessment.Options["claim"], ...finds: ReadonlyArray<string>): Row =>
  passport(
    { surname: "MÜLLER-LÜDENSCHEIDT", givenname: "ANNA MARIA" },
    { name: JSON.stringify(claim), options: { claim }, finds }
  )
const claimedCard = (claim: Assessment.Options["claim"], ...finds: ReadonlyArray<string>): Row =>
  card({ name: "陳大文", englishName: "CHAN, Tai Man" }, { name: JSON.stringify(claim), options: { claim }, finds })

const claims: ReadonlyArray<Row> = [
  claimed({ name: "Anna Maria Müller-Lüdenscheidt" }),
  claimed({ name: "mueller luedenscheidt, anna-maria" }),
  claimed({ name: "ＭＵＬＬＥＲ·Ludenscheidt AnnaMaria" }),
  claimed({ name: "Müller⋅Lüdenscheidt Anna●Maria" }),
  claimed({ name: "Anna Muller" }, "DiffersFromClaim name"),
  claimed({ name: "Maria Anna Lüdenscheidt" }, "DiffersFromClaim name"),
  claimed({ name: "陳大文" }, "ClaimNotCompared name"),
  claimed({ name: "Иван" }, "ClaimNotCompared name"),
  claimed({ name: "Anna Maria Müller-Lüdenscheidt Иван" }, "ClaimNotCompared name"),
  claimed({ name: " " }, "ClaimNotCompared name"),
  claimed({ number: " l898902c3 ", birthDate: "1974年8月12日" }),
  claimed(
    { number: "L898902C4", birthDate: "1974-08-13" },
    "DiffersFromClaim passportNo",
    "DiffersFromClaim birthDate"
  ),
  claimed({ birthDate: "１９７４-08-12" }),
  claimed({ birthDate: "12/08/1974" }, "ClaimNotCompared birthDate"),
  claimedCard({ name: "陳 大文" }),
  claimedCard({ name: "Tai Man CHAN" }),
  claimedCard({ name: "CHAN Taiman 陳大文" }),
  claimedCard({ name: "CHAN Tai Man 陳小文" }, "DiffersFromClaim name"),
  claimedCard({ name: "СHAN Tai Man" }, "DiffersFromClaim name"),
  claimedCard({ number: "ZZ000000 (A)" })
]

const rows = { documents, spoof, dates, backs, numbers, edited, claims }

const shortOf = ({ code, field }: Assessment.Finding) => (field === undefined ? code : `${code} ${field}`)

describe.each(Object.entries(rows))("Assessment of %s", (_, rows) => {
  it.effect.each(rows)("finds in $name: $finds", ({ answer, expect, finds, options }) =>
    Effect.gen(function* () {
      const { findings } = yield* assessedOf(answer, expect ?? {}, options)
      assert.deepStrictEqual(findings.map(shortOf), [...finds])
      assert.isTrue(Schema.is(Assessment.Assessment)({ findings, at: now }))
    })
  )
})

describe("Assessment.of", () => {
  it("has a row above for every finding", () => {
    const found = new Set(
      Object.values(rows).flatMap((rows) => rows.flatMap(({ finds }) => finds.map((it) => it.split(" ")[0])))
    )
    assert.sameMembers([...found], [...Assessment.findingCodes])
  })

  it.effect.each(Document.names)("finds nothing in the canned %s", (name) =>
    Effect.gen(function* () {
      const { findings } = yield* assessedOf(Canned.passed(Document.kinds[name]), asked(Document.kinds[name]))
      assert.deepStrictEqual(findings, [])
    })
  )

  it.effect("names the unknown keys, not those that could be anything", () =>
    Effect.gen(function* () {
      const ocrIdInfo = { ...Canned.fields.GlobalPassport, chip: "1", "JANE DOE": "2", "JOHN DOE": "3" }
      const { findings } = yield* assessedOf(
        Canned.passed(GlobalPassport, { ext: { ocrIdInfo } }),
        asked(GlobalPassport)
      )
      assert.deepStrictEqual(
        findings.map(({ keys }) => keys),
        [["chip", "other"]]
      )
    })
  )

  it.effect("counts days in the zone of a zoned time, else in Hong Kong's", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(Canned.passed(GlobalPassport, { expiryDate: "2026-11-30" }), asked(GlobalPassport))
      const lateEvening = DateTime.makeUnsafe("2026-11-30T20:00:00Z")
      assert.lengthOf(Assessment.of(result, { now: lateEvening }).findings, 1)
      assert.lengthOf(
        Assessment.of(result, { now: DateTime.makeZonedUnsafe(lateEvening, { timeZone: "Europe/London" }) }).findings,
        0
      )
    })
  )

  it.effect("finds a copy without the person unreadable, and never throws", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(Canned.passed(GlobalPassport, { edited: { surname: "X" } }), asked(GlobalPassport))
      for (const copy of [
        structuredClone(result),
        JSON.parse(JSON.stringify(result)),
        { ...result, ocr: {} },
        { verdict: result.verdict },
        {}
      ]) {
        assert.include(
          Assessment.of(copy, { now }).findings.map(({ code }) => code),
          "EvidenceUnreadable"
        )
      }
    })
  )

  it.effect("refuses options that are not valid", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(Canned.passed(GlobalPassport), asked(GlobalPassport))
      const refused = (options: object) => {
        try {
          return Assessment.of(result, { now, ...options })
        } catch (error) {
          return error
        }
      }
      assert.containSubset(refused({ minimumage: 18 }), { _tag: "InvalidRequest", nearest: "minimumAge" })
      assert.containSubset(refused({ claim: { nam: "X" } }), { _tag: "InvalidRequest", path: "claim.nam" })
      assert.containSubset(refused({ claim: { name: 1 } }), { path: "claim.name" })
      for (const options of [
        { now: Number.NaN },
        { now: "2026" },
        { minimumAge: -1 },
        { expiresWithin: "60" },
        { imagesRequested: 1 },
        { claim: "x" }
      ]) {
        assert.containSubset(refused(options), { _tag: "InvalidRequest", path: Object.keys(options)[0] })
      }
    })
  )
})

describe("Assessment.match", () => {
  it.effect("gives the findings with the verdict", () =>
    Effect.gen(function* () {
      const assessed = yield* assessedOf(
        Canned.passed(GlobalPassport, { expiryDate: "2001-01-01" }),
        asked(GlobalPassport)
      )
      const matched = Assessment.match(assessed, {
        Passed: ({ findings, verdict }) => [verdict.subCode.code, ...findings.map(({ code }) => code)],
        Rejected: () => [],
        Inconclusive: () => []
      })
      assert.deepStrictEqual(matched, ["200", "Expired"])
    })
  )
})

describe("Document.isPermanent", () => {
  it.each([
    ["Y", "Yes"],
    ["1", "Yes"],
    ["true", "Yes"],
    ["是", "Yes"],
    ["n", "No"],
    ["0", "No"],
    ["FALSE", "No"],
    ["否", "No"],
    ["maybe", "Unknown"],
    ["", "Unknown"]
  ])("reads %j as %s", (raw, value) => {
    assert.deepStrictEqual(Document.isPermanent({ isPermanent: raw }), { value, raw })
    assert.isUndefined(Document.isPermanent({}))
  })
})
