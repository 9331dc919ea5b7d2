import { describe, expect, it } from "@effect/vitest"
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import * as Answer from "../src/Answer.ts"
import type { CheckResult } from "../src/CheckResult.ts"
import type { CloudauthError } from "../src/CloudauthError.ts"
import * as Document from "../src/Document.ts"
import * as arrived from "../src/internal/answer.ts"
import { fromSuccess } from "../src/internal/readResult.ts"
import * as answers from "./fixtures/answers.ts"
import { bytesOf, requestId, success, successWith } from "./fixtures/answers.ts"
import { reveal, shown } from "./fixtures/reveal.ts"

const decode = (body: string | Uint8Array) => Result.getOrThrow(Answer.decode(body))
const rawOf = (result: CheckResult): Record<string, unknown> => Redacted.value(result.raw)
const warningsOf = (result: CheckResult) => result.warnings.map(({ path, raw }) => [path, Redacted.value(raw)])

const failureOf = (body: string | Uint8Array, answer: Partial<arrived.Answer> = {}): CloudauthError => {
  const result = arrived.classify({
    status: 200,
    headers: {},
    body: [typeof body === "string" ? bytesOf(body) : body],
    receivedAt: 0,
    attempt: 1,
    ...answer
  })
  if (Result.isFailure(result)) return result.failure
  const read = fromSuccess(result.success)
  if (Result.isFailure(read)) return read.failure
  throw new Error("expected a failure")
}

const decodeFailure = (body: string | Uint8Array): CloudauthError => {
  const result = Answer.decode(body)
  if (Result.isSuccess(result)) throw new Error("expected a failure")
  return result.failure
}

const largePhotograph = answers.base64(answers.photograph(6000))
const card = { name: "Li Si", englishName: "LI SI", sex: "Male", idNumber: "H11111112", nameCode: "2621 0934" }

describe("decoding never throws", () => {
  const survives = (bytes: Uint8Array | string): void => {
    for (const kind of [undefined, Document.GlobalPassport, Document.HongKongIdentityCard] as const) {
      const result = kind === undefined ? Answer.decode(bytes) : Answer.decode(bytes, kind)
      if (Result.isSuccess(result)) Answer.encode(result.success)
      else expect(result.failure.message).not.toBe("")
    }
  }

  it("for any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 300 })
  })

  it("for any JSON", () => {
    fc.assert(
      fc.property(answers.json, (value) => survives(JSON.stringify(value))),
      { numRuns: 200 }
    )
  })

  it("for any JSON in any place", () => {
    const place = fc.constantFrom(
      (value: unknown) => successWith(value),
      (value: unknown) => successWith({ Passed: value, SubCode: value, ExtIdInfo: value }),
      (value: unknown) => success({ ocrIdInfo: value, spoofInfo: value, idImage: value, ocrIdPassed: value }),
      (value: unknown) => success({ ocrIdInfo: { name: value, sex: value, birthDate: value } }),
      (value: unknown) => success({ spoofInfo: { spoofResult: value, spoofType: value } }),
      (value: unknown) => JSON.stringify({ RequestId: value, Code: value, Message: value }),
      (value: unknown) => JSON.stringify({ Code: "Success", RequestId: value, Message: value, Result: value })
    )
    fc.assert(
      fc.property(place, answers.json, (put, value) => survives(put(value))),
      { numRuns: 300 }
    )
  })

  it("for answers of all spellings", () => {
    fc.assert(fc.property(answers.body, survives), { numRuns: 100 })
  })

  it("for answers that were cut off, or had bytes flipped, dropped or repeated", () => {
    const mutation = fc.record({
      kind: fc.constantFrom("truncate", "flip", "drop", "repeat"),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 1, max: 30 }),
      byte: fc.nat({ max: 255 })
    })
    fc.assert(
      fc.property(answers.body, fc.array(mutation, { minLength: 1, maxLength: 3 }), (text, mutations) => {
        let bytes = bytesOf(text)
        for (const { at, byte, kind, length } of mutations) {
          const offset = Math.floor(at * bytes.length)
          if (kind === "truncate") bytes = bytes.slice(0, offset)
          else if (kind === "flip") bytes[offset] = (bytes[offset] ?? 0) ^ byte
          else if (kind === "drop")
            bytes = Uint8Array.from([...bytes.slice(0, offset), ...bytes.slice(offset + length)])
          else bytes = Uint8Array.from([...bytes.slice(0, offset + length), ...bytes.slice(offset)])
        }
        survives(bytes)
      }),
      { numRuns: 200 }
    )
  })

  it("for answers whose levels were swapped", () => {
    const levels = [
      { Passed: "Y", SubCode: "200" },
      JSON.stringify(card),
      JSON.stringify({ ocrIdInfo: card }),
      { spoofResult: "Y", spoofType: ["TAMPER"] },
      JSON.stringify({ Code: "Success" }),
      null,
      [],
      "Y"
    ]
    for (const a of levels) {
      for (const b of levels) {
        survives(successWith(a, { ExtIdInfo: b }))
        survives(successWith({ Passed: a, SubCode: b, ExtIdInfo: a }))
        survives(success({ ocrIdInfo: a, spoofInfo: b, idImage: a, ocrIdPassed: b }))
        survives(success({ ocrIdInfo: { name: a, sex: b, birthDate: a }, ocrIdEditInfo: b }))
      }
    }
  })

  it.each(["constructor", "__proto__", "toString", "valueOf", "hasOwnProperty"])(
    "for fields whose text is %j",
    (text) => {
      for (const name of Document.names) {
        const ocrIdInfo = Object.fromEntries(Document.fieldsOf(name).map((field) => [field, text]))
        survives(success({ ocrIdInfo }))
        expect(Result.isSuccess(Answer.decode(success({ ocrIdInfo }), Document.kinds[name]))).toBe(true)
      }
    }
  )

  const nest = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`

  it.each([
    ["on top", `{"Code":"Success","Result":{"Passed":"Y","SubCode":"200"},"x":${nest(50_000)}}`],
    ["in ExtIdInfo", success({}, { ExtIdInfo: `{"x":${nest(50_000)}}` })],
    ["in a document", success({ ocrIdInfo: `{"name":${nest(50_000)}}` })],
    ["alone", nest(50_000)],
    ["in objects", `${'{"Result":'.repeat(50_000)}1${"}".repeat(50_000)}`]
  ])("for deep nesting %s", (_, text) => {
    const result = Answer.decode(text)
    expect(Result.isSuccess(result) ? "result" : result.failure._tag).toMatch(/^(result|DecodeError)$/)
  })

  it("and encoding what was decoded does not throw either, for deep nesting", () => {
    const result = decode(success({}, { ExtIdInfo: `{"x":${nest(50_000)}}` }))
    expect(() => Answer.encode(result)).not.toThrow()
  })
})

describe("nested documents", () => {
  const spellings: ReadonlyArray<readonly [string, (value: unknown) => unknown]> = [
    ["an object", (value) => value],
    ["a string", (value) => JSON.stringify(value)],
    ["a string of a string", (value) => JSON.stringify(JSON.stringify(value))]
  ]
  const absences: ReadonlyArray<unknown> = [undefined, null, "", "  ", "null", '""', "{}", {}]

  describe.each(spellings)("ExtIdInfo as %s", (_, spellExt) => {
    describe.each(spellings)("with %s inside", (_, spell) => {
      it.each(["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo"] as const)("reads %s", (key) => {
        const result = decode(success({}, { ExtIdInfo: spellExt({ [key]: spell(card) }) }))
        const reading = { ocrIdInfo: result.ocr, ocrIdEditInfo: result.ocrEdited, ocrIdBackInfo: result.ocrBack }[key]
        expect(reveal(Document.reveal(reading))).toMatchObject({ name: "Li Si", idNumber: "H11111112" })
        expect(result.warnings).toEqual([])
      })

      it.each(["spoofInfo", "spoofBackInfo"] as const)("reads %s", (key) => {
        const spoof = { spoofResult: "Y", spoofType: ["SCREEN_REMARK"] }
        const result = decode(success({}, { ExtIdInfo: spellExt({ [key]: spell(spoof) }) }))
        expect({ spoofInfo: result.spoof.front, spoofBackInfo: result.spoof.back }[key]).toEqual({
          _tag: "Risk",
          types: ["SCREEN_REMARK"]
        })
        expect(result.warnings).toEqual([])
      })
    })

    it("reads the photographs", () => {
      const result = decode(success({}, { ExtIdInfo: spellExt({ idImage: "/9j/4A==", idBackImage: "iVBORw0KGgo=" }) }))
      expect(result.images.front).toMatchObject({ mediaType: "image/jpeg", size: 4 })
      expect(result.images.back).toMatchObject({ mediaType: "image/png", size: 8 })
    })
  })

  it.each(absences)("takes ExtIdInfo %j for absent", (ExtIdInfo) => {
    const result = decode(successWith({ Passed: "N", SubCode: "211", ExtIdInfo }))
    expect(result).toMatchObject({
      verdict: { _tag: "Rejected" },
      ocr: { _tag: "NotRead" },
      ocrEdited: { _tag: "NotRead" },
      ocrBack: { _tag: "NotRead" },
      spoof: { front: { _tag: "NotReported" }, back: { _tag: "NotReported" } },
      images: { front: undefined, back: undefined },
      ocrPassed: undefined,
      warnings: []
    })
  })

  it.each(absences)("takes each document %j for not read", (value) => {
    const result = decode(
      success({
        ocrIdInfo: value,
        ocrIdEditInfo: value,
        ocrIdBackInfo: value,
        spoofInfo: value,
        spoofBackInfo: value,
        ocrIdPassed: "Y"
      })
    )
    expect(result.verdict._tag).toBe("Passed")
    expect([result.ocr, result.ocrEdited, result.ocrBack].map(({ _tag }) => _tag)).toEqual([
      "NotRead",
      "NotRead",
      "NotRead"
    ])
    expect(result.spoof).toMatchObject({ front: { _tag: "NotReported" }, back: { _tag: "NotReported" } })
    expect(result.warnings).toEqual([])
  })

  it.each(["", null, undefined])("takes the photograph %j for none, without a warning", (idImage) => {
    const result = decode(success({ idImage, idBackImage: idImage }))
    expect(result.images).toEqual({ front: undefined, back: undefined })
    expect(result.warnings).toEqual([])
  })

  it("reads the sibling's example", () => {
    const text =
      '{"ocrIdInfo":{"expiryDate":"","originOfIssue":"...","englishName":"LI SI","sex":"Male","name":"Li Si","idNumber":"H11111112","issueDate":"2013-01-02","birthDate":"1990-02-21"},"ocrIdPassed":"N","spoofInfo":{"spoofResult":"Y","spoofType":["SCREEN_REMARK"]},"idFaceQualityScore":87.5}'
    const result = decode(successWith({ Passed: "N", SubCode: "212", ExtIdInfo: text }))
    expect(result.verdict._tag).toBe("Rejected")
    expect(result.ocrPassed).toBe(false)
    expect(result.spoof.front).toEqual({ _tag: "Risk", types: ["SCREEN_REMARK"] })
    expect(result.warnings).toEqual([])
    expect(JSON.stringify(rawOf(result))).toContain("87.5")
  })

  it("reads = written as \\u003d and / written as \\/", () => {
    const text = success({ idImage: "/9j/4A==" }).replaceAll("=", "\\\\u003d").replaceAll("/", "\\\\/")
    expect(text).not.toContain("=")
    expect(decode(text).images.front).toMatchObject({ size: 4 })
    const once = success({ idImage: "/9j/4A==" }).replaceAll("=", "\\u003d").replaceAll("/", "\\/")
    expect(decode(once).images.front).toMatchObject({ size: 4 })
  })
})

describe("a malformed inner document", () => {
  const faults: ReadonlyArray<unknown> = ["{", '{"name":', "[]", "text", 7, true, ["x"], '"{"', "{'name':'x'}"]

  it.each(faults)("ExtIdInfo %j: the verdict stays, with a warning and the raw text", (ExtIdInfo) => {
    const result = decode(successWith({ Passed: "N", SubCode: "213", ExtIdInfo }))
    expect(result.verdict).toMatchObject({ _tag: "Rejected", subCode: { code: "213" } })
    expect(result.requestId).toBe(requestId)
    expect(warningsOf(result)).toEqual([["Result.ExtIdInfo", ExtIdInfo]])
    expect(rawOf(result)).toMatchObject({ Result: { ExtIdInfo } })
  })

  it.each(["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo", "spoofInfo", "spoofBackInfo"])(
    "%s costs nothing else",
    (key) => {
      for (const fault of faults) {
        const ext = {
          ocrIdPassed: "Y",
          ocrIdInfo: card,
          ocrIdEditInfo: card,
          ocrIdBackInfo: card,
          spoofInfo: { spoofResult: "N" },
          spoofBackInfo: { spoofResult: "N" },
          idImage: "/9j/4A==",
          [key]: fault
        }
        const result = decode(success(ext))
        expect(warningsOf(result)).toEqual([[`Result.ExtIdInfo.${key}`, fault]])
        expect(result.warnings[0]?.expected).not.toBe("")
        expect(result.images.front?.size).toBe(4)
        const readings = { ocrIdInfo: result.ocr, ocrIdEditInfo: result.ocrEdited, ocrIdBackInfo: result.ocrBack }
        for (const [name, reading] of Object.entries(readings)) {
          expect([name, reading._tag]).toEqual([name, name === key ? "NotRead" : "Read"])
        }
        const spoofs = { spoofInfo: result.spoof.front, spoofBackInfo: result.spoof.back }
        for (const [name, spoof] of Object.entries(spoofs)) {
          expect([name, spoof._tag]).toEqual([name, name === key ? "NotReported" : "Clear"])
        }
      }
    }
  )

  it.each([1, true, [], {}, "A", "!!!!", "A\u0000AA", " ", "data:image/png;base64,"])(
    "a photograph %j is a warning",
    (idImage) => {
      const result = decode(success({ idImage, ocrIdInfo: card }))
      expect(result.images.front).toBeUndefined()
      expect(warningsOf(result)).toEqual([["Result.ExtIdInfo.idImage", idImage]])
      expect(result.ocr._tag).toBe("Read")
    }
  )

  it("a field that is no text, and a date that is none, are warnings by their paths", () => {
    const result = decode(
      success({ ocrIdInfo: { ...card, name: ["Li"], birthDate: "1990-02-30", firstIssueDate: "2003-13" } })
    )
    expect(warningsOf(result)).toEqual([
      ["Result.ExtIdInfo.ocrIdInfo.name", ["Li"]],
      ["Result.ExtIdInfo.ocrIdInfo.birthDate", "1990-02-30"],
      ["Result.ExtIdInfo.ocrIdInfo.firstIssueDate", "2003-13"]
    ])
    expect(reveal(Document.reveal(result.ocr))).toMatchObject({
      englishName: "LI SI",
      birthDate: { _tag: "Unreadable", raw: "1990-02-30" }
    })
  })

  it.each(["spoofType", "SpoofType"])("an unreadable %s is a warning, with what stood there", (key) => {
    expect(warningsOf(decode(success({ spoofInfo: { [key]: 7 } })))).toEqual([
      ["Result.ExtIdInfo.spoofInfo.spoofType", 7]
    ])
  })

  it("fields that are none of the document's are a warning, but for the back, whose fields the page does not list", () => {
    const other = { passportNo: "X1" }
    const as = (ext: Record<string, unknown>) =>
      warningsOf(Result.getOrThrow(Answer.decode(success(ext), Document.HongKongIdentityCard)))
    expect(as({ ocrIdInfo: card, ocrIdBackInfo: other })).toEqual([])
    for (const key of ["ocrIdInfo", "ocrIdEditInfo"])
      expect(as({ [key]: other })).toEqual([[`Result.ExtIdInfo.${key}`, other]])
  })

  it("a warning prints that there is more", () => {
    expect(String(decode(success({ ocrIdPassed: "maybe" })).warnings[0]?.raw)).toBe("<redacted:raw>")
  })

  it("an unreadable ocrIdPassed is a warning", () => {
    expect(warningsOf(decode(success({ ocrIdPassed: "maybe" })))).toEqual([["Result.ExtIdInfo.ocrIdPassed", "maybe"]])
  })
})

describe("unknown keys", () => {
  it("survive in raw, at every level", () => {
    const body = successWith(
      {
        Passed: "Y",
        SubCode: "200",
        EkycResult: "e",
        ExtIdInfo: JSON.stringify({
          idFaceQualityScore: 87.5,
          later: { deep: [1] },
          ocrIdInfo: JSON.stringify({ ...card, bloodType: "A" }),
          spoofInfo: { spoofResult: "N", score: 3 }
        })
      },
      { HostId: "h" }
    )
    const result = decode(body)
    expect(result.warnings).toEqual([])
    expect(rawOf(result)).toEqual({
      RequestId: requestId,
      Code: "Success",
      Message: "success",
      HostId: "h",
      Result: {
        Passed: "Y",
        SubCode: "200",
        EkycResult: "e",
        ExtIdInfo: {
          idFaceQualityScore: 87.5,
          later: { deep: [1] },
          ocrIdInfo: { ...card, bloodType: "A" },
          spoofInfo: { spoofResult: "N", score: 3 }
        }
      }
    })
    expect(result.ocr._tag === "Read" && Redacted.value(result.ocr.raw)).toMatchObject({ bloodType: "A" })
  })

  it("named __proto__ are keys like any other, and pollute nothing", () => {
    const text = `{"Code":"Success","__proto__":{"polluted":1},"Result":{"Passed":"Y","SubCode":"200","__proto__":{"Passed":"N"},"ExtIdInfo":"{\\"__proto__\\":{\\"idImage\\":\\"AAAA\\"},\\"ocrIdInfo\\":{\\"__proto__\\":{\\"name\\":\\"x\\"},\\"passportNo\\":\\"1\\"}}"}}`
    const result = decode(text)
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined() // an empty object has only what its prototype has
    expect(result.images.front).toBeUndefined()
    expect(Object.keys(rawOf(result))).toContain("__proto__")
    expect(Answer.encode(result)).toContain('"__proto__":{"polluted":1}')
    expect(result.ocr).toMatchObject({ _tag: "Read", document: "GlobalPassport" })
  })
})

describe("odd JSON", () => {
  it("takes the last of duplicate keys, as JSON.parse does", () => {
    const text =
      '{"Code":"InternalError","Code":"Success","Result":{"Passed":"N","Passed":"Y","SubCode":"211","SubCode":"200"}}'
    expect(decode(text).verdict._tag).toBe("Passed")
  })

  it("drops a byte order mark", () => {
    expect(decode(`\ufeff${success({})}`).warnings).toEqual([])
    expect(decode(success({}, { ExtIdInfo: '\ufeff{"ocrIdPassed":"Y"}' })).ocrPassed).toBe(true)
  })

  it("survives huge numbers", () => {
    const result = decode(`{"Code":"Success","x":1e400,"y":${"9".repeat(400)},"Result":{"Passed":"Y","SubCode":1e400}}`)
    expect(result.verdict._tag).toBe("Inconclusive")
    expect(decode('{"Code":"Success","Result":{"Passed":"Y","SubCode":2e2}}').verdict._tag).toBe("Passed")
    expect(
      decode('{"Code":"Success","RequestId":12345678901234567890,"Result":{"Passed":"N"}}').requestId
    ).toBeUndefined()
  })

  it("keeps lone surrogates", () => {
    const result = decode(success({ ocrIdInfo: { passportNo: "\ud83d" } }).replace("\\\\ud83d", "\\\\ud83d"))
    expect(reveal(Document.reveal(result.ocr))).toMatchObject({ passportNo: "\ud83d" })
  })

  it("reads bytes that are not UTF-8, with a warning", () => {
    const bytes = bytesOf(success({ ocrIdInfo: { passportNo: "X?X" } }))
    bytes[bytes.indexOf("?".charCodeAt(0))] = 0xff
    const result = decode(bytes)
    expect(result.warnings.map(({ expected, path }) => [path, expected])).toEqual([["", "UTF-8"]])
    expect(reveal(Document.reveal(result.ocr))).toMatchObject({ passportNo: "X\ufffdX" })
    expect(result.verdict._tag).toBe("Passed")
  })

  it("survives white space between all tokens", () => {
    const text = JSON.stringify(JSON.parse(success({ ocrIdPassed: "Y" })), null, "\t")
    expect(decode(`\r\n ${text} \n`).ocrPassed).toBe(true)
  })
})

describe("a malformed outer answer is a DecodeError", () => {
  it.each([
    ["nothing", ""],
    ["white space", " \n"],
    ["text", "hello"],
    ["HTML", "<html><body>502</body></html>"],
    ["a cut-off answer", success({}).slice(0, -5)],
    ["a list", "[]"],
    ["null", "null"],
    ["a string", '"x"'],
    ["a number", "1"]
  ])("%s", (_, text) => {
    const error = decodeFailure(text)
    expect(error).toMatchObject({
      _tag: "DecodeError",
      code: "DecodeError",
      path: "",
      httpStatus: 200,
      requestId: undefined
    })
    expect(error._tag === "DecodeError" && shown(error.body)).toBe(text)
  })

  it.each([
    ["no code", { RequestId: requestId, Result: {} }, "Code"],
    ["a photograph and no code", { RequestId: requestId, Result: { ExtIdInfo: { idImage: largePhotograph } } }, "Code"],
    ["an empty code", { RequestId: requestId, Code: "" }, "Code"],
    ["a code that is no text", { RequestId: requestId, Code: {} }, "Code"],
    ["no result", { RequestId: requestId, Code: "Success" }, "Result"],
    ["a null result", { RequestId: requestId, Code: "Success", Result: null }, "Result"],
    ["an empty result", { RequestId: requestId, Code: "Success", Result: "" }, "Result"],
    ["a list as result", { RequestId: requestId, Code: "Success", Result: [] }, "Result"],
    ["text as result", { RequestId: requestId, Code: "Success", Result: "{" }, "Result"]
  ])("%s, by its path and with the request id", (_, body, path) => {
    const error = decodeFailure(JSON.stringify(body))
    expect(error).toMatchObject({ _tag: "DecodeError", path, requestId })
    expect(error.message).toContain(path)
    expect(error.message).toContain(requestId)
    expect(error._tag === "DecodeError" && shown(error.body)).toBe(JSON.stringify(body))
  })
})

describe("the code decides", () => {
  it.each([200, 400, 404, 500, 503, 302])("before the status %i", (status) => {
    expect(failureOf(answers.failure("TransactionIdInvalid"), { status })._tag).toBe("TransactionIdInvalid")
    expect(failureOf(answers.failure("Throttling.Whatever"), { status })._tag).toBe("Throttled")
    const ok = arrived.classify({ status, headers: {}, body: [bytesOf(success({}))], receivedAt: 0, attempt: 1 })
    expect(Result.isSuccess(ok)).toBe(true)
  })

  it.each(["Success", "success", "SUCCESS", "sUcCeSs"])("%s is success", (Code) => {
    expect(decode(JSON.stringify({ Code, Result: { Passed: "Y", SubCode: "200" } })).verdict._tag).toBe("Passed")
  })

  it.each(["PROCESSNOTCOMPLETED", "processnotcompleted"])("%s is compared without case", (code) => {
    expect(failureOf(answers.failure(code), { status: 404 })._tag).toBe("ProcessNotCompleted")
  })

  it.each([" Success", "Success ", "OK", "200", "Successful"])("%j is not success", (code) => {
    expect(failureOf(answers.failure(code))._tag).toBe("UnknownResponseCode")
  })

  it("reads gateway errors in both cases of their keys", () => {
    const facts = { RequestId: requestId, HostId: "h", Code: "SignatureDoesNotMatch", Message: "m", Recommend: "r" }
    const lower = Object.fromEntries(Object.entries(facts).map(([key, value]) => [key.toLowerCase(), value]))
    for (const body of [facts, lower, { ...lower, requestId, requestid: undefined }]) {
      const error = failureOf(JSON.stringify(body), { status: 400 })
      expect(error).toMatchObject({
        _tag: "SignatureRejected",
        code: "SignatureDoesNotMatch",
        requestId,
        httpStatus: 400,
        attempts: 1
      })
      expect("serverMessage" in error && shown(error.serverMessage)).toBe("m")
    }
  })

  it.each([
    ["plain", (inner: string) => `<Error>${inner}</Error>`],
    ["with a prologue", (inner: string) => `<?xml version="1.0" encoding="utf-8"?>\n<Error>\n ${inner}\n</Error>`],
    ["with attributes", (inner: string) => `<Error xmlns="http://x">${inner}</Error>`],
    ["with a byte order mark", (inner: string) => `\ufeff<Error>${inner}</Error>`],
    [
      "in lower case",
      (inner: string) =>
        `<error>${inner.toLowerCase().replace("signaturedoesnotmatch", "SignatureDoesNotMatch")}</error>`
    ]
  ])("reads gateway errors in XML, %s", (_, wrap) => {
    const inner = `<RequestId>${requestId}</RequestId><HostId>h</HostId><Code>SignatureDoesNotMatch</Code><Message>m</Message>`
    const error = failureOf(wrap(inner), { status: 400, headers: { "content-type": "text/xml" } })
    expect(error._tag).toBe("SignatureRejected")
    expect(error.requestId?.toUpperCase()).toBe(requestId)
  })

  it("does not take XML for success", () => {
    expect(failureOf("<Error><Code>Success</Code></Error>")._tag).toBe("UnknownResponseCode")
  })

  it("takes an answer without a code by its status", () => {
    expect(failureOf("<html>busy</html>", { status: 429 })._tag).toBe("Throttled")
    expect(failureOf("<html>down</html>", { status: 502 })._tag).toBe("ServiceDown")
    expect(failureOf("", { status: 503 })._tag).toBe("ServiceDown")
    expect(failureOf("<html>moved</html>", { status: 302 })._tag).toBe("UnknownResponseCode")
    expect(failureOf("no", { status: 403 })._tag).toBe("UnknownResponseCode")
    expect(failureOf("", { status: 204 })._tag).toBe("DecodeError")
  })

  it("takes no wait from a retry-after that is no number of seconds", () => {
    const throttling = JSON.stringify({ Code: "Throttling" })
    for (const odd of ["-1", "1.5", "1e3", "12345678", "2 s", "s2", "Wed, 21 Oct 2026 07:28:00 GMT", ""]) {
      expect(failureOf(throttling, { headers: { "retry-after": odd } })).toMatchObject({
        retryAfter: undefined
      })
    }
    expect(failureOf(throttling, { headers: { "retry-after": "120" } })).toMatchObject({
      retryAfter: 120_000
    })
  })

  it("takes the words of an error in XML from its beginning, and empty ones where there are none", () => {
    const words = (xml: string) => {
      const error = failureOf(xml, { status: 400 })
      return "serverMessage" in error && shown(error.serverMessage)
    }
    expect(words("<Error><Code>InvalidParameter</Code><Message>wrong</Message></Error>")).toBe("wrong")
    expect(words("<Error><Code>InvalidParameter</Code></Error>")).toBe("")
    const late = `<Error><Code>InvalidParameter</Code>${" ".repeat(16_384)}<Message>late</Message></Error>`
    expect(words(late)).toBe("")
  })

  it("says of an answer that is none what was due, and what to do", () => {
    expect(failureOf("<html>")).toMatchObject({ path: "", expected: "a JSON object, at most 100 levels deep" })
    expect(failureOf("{}")).toMatchObject({ path: "Code", expected: "text" })
    expect(failureOf("{}").advice).toContain("look at body")
  })

  it("takes a message that is missing, or no text, for an empty one", () => {
    for (const message of [{}, { Message: null }, { Message: ["canary"] }]) {
      const error = failureOf(JSON.stringify({ Code: "InvalidParameter", ...message }))
      expect("serverMessage" in error && shown(error.serverMessage)).toBe("")
    }
  })

  it("has no words of the server where there is neither JSON nor XML", () => {
    const error = failureOf("<html>busy</html>", { status: 429 })
    expect("serverMessage" in error && shown(error.serverMessage)).toBe("")
  })

  it("prints the server's words and the body by their names alone", () => {
    const refused = failureOf(answers.failure("InvalidParameter", "canary"))
    expect("serverMessage" in refused && String(refused.serverMessage)).toBe("<redacted:serverMessage>")
    for (const error of [failureOf(answers.failure("NeverHeardOf", "canary")), decodeFailure("canary")]) {
      expect("body" in error && String(error.body)).toBe("<redacted:body>")
    }
  })

  it("takes the request id from the header where the body has none", () => {
    expect(failureOf("", { status: 503, headers: { "x-acs-request-id": "r7" } }).requestId).toBe("r7")
  })

  it("takes milliseconds from x-acs-retry-after, seconds from retry-after, and nothing else", () => {
    const wait = (headers: Record<string, string>) => {
      const error = failureOf(answers.failure("Throttling"), { status: 400, headers })
      return error._tag === "Throttled" ? error.retryAfter : "other"
    }
    expect(wait({ "x-acs-retry-after": "1500" })).toBe(1500)
    expect(wait({ "x-acs-retry-after": "0" })).toBe(0)
    expect(wait({ "retry-after": "2" })).toBe(2000)
    expect(wait({ "x-acs-retry-after": "1500", "retry-after": "2" })).toBe(1500)
    expect(wait({})).toBeUndefined()
    for (const odd of ["", "-1", "soon", "1.5", "1e3", "Infinity", "9".repeat(40), "Wed, 21 Oct 2015 07:28:00 GMT"]) {
      expect(wait({ "x-acs-retry-after": odd })).toBeUndefined()
    }
  })

  it("takes the skew from the Date header", () => {
    const skew = (date: string | undefined) => {
      const error = failureOf(answers.failure("InvalidTimeStamp.Expired"), {
        status: 400,
        headers: { date },
        receivedAt: 10_000
      })
      return error._tag === "ClockSkewed" ? error.skew : "other"
    }
    expect(skew("Thu, 01 Jan 1970 00:01:00 GMT")).toBe(50_000)
    expect(skew("Thu, 01 Jan 1970 00:00:00 GMT")).toBe(-10_000)
    expect(skew(undefined)).toBeUndefined()
    expect(skew("yesterday")).toBeUndefined()
    const century = 100 * 365 * 86_400_000
    expect(skew(new Date(10_000 + century).toUTCString())).toBe(century)
    expect(skew(new Date(11_000 + century).toUTCString())).toBeUndefined()
  })

  it("cleans codes and ids for messages: the server may send anything", () => {
    const error = failureOf(JSON.stringify({ Code: "A b\n<script>李", RequestId: "r\u001b[31m1" }))
    expect(error.code).toBe("A?b??script??")
    expect(error.requestId).toBe("r??31m1")
    expect(error.message).not.toMatch(/[\n<李]|\u001b/) // oxlint-disable-line no-control-regex
    expect(failureOf(JSON.stringify({ Code: "x".repeat(500) })).code).toHaveLength(100)
  })
})

describe("two results", () => {
  const edited = success({ ocrIdEditInfo: card })

  it("are equal where the same came, read as the same kind", () => {
    expect(Equal.equals(decode(edited), decode(edited))).toBe(true)
    expect(Hash.hash(decode(edited))).toBe(Hash.hash(decode(edited)))
    expect(Equal.equals(decode(edited), decode(success({ ocrIdEditInfo: { ...card, name: "X" } })))).toBe(false)
  })

  it("are not where only the photographs, only what came, or only one is a result", () => {
    const withImage = (byte: number) => decode(success({ idImage: Buffer.alloc(6000, byte).toString("base64") }))
    expect(Equal.equals(withImage(1), withImage(1))).toBe(true)
    expect(Equal.equals(withImage(1), withImage(2))).toBe(false)
    expect(Equal.equals(decode(success({})), decode(success({ further: 1 })))).toBe(false)
    expect(Equal.equals(decode(edited), decode(edited).ocrEdited)).toBe(false)
  })

  it("are not where they were read as different kinds, though only what was edited shows it", () => {
    const as = (kind: Document.Kind) => Result.getOrThrow(Answer.decode(edited, kind))
    expect(Equal.equals(as(Document.PrcResidentIdentityCard), as(Document.HongKongIdentityCard))).toBe(false)
  })

  it("are not where they were read as different kinds, though only the front shows it", () => {
    const both = success({ ocrIdInfo: { name: "Li Si", sex: "Male" } })
    const as = (kind: Document.Kind) => Result.getOrThrow(Answer.decode(both, kind))
    expect(as(Document.PrcResidentIdentityCard).warnings).toEqual([])
    expect(as(Document.HongKongIdentityCard).warnings).toEqual([])
    expect(Equal.equals(as(Document.PrcResidentIdentityCard), as(Document.HongKongIdentityCard))).toBe(false)
  })

  it("are not where one is only like a result, whatever its hash", () => {
    const result = decode(edited)
    const alike = { ...result, [Hash.symbol]: () => Hash.hash(result), [Equal.symbol]: () => true }
    expect(Equal.equals(result, alike)).toBe(false)
  })

  it("are not where only one came as UTF-8", () => {
    const good = bytesOf(success({ ocrIdInfo: { ...card, name: "\ufffd" } }))
    const text = Buffer.from(good)
    const at = text.indexOf(Buffer.from("\ufffd"))
    const bad = Buffer.concat([text.subarray(0, at), Buffer.of(0xff), text.subarray(at + 3)])
    expect(Equal.equals(decode(good), decode(bad))).toBe(false)
  })
})

describe("what a result says of itself", () => {
  const expectations = (ext: Record<string, unknown>) =>
    decode(success(ext)).warnings.map(({ expected, path }) => [path.replace("Result.ExtIdInfo.", ""), expected])

  it("is in JSON what can be shown, and that there is more", () => {
    const shown = JSON.parse(JSON.stringify(decode(success({ ocrIdPassed: "Y" }))))
    expect(shown).toMatchObject({ requestId, ocrPassed: true, raw: "<redacted:answer>", warnings: [] })
    expect(String(decode(success({})).raw)).toBe("<redacted:answer>")
  })

  it("is a hash of what came", () => {
    expect(Hash.hash(decode(success({ ocrIdPassed: "Y" })))).not.toBe(Hash.hash(decode(success({ ocrIdPassed: "N" }))))
  })

  it("names what was expected", () => {
    expect(expectations({ ocrIdPassed: "maybe" })).toEqual([["ocrIdPassed", "Y or N"]])
    expect(expectations({ idImage: "*" })).toEqual([["idImage", "Base64"]])
    expect(expectations({ spoofInfo: { spoofResult: "maybe", spoofType: 1 } })).toEqual([
      ["spoofInfo.spoofType", "text or a list of texts"],
      ["spoofInfo.spoofResult", "Y or N"]
    ])
    const asPassport = Result.getOrThrow(Answer.decode(success({ ocrIdInfo: card }), Document.GlobalPassport))
    expect(asPassport.warnings[0]?.expected).toBe("the fields of a Global Passport")
    expect(decodeFailure(successWith([]))).toMatchObject({ path: "Result", expected: "an object" })
  })

  it.each([null, ""])("takes %j for not reported, without a warning", (nothing) => {
    const ext = { ocrIdPassed: nothing, spoofInfo: { spoofResult: nothing }, idImage: nothing, ocrIdInfo: nothing }
    expect(expectations(ext)).toEqual([])
    expect(decode(success(ext)).spoof.front._tag).toBe("NotReported")
  })

  it("holds no long text of the server in its verdict", () => {
    const { verdict } = decode(success({}, { Passed: "N", SubCode: "9".repeat(200) }))
    expect(verdict.subCode?.code).toBe("9".repeat(40))
  })
})

describe("encode", () => {
  it("gives a body that decodes to the same result, for answers of all spellings", () => {
    fc.assert(
      fc.property(answers.body, (text) => {
        const first = Answer.decode(text)
        if (Result.isFailure(first)) return
        const again = decode(Answer.encode(first.success))
        expect(reveal(again)).toEqual(reveal(first.success))
      }),
      { numRuns: 200 }
    )
  })

  it("gives the same body again, once it was encoded", () => {
    fc.assert(
      fc.property(answers.body, (text) => {
        const first = Answer.decode(text)
        if (Result.isFailure(first)) return
        const encoded = Answer.encode(first.success)
        expect(Answer.encode(decode(encoded))).toBe(encoded)
      }),
      { numRuns: 50 }
    )
  })

  it("writes nested documents as strings, as the service does", () => {
    const encoded = JSON.parse(
      Answer.encode(decode(successWith({ Passed: "Y", SubCode: "200", ExtIdInfo: { ocrIdInfo: card } })))
    )
    expect(typeof encoded.Result.ExtIdInfo).toBe("string")
    expect(JSON.parse(JSON.parse(encoded.Result.ExtIdInfo).ocrIdInfo)).toEqual(card)
  })

  it.each(Document.names)("agrees with decode where the kind %s is expected", (name) => {
    const text = success({ ocrIdInfo: card, ocrIdEditInfo: { ...card, name: "Li Wu" } })
    const result = Result.getOrThrow(Answer.decode(text, Document.kinds[name]))
    expect(reveal(Result.getOrThrow(Answer.decode(Answer.encode(result), Document.kinds[name])))).toEqual(
      reveal(result)
    )
  })
})

describe("FromJsonString", () => {
  it("decodes and encodes", () => {
    const text = success({ ocrIdInfo: card, idImage: "/9j/4A==" })
    const result = Schema.decodeUnknownSync(Answer.FromJsonString)(text)
    expect(reveal(result)).toEqual(reveal(decode(text)))
    expect(reveal(decode(Schema.encodeSync(Answer.FromJsonString)(result)))).toEqual(reveal(result))
  })

  it("refuses to encode what is no result", () => {
    const encode = Schema.encodeUnknownResult(Answer.FromJsonString)
    const raw = Redacted.make({})
    const others = [undefined, null, 1, "x", [], {}, { raw }, { warnings: [] }, { raw: {}, warnings: [] }]
    for (const other of others) expect(Result.isFailure(encode(other))).toBe(true)
    expect(Result.isSuccess(encode(decode(success({}))))).toBe(true)
  })

  it("fails with an issue that says what the error says", () => {
    const text = answers.failure("InvalidParameter")
    const failed = Result.flip(Schema.decodeUnknownResult(Answer.FromJsonString)(text))
    expect(String(Result.getOrThrow(failed))).toContain(decodeFailure(text).message)
  })

  it("fails with an issue that quotes no text of the answer", () => {
    const decodeResult = Schema.decodeUnknownResult(Answer.FromJsonString)
    for (const text of ["canary", '{"canary":1}', answers.failure("InvalidParameter", "canary")]) {
      const failed = decodeResult(text)
      expect(Result.isFailure(failed)).toBe(true)
      expect(Result.isFailure(failed) && String(failed.failure)).not.toContain("canary")
    }
  })
})
