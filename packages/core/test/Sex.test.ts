import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Sex from "../src/Sex.ts"
import { utf16 } from "./fixtures/arbitraries.ts"

const decode = Schema.decodeSync(Sex.Sex)
const encode = Schema.encodeSync(Sex.Sex)

describe("Sex", () => {
  it.each([
    ["Male", ["M", "Male", "男", "m", "MALE", " male ", "男M", "男/M", "M/M", "男 Male", "Ｍ", "男性", "男（M）"]],
    ["Female", ["F", "Female", "女", "f", "\tfemale", "女F", "F/F", "女 / F", "Female/女", "Ｆ", "女性 F", "女(F)"]],
    ["Unspecified", ["X", "x", "<", "X/X"]],
    [
      "Unknown",
      [
        "",
        " ",
        "U",
        "Mr",
        "malefemale",
        "性别",
        "M/F",
        "女M",
        "1",
        "/",
        "()",
        "女(M)",
        "性",
        "Ⓕ",
        "__proto__",
        "constructor"
      ]
    ]
  ] as const)("is %s for each of %j, and keeps the text", (value, texts) => {
    for (const raw of texts) assert.deepStrictEqual([raw, decode(raw)], [raw, { value, raw }])
  })

  it.prop("is one of four values for any text, and encodes to the text as it came", [utf16], ([raw]) => {
    const sex = decode(raw)
    assert.include(["Female", "Male", "Unspecified", "Unknown"], sex.value)
    assert.strictEqual(encode(sex), raw)
  })

  it.prop("is generated with a text that means its value", [Sex.Sex], ([sex]) =>
    assert.deepStrictEqual(decode(encode(sex)), sex)
  )
})
