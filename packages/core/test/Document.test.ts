/** The seven documents: their tables, how one is recognised, read, revealed and compared. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Canned from "../src/Canned.ts"
import * as Document from "../src/Document.ts"
import { constantFrom, partial, utf16 } from "./fixtures/arbitraries.ts"
import { passing } from "./fixtures/answers.ts"
import { outcomeOfBody, resultOf, textsOf } from "./fixtures/results.ts"
import { documents } from "./fixtures/vendorPage.ts"

const twins: ReadonlyArray<Document.Name> = ["ExitEntryPermitHongKongMacao", "MainlandTravelPermitTaiwan"]
const unlike = documents.filter(({ name }) => !twins.includes(name))

/** A kind as a codec of any document. */
const codecOf = (name: Document.Name): Schema.Codec<Document.Fields, Readonly<Record<string, unknown>>> =>
  Document.kinds[name] as Schema.Codec<Document.Fields, Readonly<Record<string, unknown>>> // each kind's fields are some document's

const valuesOf = (reading: Document.Reading): Readonly<Record<string, unknown>> => ({
  ...Document.reveal<Document.Fields>(reading)
})

const readAs = (ocrIdInfo: unknown, name: Document.Name) =>
  resultOf(passing({ ocrIdInfo }), { document: Document.kinds[name] })

const textOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "raw" in value ? value.raw : value

describe("the seven documents", () => {
  it("are those of the vendor's page, with their titles, in its order", () => {
    assert.deepStrictEqual(
      Document.names.map((name) => ({ title: Document.titles[name], name })),
      documents.map(({ name, title }) => ({ title, name }))
    )
  })

  it.each(documents)("$title has the fields of its table, each optional and read", ({ fields, name }) => {
    assert.deepStrictEqual(Document.fieldsOf(name), [...fields])
    assert.strictEqual(Document.nameOf(Document.kinds[name]), name)
    assert.deepStrictEqual(Schema.decodeSync(codecOf(name))({}), {})
    const { ocr, warnings } = readAs(Canned.fields[name], name)
    assert.deepStrictEqual(warnings, [])
    const texts = Object.entries(valuesOf(ocr)).map(([field, value]) => [field, textOf(value)])
    assert.deepStrictEqual(Object.fromEntries(texts), Canned.fields[name])
  })

  it.each(documents)("$title has dates and a sex that are values", ({ fields, name }) => {
    const values = valuesOf(readAs(Canned.fields[name], name).ocr)
    for (const field of fields.filter((field) => field.endsWith("Date"))) {
      assert.containSubset(values[field], { _tag: field === "firstIssueDate" ? "YearMonth" : "CalendarDate" })
    }
    assert.match(JSON.stringify(values["sex"]), /"value":"(?:Fem|M)ale"/)
  })

  it.each(documents)(
    "$title is read by its schema as in an answer, and encodes to the texts that came",
    ({ fields, name }) => {
      const wire = Object.fromEntries(fields.map((field) => [field, "1990-02-30"]))
      for (const texts of [Canned.fields[name], wire]) {
        const values = Schema.decodeSync(codecOf(name))(texts)
        assert.deepStrictEqual({ ...values }, valuesOf(readAs(texts, name).ocr))
        assert.deepStrictEqual(Schema.encodeSync(codecOf(name))(values), texts)
      }
    }
  )

  it.prop(
    "decode from JSON to what was encoded",
    [
      Arbitrary.flatMap(constantFrom(...Document.names), (name) =>
        Arbitrary.map(Arbitrary.schema(codecOf(name)), (value) => ({ name, value }))
      )
    ],
    ([{ name, value }]) => {
      const text = JSON.stringify(Schema.encodeSync(codecOf(name))(value))
      assert.deepStrictEqual(Schema.decodeUnknownSync(codecOf(name))(JSON.parse(text)), value)
    }
  )

  it("take blank text for not read", () => {
    for (const name of Document.names) {
      for (const blank of ["", " ", null, undefined]) {
        const raw = Object.fromEntries(Document.fieldsOf(name).map((field) => [field, blank]))
        assert.deepStrictEqual(Schema.decodeSync(codecOf(name))(raw), {})
        const { ocr, warnings } = readAs(raw, name)
        assert.deepStrictEqual([valuesOf(ocr), warnings], [{}, []])
      }
    }
  })

  it("carry the vendor's words, an example and the format in their JSON Schema", () => {
    for (const { fields, name } of documents) {
      const { definitions } = Schema.toJsonSchemaDocument(codecOf(name))
      const properties = definitions[name]?.["properties"]
      assert.hasAllKeys(properties, [...fields])
      for (const field of Object.values(Object(properties))) {
        assert.hasAnyKeys(field, ["description"])
        assert.hasAnyKeys(field, ["examples"])
      }
    }
    const { definitions } = Schema.toJsonSchemaDocument(Document.GlobalPassport)
    assert.containSubset(definitions["GlobalPassport"], {
      title: "Global Passport",
      properties: {
        birthDate: { title: "Date of birth", format: "yyyy-MM-dd", examples: ["1974-08-12"] },
        nationality: { description: "Nationality (3-digit country code)" }
      }
    })
  })
})

describe("Document.infer", () => {
  it.each(unlike)("knows $title by all its fields, in any order and with unknown ones", ({ fields, name }) => {
    for (const keys of [fields, fields.toReversed(), [...fields, "unknownField"]]) {
      assert.deepStrictEqual(Document.infer(keys), { _tag: "Decided", name })
    }
  })

  it("can't tell the two permits whose tables have the same fields", () => {
    for (const name of twins) {
      assert.deepStrictEqual(Document.infer(Document.fieldsOf(name)), { _tag: "Undecided", candidates: twins })
    }
  })

  it.each([
    ["nameCode", "HongKongIdentityCard"],
    ["symbols", "HongKongIdentityCard"],
    ["passportNo", "GlobalPassport"],
    ["passport_number", "GlobalPassport"],
    ["surnameCN", "MacaoResidentIdentityCard"],
    ["ethnicity", "PrcResidentIdentityCard"]
  ] as const)("is decided by %s alone", (field, name) => {
    assert.deepStrictEqual(Document.infer([field]), { _tag: "Decided", name })
  })

  it("lists every kind that the fields fit, and none if they contradict each other or are unknown", () => {
    assert.deepStrictEqual(Document.infer(["birthDate"]), { _tag: "Undecided", candidates: Document.names })
    for (const keys of [[], ["x", "__proto__", "constructor"], ["passportNo", "ethnicity"]]) {
      assert.deepStrictEqual(Document.infer(keys), { _tag: "Undecided", candidates: [] })
    }
  })

  const known = [...new Set(documents.flatMap(({ fields }) => fields))]
  const some = Arbitrary.map(
    partial(Object.fromEntries(known.map((key) => [key, Arbitrary.Constant(key)]))),
    Object.keys
  )

  it.prop("names only kinds that have all the known fields", [some], ([keys]) => {
    const inference = Document.infer(keys)
    const named = inference._tag === "Decided" ? [inference.name] : inference.candidates
    for (const name of named) assert.includeMembers([...Document.fieldsOf(name)], keys)
  })
})

describe("the document of an answer", () => {
  const undecided = (came: Document.Name, more: Record<string, unknown> = {}) =>
    resultOf(passing({ ocrIdInfo: Canned.fields[came], ...more }))

  it("is inferred from its fields", () => {
    for (const { name } of unlike) assert.deepInclude(undecided(name).ocr, { _tag: "Read", document: name })
    assert.deepInclude(resultOf(passing({ ocrIdInfo: { what: "x" } })).ocr, { _tag: "Ambiguous", candidates: [] })
  })

  it("that fits two kinds is ambiguous, hidden, and can be interpreted as either", () => {
    const { ocr, warnings } = undecided("MainlandTravelPermitTaiwan")
    assert.deepInclude(ocr, { _tag: "Ambiguous", candidates: twins })
    assert.deepStrictEqual([Document.reveal(ocr), warnings], [undefined, []])
    for (const twin of twins) {
      const reading = Document.interpret(ocr, Document.kinds[twin])
      assert.deepInclude(reading, { _tag: "Read", document: twin })
      assert.strictEqual(valuesOf(reading)["idNumber"], Canned.fields.MainlandTravelPermitTaiwan["idNumber"])
    }
  })

  for (const asked of Document.names) {
    it(`is OtherDocument if ${asked} was asked for and another came`, () => {
      for (const came of Document.names) {
        const isSame = asked === came || (twins.includes(asked) && twins.includes(came))
        for (const fields of [Canned.fields[came], JSON.stringify(Canned.fields[came])]) {
          const { ocr, verdict, warnings } = readAs(fields, asked)
          assert.deepInclude(ocr, { _tag: "Read", document: asked })
          assert.strictEqual(verdict._tag, isSame ? "Passed" : "Inconclusive")
          assert.strictEqual(
            warnings.some(({ path }) => path === "Result.ExtIdInfo.ocrIdInfo"),
            !isSame
          )
          assert.deepStrictEqual(textsOf(ocr), Canned.fields[came])
        }
        const edited = passing({ ocrIdInfo: Canned.fields[asked], ocrIdEditInfo: Canned.fields[came] })
        const outcome = outcomeOfBody(edited, { document: Document.kinds[asked] })
        assert.strictEqual(outcome, isSame ? "Passed" : "OtherDocument")
      }
    })

    it(`is ${asked} if any of its fields was not read, or new ones came`, () => {
      const passes = (fields: unknown) => assert.strictEqual(readAs(fields, asked).verdict._tag, "Passed")
      passes({ ...Canned.fields[asked], newField: "x" })
      for (const field of Document.fieldsOf(asked)) {
        passes({ ...Canned.fields[asked], [field]: "" })
        passes({ [field]: Canned.fields[asked][field] })
      }
    })
  }

  it("is not judged by its back, whose fields the vendor's page does not list", () => {
    const ocrIdBackInfo = { originOfIssue: "x", expiryDate: "2030-01-01" }
    const body = passing({ ocrIdInfo: Canned.fields.PrcResidentIdentityCard, ocrIdBackInfo })
    assert.strictEqual(outcomeOfBody(body, { document: Document.PrcResidentIdentityCard }), "Passed")
  })

  it("is the front's kind for the edited fields and the back, too, and each of its own if the front is undecided", () => {
    const passport = undecided("GlobalPassport", {
      ocrIdEditInfo: { surname: "EDITED" },
      ocrIdBackInfo: { other: "x" }
    })
    for (const reading of [passport.ocr, passport.ocrEdited, passport.ocrBack]) {
      assert.deepInclude(reading, { document: "GlobalPassport" })
    }
    assert.deepStrictEqual(valuesOf(passport.ocrEdited), { surname: "EDITED" })
    const permit = undecided("MainlandTravelPermitTaiwan", { ocrIdBackInfo: Canned.fields.PrcResidentIdentityCard })
    assert.strictEqual(permit.ocr._tag, "Ambiguous")
    assert.deepInclude(permit.ocrBack, { document: "PrcResidentIdentityCard" })
  })

  it("in the vendor's other edition is read, with a warning for each key", () => {
    const fields = {
      surname: "EXAMPLE",
      given_names: "ANNA MARIA",
      sex: "F",
      date_of_birth: "1990-02-21",
      passport_number: "X0000001",
      nationality: "UTO",
      date_of_expiry: "2030-02-20",
      country_code: "UTO"
    }
    for (const result of [resultOf(passing({ ocrIdInfo: JSON.stringify(fields) })), readAs(fields, "GlobalPassport")]) {
      assert.strictEqual(result.verdict._tag, "Passed")
      assert.containSubset(valuesOf(result.ocr), {
        givenname: "ANNA MARIA",
        passportNo: "X0000001",
        countryCode: "UTO",
        birthDate: { year: 1990 },
        expiryDate: { year: 2030 }
      })
      assert.deepStrictEqual(
        result.warnings.map(({ path }) => path.split(".").at(-1)),
        ["given_names", "date_of_birth", "passport_number", "date_of_expiry"]
      )
    }
  })

  it("that was not read, or can't be read, stays so when it is interpreted", () => {
    for (const ocrIdInfo of ["", "{"]) {
      const { ocr } = resultOf(passing({ ocrIdInfo }))
      assert.deepStrictEqual(Document.interpret(ocr, Document.GlobalPassport), ocr)
      assert.isUndefined(Document.reveal(ocr))
    }
  })

  it.prop("never fails to decode, whatever its texts are", [utf16, constantFrom(...Document.names)], ([text, name]) => {
    const fields = Object.fromEntries(Document.fieldsOf(name).map((field) => [field, text]))
    assert.deepStrictEqual(textsOf(readAs(fields, name).ocr), fields)
  })
})

describe("Document.differences", () => {
  const card = Canned.fields.HongKongIdentityCard
  const differencesOf = (ocrIdInfo: unknown, ocrIdEditInfo: unknown) => {
    const { ocr, ocrEdited } = resultOf(passing({ ocrIdInfo, ocrIdEditInfo }))
    return Document.differences(ocr, ocrEdited).map(({ edited, field, read }) => [
      field,
      Redacted.value(read),
      Redacted.value(edited)
    ])
  }

  it("lists what the person changed, added and emptied, also fields that no table has", () => {
    assert.deepStrictEqual(
      differencesOf({ ...card, symbols: "" }, { ...card, idNumber: "B", symbols: "AZ", nameCode: "", x: 1 }),
      [
        ["nameCode", card["nameCode"], ""],
        ["idNumber", card["idNumber"], "B"],
        ["symbols", "", "AZ"],
        ["x", undefined, 1]
      ]
    )
    assert.deepStrictEqual(differencesOf("", { name: "A" }), [["name", undefined, "A"]])
  })

  it("is empty if nothing was changed or edited, whatever the order and the spelling of the keys", () => {
    const reversed = Object.fromEntries(Object.entries(card).toReversed())
    const respelled = Object.fromEntries(Object.entries(card).map(([key, value]) => [key.toUpperCase(), value]))
    for (const edited of [card, reversed, respelled, undefined, {}])
      assert.deepStrictEqual(differencesOf(card, edited), [])
    assert.deepStrictEqual(differencesOf({ ...card, symbols: "" }, { ...card, symbols: null }), [])
  })

  it("works for documents of undecided kind, and prints no value", () => {
    const permit = Canned.fields.MainlandTravelPermitTaiwan
    const { ocr, ocrEdited } = resultOf(
      passing({ ocrIdInfo: permit, ocrIdEditInfo: { ...permit, idNumber: "canary" } })
    )
    const differences = Document.differences(ocr, ocrEdited)
    assert.deepStrictEqual(
      differences.map(({ field }) => field),
      ["idNumber"]
    )
    assert.notInclude(JSON.stringify(differences), "canary")
  })
})
