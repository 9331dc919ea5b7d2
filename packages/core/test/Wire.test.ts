/** The parts that the vendor's answers are made of, for answers of sibling products, too. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Wire from "../src/Wire.ts"
import { integer, utf16 } from "./fixtures/arbitraries.ts"
import { encoded, json } from "./fixtures/answers.ts"

const Parts = Wire.object({ score: Wire.Text, attack: Wire.YesOrNo, types: Wire.Texts })
const Outer = Wire.object({ Code: Wire.Text, Info: Wire.NestedJson(Parts) }, { Status: "Code" })

const decode = Schema.decodeUnknownSync(Outer)
const infoOf = (value: unknown) => decode({ Info: value }).fields.Info
const expectedOf = (part: unknown) => Wire.isUnreadable(part) && [part.expected, Redacted.value(part.raw)]

describe("a part", () => {
  it("is absent if it is blank", () => {
    for (const blank of [undefined, null, "", " \n"]) {
      const { Code, Info } = decode({ Code: blank, Info: { score: blank, attack: blank, types: blank } }).fields
      assert.isUndefined(Code)
      assert.deepStrictEqual(Wire.readable(Info)?.fields, {})
      assert.deepStrictEqual(decode({ Info: blank }).fields, {})
    }
  })

  it("of Schema.Unknown is whatever stands there, blank or not", () => {
    const decodeAny = Schema.decodeUnknownSync(Wire.object({ any: Schema.optionalKey(Schema.Unknown) }))
    for (const value of [null, "", " ", 0, {}]) assert.deepStrictEqual(decodeAny({ Any: value }).fields, { any: value })
    assert.deepStrictEqual(decodeAny({}).fields, {})
  })

  it("is the last of several, blank or not", () => {
    assert.deepStrictEqual(decode({ Code: "1", code: "" }).fields, {})
    assert.deepStrictEqual(decode({ Code: "", code: "1" }).fields, { Code: "1" })
  })

  it("of text takes numbers and booleans, whose quotes writers leave off", () => {
    const codes = ["x", 200, -1.5, true].map((Code) => decode({ Code }).fields.Code)
    assert.deepStrictEqual(codes, ["x", "200", "-1.5", "true"])
  })

  it("that is something else is unreadable, with what was expected and what stood there", () => {
    const { attack, score, types } = Wire.readable(infoOf({ score: [1], attack: "y", types: [1] }))?.fields ?? {}
    assert.deepStrictEqual(expectedOf(score), ["text", [1]])
    assert.deepStrictEqual(expectedOf(attack), ["Y or N", "y"])
    assert.deepStrictEqual(expectedOf(types), ["text or a list of texts", [1]])
    assert.isUndefined(Wire.readable(attack))
    assert.notInclude(JSON.stringify(decode({ Code: ["canary"] }).fields), "canary")
  })
})

describe("an object", () => {
  it("is read by its keys in any case, with underscores, and by their other names", () => {
    for (const key of ["Code", "code", "CODE", "co_de", "Status", "status"]) {
      assert.strictEqual(decode({ [key]: "1" }).fields.Code, "1")
    }
    assert.deepStrictEqual(decode({ status: "1" }).source.synonyms, ["status"])
  })

  it("says which keys stand twice, and keeps everything that came", () => {
    const raw = { Code: "1", code: "2", Status: "3", more: [4] }
    const { source } = decode(raw)
    assert.deepStrictEqual(source.repeated, ["Code", "Code"])
    assert.deepStrictEqual(source.unknown, ["more"])
    assert.strictEqual(source.keys["Code"], "Status")
    assert.deepStrictEqual(source.raw, raw)
  })

  it("does not see what every object has", () => {
    const Odd = Wire.object({ constructor: Wire.Text, toString: Wire.Text })
    assert.deepStrictEqual(Schema.decodeUnknownSync(Odd)({}).fields as object, {})
  })

  it("refuses what is no such object", () => {
    for (const value of [null, [], "x", 1]) assert.isFalse(Schema.is(Outer)(value))
    assert.throws(() => decode([]))
  })
})

describe("a nested document", () => {
  it.prop(
    "is read plain or encoded up to four times, for any object",
    [Arbitrary.schema(Schema.Record(Schema.String, Schema.Json)), integer(0, 4)],
    ([value, times]) => {
      const plain: unknown = JSON.parse(JSON.stringify(value)) // -0 becomes 0
      const info = infoOf(encoded(plain, times))
      assert.deepStrictEqual<unknown>(Wire.readable(info)?.source.raw, plain)
    }
  )

  it("is unreadable if it was encoded oftener, is deeper than a hundred levels, or is no object", () => {
    const nest = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`
    assert.isFalse(Wire.isUnreadable(infoOf(nest(100))))
    const wrong = [encoded({ a: 1 }, 5), nest(101), nest(50_000), 1, true, [], ["{}"], "[]", "1", "text", '{"a":1}x']
    for (const value of wrong) assert.isTrue(Wire.isUnreadable(infoOf(value)))
  })

  it.prop("never fails to decode", [json, utf16], ([value, text]) => {
    for (const input of [value, text, JSON.stringify(value), JSON.stringify(text)]) {
      const info = infoOf(input)
      if (Wire.isUnreadable(info)) assert.deepStrictEqual(Redacted.value(info.raw), input)
    }
  })

  it("encodes as a string, with all that came and what was changed", () => {
    const answer = decode({ code: "1", Info: { score: 7, later: 1 } })
    const encodedAnswer = Schema.encodeSync(Outer)(answer)
    assert.deepStrictEqual(encodedAnswer, {
      code: "1",
      Code: "1",
      Info: '{"score":"7","later":1}'
    })
  })
})
