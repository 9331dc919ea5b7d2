/**
 * Odd JSON at each level of an answer: as the whole, as `Result`, as `ExtIdInfo` and as a document within it, each as a value in its place and as text
 * inside a string. Whatever stands there, decoding ends with a result or a `DecodeError`, in time, and nothing odd becomes a pass.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Answer from "../../src/Answer.ts"
import * as Document from "../../src/Document.ts"

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

type Decoded = ReturnType<typeof Answer.decode>

const decode = (body: string | Uint8Array): Decoded => {
  const started = performance.now()
  const decoded = Answer.decode(body)
  const typed = Answer.decode(body, Document.GlobalPassport)
  // Far more than it takes, and far less than anything that is not linear would.
  expect(performance.now() - started).toBeLessThan(2000)
  expect(typed._tag).toBe(decoded._tag)
  expect(Object.prototype).not.toHaveProperty("polluted")
  expect(Array.prototype).not.toHaveProperty("polluted")
  if (Result.isSuccess(decoded)) {
    // A result can be printed, and encoded again to the same verdict.
    expect(typeof JSON.stringify(decoded.success)).toBe("string")
    const again = Answer.decode(Answer.encode(decoded.success))
    expect(Result.getOrThrow(again).verdict).toEqual(decoded.success.verdict)
  } else {
    expect(typeof decoded.failure.message).toBe("string")
    expect(JSON.stringify(decoded.failure).length).toBeLessThan(2000)
  }
  return decoded
}

const expectDecodeError = (decoded: Decoded, path: string): void => {
  expect(Result.isFailure(decoded) && decoded.failure._tag).toBe("DecodeError")
  if (Result.isFailure(decoded) && decoded.failure._tag === "DecodeError") expect(decoded.failure.path).toBe(path)
}

const inResult = (ext: string): string =>
  `{"RequestId":"r","Code":"Success","Result":{"Passed":"Y","SubCode":"200","ExtIdInfo":${ext}}}`

const asString = (text: string): string => JSON.stringify(text)

const isParsed = (kind: Kind): boolean => kind !== "invalid"
/** Valid by the grammar; what stands for more than 100 levels is refused for its depth. */
const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe.each(cases)("%s", (_, text, kind) => {
  it("as the whole answer", () => {
    const decoded = decode(text)
    // Even where it is an object it is no answer: it has no code.
    expectDecodeError(decoded, kind === "object" ? "Code" : "")
  })

  it("as Result", () => {
    const body = `{"RequestId":"r","Code":"Success","Result":${text}}`
    const decoded = decode(body)
    if (kind === "object" && parses(body)) {
      expect(Result.isSuccess(decoded) && decoded.success.verdict._tag).toBe("Inconclusive")
    } else expect(Result.isFailure(decoded) && decoded.failure._tag).toBe("DecodeError")
  })

  it("as the text of Result", () => {
    const decoded = decode(`{"RequestId":"r","Code":"Success","Result":${asString(text)}}`)
    if (kind === "object") expect(Result.isSuccess(decoded) && decoded.success.verdict._tag).toBe("Inconclusive")
    else expectDecodeError(decoded, "Result")
  })

  it("as ExtIdInfo", () => {
    const body = inResult(text)
    const decoded = decode(body)
    if (Result.isFailure(decoded)) {
      // A level that is broken in its place breaks the whole answer.
      expect(kind === "invalid" || text.trim() === "" || !parses(body)).toBe(true)
      return expectDecodeError(decoded, "")
    }
    const passes = kind === "object" || kind === "empty"
    expect(decoded.success.verdict._tag).toBe(passes ? "Passed" : "Inconclusive")
  })

  it("as the text of ExtIdInfo", () => {
    const decoded = Result.getOrThrow(decode(inResult(asString(text))))
    const passes = kind === "object" || kind === "empty"
    expect(decoded.verdict._tag).toBe(passes ? "Passed" : "Inconclusive")
    expect(decoded.warnings.map(({ path }) => path)).toEqual(passes ? [] : ["Result.ExtIdInfo"])
  })

  it("as the text of ExtIdInfo, encoded twice", () => {
    const decoded = Result.getOrThrow(decode(inResult(asString(asString(text)))))
    expect(decoded.verdict._tag).toBe(kind === "object" || kind === "empty" ? "Passed" : "Inconclusive")
  })

  it.each(["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo", "spoofInfo", "spoofBackInfo"])("as the text of %s", (key) => {
    const decoded = Result.getOrThrow(decode(inResult(asString(JSON.stringify({ [key]: text, ocrIdPassed: "Y" })))))
    const isRead = kind === "object" || kind === "empty"
    const isEvidence = key.startsWith("spoof")
    expect(decoded.verdict._tag).toBe(isRead || !isEvidence ? "Passed" : "Inconclusive")
    expect(decoded.ocrPassed).toBe(true)
    const broken = decoded.warnings.filter(({ path }) => path === `Result.ExtIdInfo.${key}`)
    // A passport is expected of no text: only what can't be read is a warning here.
    if (!isRead) expect(broken).toHaveLength(1)
    if (!isRead) expect(Redacted.value(broken[0]?.raw ?? Redacted.make("nothing"))).toBe(text)
  })

  it("beside what matters, where it changes nothing", () => {
    if (!isParsed(kind) || !parses(`{"x":${text}}`)) return
    const ext = asString(JSON.stringify({ ocrIdPassed: "Y" }))
    const body = `{"extra":${text},"RequestId":"r","Code":"Success","Result":{"more":${text},"Passed":"Y","SubCode":"200","ExtIdInfo":${ext}}}`
    expect(Result.getOrThrow(decode(body)).verdict._tag).toBe("Passed")
  })
})

describe("bytes that are no UTF-8", () => {
  const bytes = (...parts: ReadonlyArray<string | ReadonlyArray<number>>): Uint8Array =>
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))))

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

  it.each(sequences)("%s in a text: a warning, and the rest is read", (_, wrong) => {
    const result = Result.getOrThrow(
      decode(bytes('{"x":"', wrong, '","RequestId":"r","Code":"Success","Result":{"Passed":"N","SubCode":"211"}}'))
    )
    expect(result.warnings.map(({ expected }) => expected)).toEqual(["UTF-8"])
    expect(result.verdict._tag).toBe("Rejected")
  })

  it.each(sequences)("%s in a verdict: no pass", (_, wrong) => {
    const head = '{"RequestId":"r","Code":"Success","Result":{"Passed":"Y'
    const result = Result.getOrThrow(decode(bytes(head, wrong, '","SubCode":"200"}}')))
    expect(result.verdict._tag).toBe("Inconclusive")
  })

  it.each(sequences)("%s between tokens: a DecodeError", (_, wrong) => {
    expectDecodeError(decode(bytes('{"RequestId":"r",', wrong, '"Code":"Success","Result":{}}')), "")
  })

  it.each(["utf16le", "latin1"] as const)("the whole answer in %s", (charset) => {
    const text = '{"RequestId":"r","Code":"Success","Result":{"Passed":"Y","SubCode":"200","ExtIdInfo":"\u6837"}}'
    const decoded = decode(Buffer.from(text, charset))
    expect(Result.isSuccess(decoded) ? decoded.success.verdict._tag : decoded.failure._tag).not.toBe("Passed")
  })
})

describe("keys that look alike", () => {
  const verdict = (result: string): string =>
    Result.getOrThrow(decode(`{"RequestId":"r","Code":"Success","Result":${result}}`)).verdict._tag

  it.each([
    '{"Passed ":"Y","SubCode":"200"}',
    '{"P\u0430ssed":"Y","SubCode":"200"}',
    '{"Passed\\u0000":"Y","SubCode":"200"}',
    '{"Passed":"\uff39","SubCode":"200"}',
    '{"Passed":"Y ","SubCode":"200"}',
    '{"Passed":["Y"],"SubCode":"200"}',
    '{"Passed":{"toString":"Y"},"SubCode":"200"}',
    '{"Passed":true,"SubCode":200}',
    '{"Passed":"Y","SubCode":["200"]}',
    '{"Passed":"Y","SubCode":"200.0"}',
    '{"Passed":"Y","SubCode":" 200"}',
    '{"Passed":"Y","SubCode":"2\u0660\u0660"}',
    '{"__proto__":{"Passed":"Y","SubCode":"200"}}'
  ])("no pass: %s", (result) => {
    expect(verdict(result)).toBe("Inconclusive")
  })

  it("the exact name wins over another spelling, wherever it stands", () => {
    expect(verdict('{"passed":"Y","Passed":"N","SubCode":"211"}')).toBe("Rejected")
    expect(verdict('{"Passed":"N","PASSED":"Y","SubCode":"211"}')).toBe("Rejected")
  })
})
