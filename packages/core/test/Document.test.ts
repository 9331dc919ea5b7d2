import { describe, expect, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import * as Answer from "../src/Answer.ts"
import * as Canned from "../src/Canned.ts"
import * as Document from "../src/Document.ts"
import { success } from "./fixtures/answers.ts"
import { reveal } from "./fixtures/reveal.ts"
import { utf16 } from "./fixtures/text.ts"
import { documents } from "./fixtures/vendorPage.ts"

const twins: ReadonlyArray<Document.Name> = ["ExitEntryPermitHongKongMacao", "MainlandTravelPermitTaiwan"]
const decode = (ext: Record<string, unknown>) => Result.getOrThrow(Answer.decode(success(ext)))
const decodeAs = (ext: Record<string, unknown>, kind: Document.Kind) =>
  Result.getOrThrow(Answer.decode(success(ext), kind))
const warningsOf = (result: { readonly warnings: ReadonlyArray<{ readonly path: string }> }) =>
  result.warnings.map(({ path }) => path)

describe("the seven documents", () => {
  it("are those of the vendor's page, with their titles, in its order", () => {
    expect(Document.names.map((name) => ({ title: Document.titles[name], name }))).toEqual(
      documents.map(({ name, title }) => ({ title, name }))
    )
  })

  it.each(documents)("$title has the fields of its table, in order", ({ fields, name }) => {
    expect(Document.fieldsOf(name)).toEqual(fields)
    expect(Object.keys(Document.kinds[name].fields)).toEqual(fields)
    expect(Document.nameOf(Document.kinds[name])).toBe(name)
  })

  it.each(documents)("$title has optional fields only", ({ name }) => {
    const codec: Schema.Codec<unknown, unknown> = Document.kinds[name]
    expect(Schema.decodeUnknownSync(codec)({})).toEqual(new Document.kinds[name]({}))
  })

  it.each(documents)("every field of $title is read", ({ fields, name }) => {
    const wire = Canned.fields[name]
    expect(Object.keys(wire)).toEqual(fields)
    const result = decodeAs({ ocrIdInfo: wire, ocrIdPassed: "Y" }, Document.kinds[name])
    expect(result.warnings).toEqual([])
    const read: Record<string, unknown> = { ...Document.reveal(result.ocr) }
    for (const field of fields) {
      const value = read[field]
      const text = typeof value === "object" && value !== null && "raw" in value ? value.raw : value
      expect([field, text]).toEqual([field, wire[field]])
    }
  })

  it.each(documents)("the dates and the sex of $title are values", ({ fields, name }) => {
    const { fields: read, problems } = Document.readFields(name, Canned.fields[name])
    expect(problems).toEqual([])
    const values: Record<string, unknown> = { ...read }
    for (const field of fields.filter((field) => field.endsWith("Date"))) {
      expect(values[field]).toMatchObject({
        _tag: field === "firstIssueDate" ? "YearMonth" : "CalendarDate",
        raw: Canned.fields[name][field]
      })
    }
    expect(values["sex"]).toMatchObject({ raw: Canned.fields[name]["sex"] })
    expect(["Female", "Male"]).toContain((values["sex"] as { readonly value: string }).value) // toMatchObject has shown it
  })

  it.each(documents)("$title encodes to the wire it came from", ({ name }) => {
    const { fields } = Document.readFields(name, Canned.fields[name])
    const codec: Schema.Codec<unknown, unknown> = Document.kinds[name]
    expect(Schema.encodeUnknownSync(codec)(fields)).toEqual(Canned.fields[name])
  })
})

describe("Document.readFields", () => {
  it("takes empty, null and missing values for not read, without a problem", () => {
    for (const name of Document.names) {
      for (const nothing of ["", null, undefined]) {
        const raw = Object.fromEntries(Document.fieldsOf(name).map((field) => [field, nothing]))
        const { fields, problems } = Document.readFields(name, raw)
        expect(problems).toEqual([])
        expect(Object.keys(fields)).toEqual([])
      }
    }
  })

  it("takes a value that is no text for a problem, and reads the rest", () => {
    for (const value of [1, true, ["x"], { a: 1 }]) {
      const { fields, problems } = Document.readFields("GlobalPassport", { surname: value, passportNo: "P1" })
      expect(problems).toEqual([{ field: "surname", expected: "text", raw: value }])
      expect({ ...fields }).toEqual({ passportNo: "P1" })
    }
  })

  it("takes an impossible date for a problem, and keeps its text", () => {
    const { fields, problems } = Document.readFields("GlobalPassport", { birthDate: "2023-02-29", expiryDate: "" })
    expect(problems).toEqual([{ field: "birthDate", expected: "yyyy-MM-dd", raw: "2023-02-29" }])
    expect({ ...fields }).toEqual({ birthDate: { _tag: "Unreadable", raw: "2023-02-29" } })
  })

  it("names the form of a month", () => {
    const { problems } = Document.readFields("HongKongIdentityCard", { firstIssueDate: "06-2003" })
    expect(problems).toEqual([{ field: "firstIssueDate", expected: "yyyy-MM", raw: "06-2003" }])
  })

  it.each(documents)("reads what the schema of $title decodes, whatever the texts are", ({ fields, name }) => {
    const decode = Schema.decodeUnknownSync(Document.kinds[name])
    const texts = fc.oneof(
      fc.constantFrom("1990-02-21", "1990-02-30", "2003-07", "M", "female", "男", "x"),
      utf16.filter((text) => text !== "")
    )
    fc.assert(
      fc.property(fc.record(Object.fromEntries(fields.map((field) => [field, texts])), { requiredKeys: [] }), (raw) => {
        const read = Document.readFields(name, raw).fields
        expect(read).toStrictEqual(decode(raw))
        expect(Object.getPrototypeOf(read)).toBe(Document.kinds[name].prototype)
      })
    )
  })

  it("never throws, for any text in any field", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Document.names), fc.infiniteStream(utf16), (name, texts) => {
        const raw = Object.fromEntries(Document.fieldsOf(name).map((field) => [field, texts.next().value]))
        const read: Record<string, unknown> = { ...Document.readFields(name, raw).fields }
        for (const field of Document.fieldsOf(name)) expect(Object.hasOwn(read, field)).toBe(raw[field] !== "")
      })
    )
  })

  it("does not see a prototype's names as fields", () => {
    const raw = JSON.parse('{"__proto__":{"surname":"x"}}')
    expect({ ...Document.readFields("GlobalPassport", raw).fields }).toEqual({})
  })
})

describe("Document.infer", () => {
  it.each(documents.filter(({ name }) => !twins.includes(name)))(
    "knows $title by all its fields",
    ({ fields, name }) => {
      expect(Document.infer(fields)).toEqual({ _tag: "Decided", name })
      expect(Document.infer(fields.toReversed())).toEqual({ _tag: "Decided", name })
      expect(Document.infer([...fields, "unknownField"])).toEqual({ _tag: "Decided", name })
    }
  )

  it.each(documents.filter(({ name }) => twins.includes(name)))("can't tell $title from its twin", ({ fields }) => {
    expect(Document.infer(fields)).toEqual({ _tag: "Undecided", candidates: twins })
  })

  it.each([
    ["nameCode", "HongKongIdentityCard"],
    ["symbols", "HongKongIdentityCard"],
    ["isPermanent", "HongKongIdentityCard"],
    ["passportNo", "GlobalPassport"],
    ["nationality", "GlobalPassport"],
    ["surnameCN", "MacaoResidentIdentityCard"],
    ["placeOfBirth", "MacaoResidentIdentityCard"],
    ["ethnicity", "PrcResidentIdentityCard"],
    ["address", "PrcResidentIdentityCard"]
  ])("is decided by %s alone", (field, name) => {
    expect(Document.infer([field])).toEqual({ _tag: "Decided", name })
  })

  it("is undecided where nothing is known of the fields", () => {
    expect(Document.infer([])).toEqual({ _tag: "Undecided", candidates: [] })
    expect(Document.infer(["x", "__proto__", "constructor"])).toEqual({ _tag: "Undecided", candidates: [] })
  })

  it("lists every kind that the fields fit, where they fit several", () => {
    expect(Document.infer(["birthDate"])).toEqual({ _tag: "Undecided", candidates: Document.names })
    expect(Document.infer(["surname"])).toEqual({
      _tag: "Undecided",
      candidates: ["GlobalPassport", "MacaoResidentIdentityCard"]
    })
  })

  it("has no candidate where the fields contradict each other", () => {
    expect(Document.infer(["passportNo", "ethnicity"])).toEqual({ _tag: "Undecided", candidates: [] })
  })

  // Was a bug: a repeated key counts twice, so that eight fields look like the nine of a larger document.
  it("counts a key once, however often it comes", () => {
    for (const name of Document.names) {
      const keys = Document.fieldsOf(name)
      expect(Document.infer([...keys, "sex", "name"].filter((key) => keys.includes(key)))).toEqual(Document.infer(keys))
    }
  })

  it("decides only for a kind that has all the known fields, and for the true one where all came", () => {
    const known = [...new Set(documents.flatMap(({ fields }) => fields))]
    fc.assert(
      fc.property(fc.subarray(known), (keys) => {
        const inference = Document.infer(keys)
        const fits = (name: Document.Name) => keys.every((key) => Document.fieldsOf(name).includes(key))
        if (inference._tag === "Decided") expect(fits(inference.name)).toBe(true)
        else for (const name of inference.candidates) expect(fits(name)).toBe(true)
      }),
      { numRuns: 300 }
    )
  })
})

describe("the document of an answer", () => {
  it.each(documents.filter(({ name }) => !twins.includes(name)))("$title is inferred", ({ name }) => {
    const result = decode({ ocrIdInfo: Canned.fields[name] })
    expect(result.ocr).toMatchObject({ _tag: "Read", document: name })
    expect(Document.reveal(result.ocr)).toBeInstanceOf(Document.kinds[name])
    expect(result.warnings).toEqual([])
  })

  it.each(twins)("%s is ambiguous with its twin, and can be interpreted as either", (name) => {
    const { ocr, warnings } = decode({ ocrIdInfo: Canned.fields[name] })
    expect(ocr).toMatchObject({ _tag: "Ambiguous", candidates: twins })
    expect(warnings).toEqual([])
    expect(Document.reveal(ocr)).toBeUndefined()
    for (const twin of twins) {
      const reading = Document.interpret(ocr, Document.kinds[twin])
      expect(reading).toMatchObject({ _tag: "Read", document: twin })
      expect(reveal(Document.reveal(reading))).toMatchObject({ idNumber: Canned.fields[name]["idNumber"] })
    }
  })

  it.each(documents)("$title is what the caller expects, without a warning", ({ name }) => {
    const result = decodeAs({ ocrIdInfo: Canned.fields[name] }, Document.kinds[name])
    expect(result.ocr).toMatchObject({ _tag: "Read", document: name })
    expect(result.warnings).toEqual([])
  })

  it("is read as the expected kind although another came, with a warning", () => {
    for (const expected of Document.names) {
      for (const came of Document.names) {
        const result = decodeAs({ ocrIdInfo: Canned.fields[came] }, Document.kinds[expected])
        expect(result.ocr).toMatchObject({ _tag: "Read", document: expected })
        const fits = expected === came || (twins.includes(expected) && twins.includes(came))
        expect(warningsOf(result)).toEqual(fits ? [] : expect.arrayContaining(["Result.ExtIdInfo.ocrIdInfo"]))
      }
    }
  })

  it("keeps all that came in raw where the expected kind has no room for it", () => {
    const { ocr } = decodeAs({ ocrIdInfo: Canned.fields.GlobalPassport }, Document.PrcResidentIdentityCard)
    expect(ocr._tag === "Read" && Redacted.value(ocr.raw)).toEqual(Canned.fields.GlobalPassport)
  })

  it("with few fields of the expected kind is no mismatch", () => {
    const result = decodeAs({ ocrIdInfo: { name: "x" } }, Document.HongKongIdentityCard)
    expect(result.warnings).toEqual([])
  })

  it("is ambiguous without candidates where no field is known", () => {
    expect(decode({ ocrIdInfo: { what: "x" } }).ocr).toMatchObject({ _tag: "Ambiguous", candidates: [] })
  })

  it("is of the front's kind for what was edited and for the back, too: their fields may be few, or others", () => {
    const result = decode({
      ocrIdInfo: Canned.fields.GlobalPassport,
      ocrIdEditInfo: { surname: "EDITED" },
      ocrIdBackInfo: { givenname: "BACK", somethingOfTheBack: "x" }
    })
    expect([result.ocr, result.ocrEdited, result.ocrBack]).toMatchObject([
      { document: "GlobalPassport" },
      { document: "GlobalPassport" },
      { document: "GlobalPassport" }
    ])
    expect({ ...Document.reveal(result.ocrEdited) }).toEqual({ surname: "EDITED" })
    expect({ ...Document.reveal(result.ocrBack) }).toEqual({ givenname: "BACK" })
    expect(result.warnings).toEqual([])
  })

  it("is inferred for each side apart where the front does not decide", () => {
    const result = decode({
      ocrIdInfo: Canned.fields.MainlandTravelPermitTaiwan,
      ocrIdEditInfo: Canned.fields.MainlandTravelPermitTaiwan,
      ocrIdBackInfo: Canned.fields.PrcResidentIdentityCard
    })
    expect([result.ocr, result.ocrEdited, result.ocrBack]).toMatchObject([
      { _tag: "Ambiguous", candidates: twins },
      { _tag: "Ambiguous", candidates: twins },
      { _tag: "Read", document: "PrcResidentIdentityCard" }
    ])
  })

  it("that was not read stays so when it is interpreted", () => {
    expect(Document.interpret(Document.notRead, Document.GlobalPassport)).toEqual({ _tag: "NotRead" })
    expect(Document.reveal(Document.notRead)).toBeUndefined()
  })

  it("of a kind that is none of the seven is not read", () => {
    class Other extends Document.GlobalPassport {}
    const { ocr } = decode({ ocrIdInfo: { ...Canned.fields.GlobalPassport } })
    expect(Document.interpret(ocr, Other)).toEqual({ _tag: "NotRead" })
  })

  it("can be interpreted as another kind than it was read as", () => {
    const { ocr } = decode({ ocrIdInfo: { ...Canned.fields.GlobalPassport } })
    expect({ ...Document.reveal(Document.interpret(ocr, Document.PrcResidentIdentityCard)) }).toMatchObject({
      sex: { value: "Male" }
    })
  })
})

describe("Document.differences", () => {
  const differencesOf = (read: unknown, edited: unknown) => {
    const result = decode({ ocrIdInfo: read, ocrIdEditInfo: edited })
    return Document.differences(result.ocr, result.ocrEdited).map((difference) => [
      difference.field,
      Redacted.value(difference.read),
      Redacted.value(difference.edited)
    ])
  }
  const card = Canned.fields.HongKongIdentityCard

  it("lists what the person changed, in the order of the table", () => {
    expect(differencesOf(card, { ...card, idNumber: "B", name: "A" })).toEqual([
      ["name", card["name"], "A"],
      ["idNumber", card["idNumber"], "B"]
    ])
  })

  it("lists what the person added and what the person emptied", () => {
    expect(differencesOf({ ...card, symbols: "" }, { ...card, symbols: "AZ", nameCode: "" })).toEqual([
      ["nameCode", card["nameCode"], ""],
      ["symbols", "", "AZ"]
    ])
    expect(differencesOf({ nameCode: "1" }, { nameCode: "1", name: "A" })).toEqual([["name", undefined, "A"]])
  })

  it("is empty where nothing was changed, or nothing was edited", () => {
    expect(differencesOf(card, card)).toEqual([])
    expect(differencesOf(card, undefined)).toEqual([])
    expect(differencesOf(card, {})).toEqual([])
    expect(differencesOf({ ...card, symbols: "" }, { ...card, symbols: null })).toEqual([])
  })

  it("lists all that was edited where nothing was read", () => {
    expect(differencesOf("", { nameCode: "1", name: "A" })).toEqual([
      ["name", undefined, "A"],
      ["nameCode", undefined, "1"]
    ])
  })

  it("works for documents of undecided kind", () => {
    const permit = Canned.fields.MainlandTravelPermitTaiwan
    expect(differencesOf(permit, { ...permit, idNumber: "1" })).toEqual([["idNumber", permit["idNumber"], "1"]])
  })

  it("ignores the order of keys and fields that it does not know", () => {
    expect(differencesOf(card, Object.fromEntries([...Object.entries(card), ["x", 1]].toReversed()))).toEqual([])
  })

  it("prints no value", () => {
    const { ocr, ocrEdited } = decode({ ocrIdInfo: card, ocrIdEditInfo: { ...card, idNumber: "canary" } })
    expect(JSON.stringify(Document.differences(ocr, ocrEdited))).not.toContain("canary")
  })

  it("survives deep nesting in a field", () => {
    const deep = `{"name":${"[".repeat(50_000)}${"]".repeat(50_000)}}`
    expect(differencesOf(deep, deep)).toEqual([])
  })
})

describe("reveal", () => {
  const wires = fc
    .constantFrom(...Document.names)
    .chain((name) =>
      fc.tuple(fc.constant(name), fc.dictionary(fc.constantFrom(...Document.fieldsOf(name)), utf16, { maxKeys: 6 }))
    )

  it("shows what fields holds, looked at before or not, and nothing that was wiped", () => {
    fc.assert(
      fc.property(wires, fc.boolean(), ([name, wire], isLookedAt) => {
        const { fields } = Document.readFields(name, wire)
        const reading = Document.read(name, fields, wire)
        if (isLookedAt) expect(Redacted.value(reading.fields)).toBe(fields)
        expect(Document.reveal(reading)).toBe(fields)
        expect(Document.reveal(reading)).toBe(Redacted.value(reading.fields))
        // Its raw text is another secret: wiped, it takes nothing from the fields.
        Redacted.wipeUnsafe(reading.raw)
        expect(Document.reveal(reading)).toBe(fields)
        Redacted.wipeUnsafe(reading.fields)
        const thrown = (show: () => unknown): unknown => {
          try {
            return show()
          } catch (error) {
            return error
          }
        }
        const error = thrown(() => Document.reveal(reading))
        expect(error).toBeInstanceOf(Error)
        expect(error).toEqual(thrown(() => Redacted.value(reading.fields)))
      }),
      { numRuns: 100 }
    )
  })

  it("shows what a reading of somebody's own holds, a copy with other fields, too", () => {
    const { fields } = Document.readFields("GlobalPassport", { passportNo: "P1" })
    const others = Document.readFields("GlobalPassport", { passportNo: "P2" }).fields
    const reading = Document.read("GlobalPassport", fields, {})
    const own = { _tag: "Read", document: "GlobalPassport", fields: Redacted.make(others), raw: reading.raw } as const
    expect(Document.reveal(own)).toBe(others)
    expect(Document.reveal({ ...reading, fields: own.fields, raw: reading.raw })).toBe(others)
    expect(Document.reveal({ _tag: "NotRead" })).toBeUndefined()
    expect(Document.reveal({ _tag: "Ambiguous", candidates: [], raw: reading.raw })).toBeUndefined()
  })
})
