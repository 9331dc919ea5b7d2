/**
 * Odd JSON at each level of an answer: as the whole, as `Result`, as `ExtIdInfo` and as a document within it, each as a value in its place and as text
 * inside a string. Whatever stands there, decoding ends with a result or a `DecodeError`, and nothing odd becomes a pass.
 */
import { assert, describe, it } from "@effect/vitest"
import { bytesOf, cleanPass } from "../fixtures/answers.ts"
import { outcomeOf, outcomeOfBody, refusalOf, resultOf, warningsOf } from "../fixtures/results.ts"

/** What a reader by RFC 8259 makes of a text. */
type Kind = "object" | "empty" | "other" | "invalid"

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth)

const cases: ReadonlyArray<readonly [name: string, text: string, kind: Kind]> = [
  // Structure
  ["an empty object", "{}", "object"],
  ["an object with blanks of all kinds", " \t\r\n{ \n} ", "object"],
  ["an object with a key that is empty", '{"":0}', "object"],
  ["duplicate keys, the same value", '{"a":1,"a":1}', "object"],
  ["duplicate keys, another value", '{"a":1,"a":{"b":[]}}', "object"],
  ["100 levels and more of lists", `{"a":${nested(150, "[", "]")}}`, "invalid"],
  ["100 levels and more of objects", `${'{"a":'.repeat(150)}1${"}".repeat(150)}`, "invalid"],
  ["50000 levels, closed", nested(50_000, "[", "]"), "invalid"],
  ["50000 levels, open", "[".repeat(50_000), "invalid"],
  ["50000 objects, open", '{"a":'.repeat(50_000), "invalid"],
  ["an empty list", "[]", "other"],
  ["a list of the object", "[{}]", "other"],
  ["null", "null", "empty"],
  ["true", "true", "other"],
  ["a text", '"text"', "invalid"],
  ["an empty text", '""', "empty"],
  ["a number", "0", "other"],
  ["nothing", "", "empty"],
  ["blanks", " \n\t ", "empty"],
  ["a comma at the end", '{"a":1,}', "invalid"],
  ["a comma alone", "{,}", "invalid"],
  ["two commas", '{"a":1,,"b":2}', "invalid"],
  ["no colon", '{"a" 1}', "invalid"],
  ["two colons", '{"a"::1}', "invalid"],
  ["a key without quotes", "{a:1}", "invalid"],
  ["single quotes", "{'a':1}", "invalid"],
  ["a number as key", "{1:1}", "invalid"],
  ["a list closed as an object", '{"a":[1}', "invalid"],
  ["an object that is open", '{"a":1', "invalid"],
  ["a text that is open", '{"a":"', "invalid"],
  ["an escape that is open", '{"a":"\\', "invalid"],
  ["something after the end", '{"a":1}x', "invalid"],
  ["a second object after the end", '{"a":1}{"a":2}', "invalid"],
  ["a bracket after the end", '{"a":1}]', "invalid"],
  ["a comment", '{"a":/* */1}', "invalid"],
  ["a comment after the end", '{"a":1}// x', "invalid"],
  ["a semicolon after the end", '{"a":1};', "invalid"],
  ["JSONP", 'x({"a":1})', "invalid"],
  // Literals and numbers
  ["NaN", '{"a":NaN}', "invalid"],
  ["Infinity", '{"a":-Infinity}', "invalid"],
  ["undefined", '{"a":undefined}', "invalid"],
  ["True", '{"a":True}', "invalid"],
  ["nul", '{"a":nul}', "invalid"],
  ["a number beyond a double", '{"a":1e999}', "object"],
  ["a number below a double", '{"a":1e-999}', "object"],
  ["minus nought", '{"a":-0}', "object"],
  ["a thousand digits", `{"a":${"9".repeat(1000)}}`, "object"],
  ["a thousand digits after the point", `{"a":0.${"1".repeat(1000)}}`, "object"],
  ["a leading nought", '{"a":01}', "invalid"],
  ["a leading plus", '{"a":+1}', "invalid"],
  ["a point without digits", '{"a":1.}', "invalid"],
  ["digits in hexadecimal", '{"a":0x10}', "invalid"],
  ["an exponent without digits", '{"a":1e}', "invalid"],
  ["two minus signs", '{"a":--1}', "invalid"],
  ["digits of another script", '{"a":\u0661}', "invalid"],
  // Texts
  ["a lone high surrogate, escaped", '{"a":"\\ud83d"}', "object"],
  ["a lone low surrogate, escaped", '{"\\ude00":1}', "object"],
  ["surrogates in the wrong order", '{"a":"\\ude00\\ud83d"}', "object"],
  ["an escaped NUL in a value", '{"a":"\\u0000"}', "object"],
  ["an escaped NUL in a key", '{"a\\u0000b":1}', "object"],
  ["a NUL in a text", '{"a":"\u0000"}', "invalid"],
  ["a NUL between tokens", '{"a":\u00001}', "invalid"],
  ["a NUL after the end", '{"a":1}\u0000', "invalid"],
  ["a newline in a text", '{"a":"\n"}', "invalid"],
  ["a tabulator in a text", '{"a":"\t"}', "invalid"],
  ["U+2028 in a text", '{"a":"\u2028"}', "object"],
  ["U+FFFF in a text", '{"a":"\uffff"}', "object"],
  ["a delete character in a text", '{"a":"\u007f"}', "object"],
  ["an escape that is none", '{"a":"\\x"}', "invalid"],
  ["an escape of three digits", '{"a":"\\u12"}', "invalid"],
  ["an escape of letters", '{"a":"\\u12zz"}', "invalid"],
  ["a blank of another script between tokens", '{\u00a0"a":1}', "invalid"],
  ["a zero width blank between tokens", '{\u200b"a":1}', "invalid"],
  ["a byte order mark before it", '\ufeff{"a":1}', "object"],
  ["a byte order mark after it", '{"a":1}\ufeff', "invalid"],
  ["a byte order mark within it", '{\ufeff"a":1}', "invalid"],
  // Names with a meaning
  ["__proto__", '{"__proto__":{"Passed":"Y","SubCode":"200","polluted":true}}', "object"],
  ["__proto__, escaped", '{"__pr\\u006fto__":{"polluted":true}}', "object"],
  ["constructor.prototype", '{"constructor":{"prototype":{"polluted":true}}}', "object"],
  ["toString and valueOf", '{"toString":1,"valueOf":2,"toJSON":3,"hasOwnProperty":4,"then":5,"length":6}', "object"],
  ["a key with a million letters", `{"${"k".repeat(1_000_000)}":1}`, "object"],
  ["twenty thousand keys", `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":${i}`).join(",")}}`, "object"]
]

const answer = (result: string): string => `{"RequestId":"r","Code":"Success","Result":${result}}`
const withExt = (ext: string): string => answer(`{"Passed":"Y","SubCode":"200","ExtIdInfo":${ext}}`)
const asString = (text: string): string => JSON.stringify(text)

/** Valid by the grammar; what stands for more than 100 levels is refused for its depth. */
const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const assertDecodeError = (body: string | Uint8Array, path: string): void =>
  assert.deepInclude(refusalOf(body), { _tag: "DecodeError", path })

describe.each(cases)("%s", (_, text, kind) => {
  it("is no whole response", () => {
    assertDecodeError(text, kind === "object" ? "Code" : "")
    assert.notProperty(Object.prototype, "polluted")
  })

  it("is no pass as Result, in its place or as text", () => {
    const body = answer(text)
    if (kind === "object" && parses(body)) assert.strictEqual(outcomeOfBody(body), "PassedUnreadable")
    else assert.strictEqual(outcomeOfBody(body), "DecodeError")
    const inText = answer(asString(text))
    if (kind === "object") assert.strictEqual(outcomeOfBody(inText), "PassedUnreadable")
    else assertDecodeError(inText, "Result")
  })

  it("is no pass as ExtIdInfo, in its place, as text or as text of text", () => {
    const due = kind === "object" ? "NothingRead" : kind === "empty" ? "EvidenceMissing" : "EvidenceUnreadable"
    // A level that is broken in its place breaks the whole answer.
    if (parses(withExt(text)) && kind !== "invalid") assert.strictEqual(outcomeOfBody(withExt(text)), due)
    else assert.notStrictEqual(outcomeOfBody(withExt(text)), "Passed")
    const { verdict, warnings } = resultOf(withExt(asString(text)))
    assert.strictEqual(outcomeOf(verdict), due)
    assert.strictEqual(warnings.length, due === "EvidenceUnreadable" ? 1 : 0)
    assert.notStrictEqual(outcomeOfBody(withExt(asString(asString(text)))), "Passed")
  })

  it.each(["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo", "spoofInfo", "spoofBackInfo"])(
    "is read as %s, or unreadable",
    (key) => {
      const ext = { ...cleanPass.Result.ExtIdInfo, [key]: text }
      const { ocrPassed, verdict, warnings } = resultOf(withExt(asString(JSON.stringify(ext))))
      assert.isTrue(ocrPassed)
      const isRead = kind === "object" || kind === "empty"
      const paths = warnings.map(({ path }) => path)
      assert.strictEqual(paths.includes(`Result.ExtIdInfo.${key}`), !isRead)
      if (!isRead) assert.notStrictEqual(verdict._tag, "Passed")
    }
  )

  it("changes nothing beside what matters", () => {
    if (kind === "invalid" || !parses(`{"x":${text}}`)) return
    const ext = asString(JSON.stringify(cleanPass.Result.ExtIdInfo))
    const body = `{"extra":${text},"Code":"Success","Result":{"more":${text},"Passed":"Y","SubCode":"200","ExtIdInfo":${ext}}}`
    assert.strictEqual(outcomeOfBody(body), "Passed")
  })
})

describe("bytes that are no UTF-8", () => {
  const bytes = (...parts: ReadonlyArray<string | ReadonlyArray<number>>): Uint8Array =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...bytesOf(part)] : part)))

  const sequences: ReadonlyArray<readonly [string, ReadonlyArray<number>]> = [
    ["a byte that never occurs", [0xff]],
    ["a continuation alone", [0x80]],
    ["a sequence that is cut off", [0xe6, 0xa0]],
    ["an overlong quote", [0xc0, 0xa2]],
    ["an overlong NUL", [0xc0, 0x80]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["beyond the last code point", [0xf4, 0x90, 0x80, 0x80]],
    ["five bytes", [0xf8, 0x88, 0x80, 0x80, 0x80]]
  ]

  it.each(sequences)("%s is a warning in a text, no pass in a verdict, an error between tokens", (_, wrong) => {
    const rejected = resultOf(bytes('{"x":"', wrong, '","Code":"Success","Result":{"Passed":"N","SubCode":"211"}}'))
    assert.strictEqual(rejected.verdict._tag, "Rejected")
    assert.deepStrictEqual(warningsOf(rejected), [["", null]])
    const verdict = bytes('{"Code":"Success","Result":{"Passed":"Y', wrong, '","SubCode":"200"}}')
    assert.strictEqual(outcomeOfBody(verdict), "PassedUnreadable")
    assertDecodeError(bytes('{"RequestId":"r",', wrong, '"Code":"Success","Result":{}}'), "")
  })

  it.each(["utf16le", "latin1"] as const)("the whole response in %s is no pass", (charset) => {
    const body = Buffer.from(withExt('"\u6837"'), charset)
    assert.notStrictEqual(outcomeOfBody(body), "Passed")
  })
})

describe("an answer with very many keys", () => {
  const many = (key: (index: number) => string): string =>
    Array.from({ length: 20_000 }, (_, index) => key(index)).join(",")

  // With work that grows with the square of the keys these would not end.
  it("that repeats its result is inconclusive", () => {
    const results = many(() => '"Result":{"Passed":"Y","SubCode":"200"}')
    const others = many((index) => `"key${index}":1`)
    assert.strictEqual(outcomeOfBody(bytesOf(`{"Code":"Success",${results},${others}}`)), "RepeatedKey")
  })

  it("below an endless one is read as any other", () => {
    const endless = `"${"k".repeat(1_000_000)}":{${many((index) => `"key${index}":[1]`)}}`
    const ext = asString(JSON.stringify(cleanPass.Result.ExtIdInfo))
    const body = `{"Code":"Success","Result":{${endless},"Passed":"Y","SubCode":"200","ExtIdInfo":${ext}}}`
    assert.strictEqual(outcomeOfBody(bytesOf(body)), "Passed")
  })

  it("whose document is of no kind keeps all of them", () => {
    const fields = many((index) => `"key${index}":"A"`)
    const { ocr, verdict } = resultOf(bytesOf(withExt(`{"ocrIdPassed":"Y","ocrIdInfo":{${fields},"Key7":"B"}}`)))
    assert.strictEqual(ocr._tag, "Ambiguous")
    assert.deepInclude(verdict, { _tag: "Inconclusive", reasonCode: "RepeatedKey" })
  })
})
