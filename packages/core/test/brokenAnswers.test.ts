/** What is no successful answer: each a typed error that says what was wrong, its path, and what to do. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Canned from "../src/Canned.ts"
import { CheckResult } from "../src/CheckResult.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Document from "../src/Document.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { constantFrom, integer } from "./fixtures/arbitraries.ts"
import { body, bytesOf, failure, json, passing, requestId, success, successWith } from "./fixtures/answers.ts"
import { refusalOf } from "./fixtures/results.ts"
import { shown } from "./fixtures/reveal.ts"

/** The error of a call that is answered so. */
const errorOf = (body: string, status: number, headers: Readonly<Record<string, string>> = {}) =>
  Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "t1" }, { retry: RetryPolicy.none }).pipe(
    Effect.flip,
    Effect.provide(Cloudauth.layerTest(() => Canned.response(body, status, headers)))
  )

const assertReads = (bytes: Uint8Array | string): void => {
  for (const document of [undefined, Document.GlobalPassport, Document.HongKongIdentityCard]) {
    const read = CheckResult.fromBody(bytes, { document })
    if (Result.isSuccess(read)) assert.strictEqual(typeof JSON.stringify(CheckResult.view(read.success)), "string")
    else assert.notStrictEqual(read.failure.message, "")
  }
}

const anyBytes = Arbitrary.map(Arbitrary.array(integer(0, 255), { maxLength: 300 }), (all) => Uint8Array.from(all))

describe("decoding never throws", () => {
  it.prop("for any bytes", [anyBytes], ([bytes]) => assertReads(bytes), { arbitrary: { runs: 300 } })

  it.prop(
    "for any JSON in any place",
    [
      constantFrom<(value: unknown) => string>(
        (value) => JSON.stringify(value),
        (value) => successWith(value),
        (value) => successWith({ Passed: value, SubCode: value, ExtIdInfo: value }),
        (value) => success({ ocrIdInfo: value, spoofInfo: value, idImage: value, ocrIdPassed: value }),
        (value) => success({ ocrIdInfo: { name: value, sex: value, birthDate: value } }),
        (value) => success({ spoofInfo: { spoofResult: value, spoofType: value } }),
        (value) => JSON.stringify({ Code: "Success", RequestId: value, Message: value, Result: value })
      ),
      json
    ],
    ([put, value]) => assertReads(put(value)),
    { arbitrary: { runs: 300 } }
  )

  it.prop("for answers of all spellings", [body], ([text]) => assertReads(text))

  const mutation = Arbitrary.all({
    kind: constantFrom("truncate", "flip", "drop", "repeat"),
    at: integer(0, 999),
    length: integer(1, 30),
    byte: integer(0, 255)
  })

  it.prop(
    "for answers that were cut off, or had bytes flipped, dropped or repeated",
    [body, Arbitrary.array(mutation, { minLength: 1, maxLength: 3 })],
    ([text, mutations]) => {
      let bytes = bytesOf(text)
      for (const { at, byte, kind, length } of mutations) {
        const offset = Math.floor((at * bytes.length) / 1000)
        const [head, tail] = [bytes.slice(0, offset), bytes.slice(offset)]
        if (kind === "truncate") bytes = head
        else if (kind === "flip") bytes = Uint8Array.from([...head, (tail[0] ?? 0) ^ byte, ...tail.slice(1)])
        else if (kind === "drop") bytes = Uint8Array.from([...head, ...tail.slice(length)])
        else bytes = Uint8Array.from([...head, ...tail.slice(0, length), ...tail])
      }
      assertReads(bytes)
    },
    { arbitrary: { runs: 200 } }
  )

  it("for fields whose text is a name that every object has", () => {
    for (const text of ["constructor", "__proto__", "toString", "valueOf", "hasOwnProperty"]) {
      for (const name of Document.names) {
        assertReads(success({ ocrIdInfo: Object.fromEntries(Document.fieldsOf(name).map((field) => [field, text])) }))
      }
    }
  })
})

describe("a body that is no answer", () => {
  it.each(["", " \n", "hello", "<html><body>502</body></html>", passing().slice(0, -5), "[]", "null", '"x"', "1"])(
    "is a DecodeError with its body and what to do: %j",
    (text) => {
      const error = refusalOf(text)
      assert.deepInclude(error, { _tag: "DecodeError", path: "", httpStatus: 200 })
      assert.include(error.advice, text.trim() === "" ? "is empty" : "look at body")
      assert.strictEqual(error._tag === "DecodeError" && shown(error.body), text)
    }
  )

  it.each([
    ["Code", { RequestId: requestId, Result: {} }],
    ["Code", { RequestId: requestId, Code: "" }],
    ["Code", { RequestId: requestId, Code: {} }],
    ["Result", { RequestId: requestId, Code: "Success" }],
    ["Result", { RequestId: requestId, Code: "Success", Result: null }],
    ["Result", { RequestId: requestId, Code: "Success", Result: "" }],
    ["Result", { RequestId: requestId, Code: "Success", Result: [] }],
    ["Result", { RequestId: requestId, Code: "Success", Result: "{" }]
  ])("is a DecodeError that names %s and the request id: %j", (path, answer) => {
    const error = refusalOf(JSON.stringify(answer))
    assert.deepInclude(error, { _tag: "DecodeError", path, requestId })
    assert.include(error.message, path)
    assert.include(error.message, requestId)
  })

  it("is an UnknownResponseCode if the code is nearly Success", () => {
    for (const code of [" Success", "Success ", "OK", "200", "Successful"]) {
      assert.strictEqual(refusalOf(failure(code))._tag, "UnknownResponseCode")
    }
    for (const code of ["success", "SUCCESS", "sUcCeSs"]) {
      const read = CheckResult.fromBody(passing().replace('"Success"', `"${code}"`))
      assert.isTrue(Result.isSuccess(read))
    }
  })

  it("has its code and request id cleaned and cut for messages", () => {
    const error = refusalOf(JSON.stringify({ Code: `A b\n<i>李${"x".repeat(500)}`, RequestId: "r\u001b[31m1" }))
    assert.deepInclude(error, { requestId: "r??31m1" })
    assert.match(error.code, /^A\?b\?\?i\?\?x{92}$/)
  })
})

describe("a response code", () => {
  it.effect.each([200, 302, 400, 404, 500, 503])("decides before the status %i", (status) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* errorOf(failure("TransactionIdInvalid"), status))._tag, "TransactionIdInvalid")
      assert.strictEqual((yield* errorOf(failure("Throttling.Whatever"), status))._tag, "Throttled")
      assert.strictEqual((yield* errorOf(failure("processnotcompleted"), status))._tag, "ProcessNotCompleted")
    })
  )

  it.effect("is the status if there is none", () =>
    Effect.gen(function* () {
      const tags = []
      for (const [body, status] of [
        ["<html>busy</html>", 429],
        ["<html>down</html>", 502],
        ["", 503],
        ["<html>moved</html>", 302],
        ["no", 403],
        ["", 204]
      ] as const) {
        tags.push((yield* errorOf(body, status))._tag)
      }
      const unknown = "UnknownResponseCode"
      assert.deepStrictEqual(tags, ["Throttled", "ServiceDown", "ServiceDown", unknown, unknown, "DecodeError"])
    })
  )

  it.effect("of the gateway is read from JSON in any case, and from XML", () =>
    Effect.gen(function* () {
      const facts = { RequestId: requestId, HostId: "h", Code: "SignatureDoesNotMatch", Message: "words" }
      const lower = Object.fromEntries(Object.entries(facts).map(([key, value]) => [key.toLowerCase(), value]))
      const xml = Object.entries(facts).map(([key, value]) => `<${key}>${value}</${key}>`)
      const bodies = [
        JSON.stringify(facts),
        JSON.stringify(lower),
        `<Error>${xml.join("")}</Error>`,
        `\ufeff<?xml version="1.0"?>\n<error xmlns="http://x">\n${xml.join("\n")}</error>`
      ]
      for (const body of bodies) {
        const error = yield* errorOf(body, 400)
        const expected = { _tag: "SignatureRejected", requestId, httpStatus: 400, attempts: 1 } as const
        assert.deepInclude(error, expected)
        assert.strictEqual("serverMessage" in error && shown(error.serverMessage), "words")
      }
      assert.strictEqual((yield* errorOf("<Error><Code>Success</Code></Error>", 200))._tag, "DecodeError")
    })
  )

  it.effect("has the server's words redacted, whole, and empty if there are none", () =>
    Effect.gen(function* () {
      const wordsOf = (body: string) =>
        Effect.map(errorOf(body, 400), (error) => "serverMessage" in error && shown(error.serverMessage))
      const likeAnImage = `"idImage":"${"A".repeat(6000)}"`
      assert.strictEqual(yield* wordsOf(failure("InvalidParameter", likeAnImage)), likeAnImage)
      for (const message of [{}, { Message: null }, { Message: ["canary"] }]) {
        assert.strictEqual(yield* wordsOf(JSON.stringify({ Code: "InvalidParameter", ...message })), "")
      }
      const error = yield* errorOf(failure("NeverHeardOf", "canary"), 400)
      assert.notInclude(String(error) + JSON.stringify(error), "canary")
    })
  )
})

describe("a header", () => {
  it.effect("has the request id if the body has none", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* errorOf("", 503, { "x-acs-request-id": "r7" })).requestId, "r7")
    })
  )

  it.effect("says how long to wait: milliseconds in x-acs-retry-after, else seconds or a date in retry-after", () =>
    Effect.gen(function* () {
      const waitOf = (headers: Record<string, string>) =>
        Effect.map(
          errorOf(failure("Throttling"), 400, headers),
          (error) => error._tag === "Throttled" && error.retryAfter
        )
      assert.strictEqual(yield* waitOf({ "x-acs-retry-after": "1500", "retry-after": "2" }), 1500)
      assert.strictEqual(yield* waitOf({ "retry-after": "2" }), 2000)
      const date = "Thu, 01 Jan 1970 00:01:00 GMT"
      assert.strictEqual(yield* waitOf({ "retry-after": date }), 60_000)
      // The server's own clock decides.
      assert.strictEqual(yield* waitOf({ "retry-after": date, date: "Thu, 01 Jan 1970 00:00:45 GMT" }), 15_000)
      assert.strictEqual(yield* waitOf({ "retry-after": date, date: "Thu, 01 Jan 1970 00:02:00 GMT" }), 0)
      for (const odd of [
        "",
        "-1",
        "soon",
        "1.5",
        "1e3",
        "9".repeat(40),
        "1970-01-01",
        "Thu, 99 Jan 1970 00:00:00 GMT"
      ]) {
        assert.isUndefined(yield* waitOf({ "x-acs-retry-after": odd }))
        assert.isUndefined(yield* waitOf({ "retry-after": odd }))
      }
    })
  )

  it.effect("says by how much the clock is off", () =>
    Effect.gen(function* () {
      const skewOf = (headers: Record<string, string>) =>
        Effect.map(
          errorOf(failure("InvalidTimeStamp.Expired"), 400, headers),
          (error) => error._tag === "ClockSkewed" && error.skew
        )
      assert.strictEqual(yield* skewOf({ date: "Thu, 01 Jan 1970 00:01:00 GMT" }), 60_000)
      for (const headers of [{}, { date: "yesterday" }, { date: "Sat, 13 Sep 2275 00:00:00 GMT" }]) {
        assert.isUndefined(yield* skewOf(headers))
      }
    })
  )
})
