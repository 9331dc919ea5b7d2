import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import * as Sex from "../src/Sex.ts"
import { utf16 } from "./fixtures/text.ts"

const male = ["M", "Male", "男", "m", "MALE", " male ", "mAlE"]
const female = ["F", "Female", "女", "f", "FEMALE", "\tfemale"]
const decode = Schema.decodeUnknownSync(Sex.Sex)

describe("Sex", () => {
  it.each(male)("reads %j as Male and keeps the text", (raw) => {
    expect(Sex.parse(raw)).toEqual({ value: "Male", raw })
  })

  it.each(female)("reads %j as Female and keeps the text", (raw) => {
    expect(Sex.parse(raw)).toEqual({ value: "Female", raw })
  })

  it.each(["", " ", "X", "U", "Mr", "malefemale", "性别", "M/F", "1"])("reads %j as Unknown", (raw) => {
    expect(Sex.parse(raw)).toEqual({ value: "Unknown", raw })
  })

  it.each(["constructor", "__proto__", " Constructor ", "CONSTRUCTOR"])("reads %j as Unknown", (raw) => {
    expect(Sex.parse(raw)).toEqual({ value: "Unknown", raw })
  })

  it("is one of three values for any text, and encodes to the text as it came", () => {
    fc.assert(
      fc.property(utf16, (raw) => {
        const sex = decode(raw)
        expect(["Female", "Male", "Unknown"]).toContain(sex.value)
        expect(sex.raw).toBe(raw)
        expect(Schema.encodeSync(Sex.Sex)(sex)).toBe(raw)
      })
    )
  })
})
