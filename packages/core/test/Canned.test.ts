import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Document from "../src/Document.ts"
import * as ResponseCode from "../src/ResponseCode.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { shown } from "./fixtures/reveal.ts"
import { documents, responseCodes, subCodes } from "./fixtures/vendorPage.ts"

const request = { merchantBizId: "test1", transactionId: "t1" }

const resultOf = <K extends Document.Kind>(canned: Canned.Canned, document: K) =>
  Cloudauth.checkResult({ ...request, expect: { document, idSpoof: true } }).pipe(
    Effect.provide(Cloudauth.layerTest(() => canned))
  )

describe("Canned.passed", () => {
  it.effect.each(documents)("is a passed check of $title, every field read", ({ fields, name }) =>
    Effect.gen(function* () {
      const result = yield* resultOf(Canned.passed(Document.kinds[name]), Document.kinds[name])
      assert.strictEqual(result.verdict._tag, "Passed")
      assert.deepInclude(result.ocr, { _tag: "Read", document: name })
      assert.deepStrictEqual(Object.keys({ ...Document.reveal(result.ocr) }), [...fields])
      assert.deepStrictEqual(result.warnings, [])
    })
  )

  it.effect("can have other fields, edited fields and an image", () =>
    Effect.gen(function* () {
      const canned = Canned.passed(Document.GlobalPassport, {
        fields: { surname: "OTHER", nationality: "" },
        edited: { surname: "EDITED" },
        image: "/9j/4A=="
      })
      const result = yield* resultOf(canned, Document.GlobalPassport)
      assert.deepInclude(Document.reveal(result.ocr), { surname: "OTHER" })
      assert.notProperty(Document.reveal(result.ocr), "nationality")
      assert.deepStrictEqual(
        Document.differences(result.ocr, result.ocrEdited).map(({ field }) => field),
        ["surname"]
      )
      assert.deepStrictEqual(
        result.images.front && Redacted.value(result.images.front.bytes),
        Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)
      )
    })
  )

  it.effect("takes fields of the kind beside the options", () =>
    Effect.gen(function* () {
      const canned = Canned.passed(Document.GlobalPassport, { expiryDate: "2001-01-01", fields: { surname: "OTHER" } })
      const fields = Document.reveal((yield* resultOf(canned, Document.GlobalPassport)).ocr)
      assert.containSubset(fields, { surname: "OTHER", expiryDate: { raw: "2001-01-01" } })
      assert.throws(
        () => Canned.passed(Document.GlobalPassport, JSON.parse('{ "expiryDat": "" }')),
        /Did you mean expiryDate/
      )
    })
  )

  it.effect("can have a back, with its image and its risk, and any other part", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(
        Canned.passed(Document.GlobalPassport, {
          back: { passportNo: "L898902C3" },
          backSpoof: ["TAMPER"],
          backImage: "/9j/4A==",
          ocrIdPassed: "N",
          ext: { spoofInfo: { spoofResult: "?" } }
        }),
        Document.GlobalPassport
      )
      assert.strictEqual(result.ocrBack._tag, "Read")
      assert.deepStrictEqual(result.spoof.back, { _tag: "Risk", types: ["TAMPER"] })
      assert.strictEqual(result.images.back?.size, 4)
      assert.isFalse(result.ocrPassed)
      assert.deepStrictEqual(
        result.warnings.map(({ path }) => path),
        ["Result.ExtIdInfo.spoofInfo.spoofResult"]
      )
    })
  )

  it.effect("is inconclusive with a spoofing risk", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(
        Canned.passed(Document.GlobalPassport, { spoof: ["TAMPER"] }),
        Document.GlobalPassport
      )
      assert.strictEqual(result.verdict._tag, "Inconclusive")
      assert.deepStrictEqual(result.spoof.front, { _tag: "Risk", types: ["TAMPER"] })
    })
  )
})

describe("Canned.rejected", () => {
  it.effect.each(subCodes.filter(({ code }) => code !== "200"))("$code is a rejection", ({ billed, code }) =>
    Effect.gen(function* () {
      for (const name of Document.names) {
        const result = yield* resultOf(Canned.rejected(code, Document.kinds[name]), Document.kinds[name])
        assert.containSubset(result.verdict, { _tag: "Rejected", subCode: { code, billed } })
        assert.strictEqual(result.spoof.front._tag, code === "212" ? "Risk" : "Clear")
      }
    })
  )

  it.effect("can have any sub code", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(Canned.rejected("299"), Document.HongKongIdentityCard)
      assert.containSubset(result.verdict, { _tag: "Rejected", subCode: { _tag: "UnknownSubCode", code: "299" } })
    })
  )
})

/** The error of a call that is answered so. */
const errorOf = (canned: Canned.Canned) =>
  Cloudauth.checkResult(request, { retry: RetryPolicy.none }).pipe(
    Effect.flip,
    Effect.provide(Cloudauth.layerTest(() => canned))
  )

describe("Canned.error", () => {
  it.effect.each(responseCodes.filter(({ code }) => code !== "Success"))("$code is its error", ({ code, status }) =>
    Effect.gen(function* () {
      const error = yield* errorOf(Canned.error(code, "words"))
      assert.deepInclude(error, { _tag: ResponseCode.facts(code, status).error, code, httpStatus: status, attempts: 1 })
      assert.isTrue("serverMessage" in error && shown(error.serverMessage) === "words")
    })
  )

  it.effect("knows the gateway's codes, and any other", () =>
    Effect.gen(function* () {
      for (const [code, { error }] of Object.entries(ResponseCode.table)) {
        assert.strictEqual((yield* errorOf(Canned.error(code)))._tag, error)
      }
      assert.strictEqual((yield* errorOf(Canned.error("New.Code")))._tag, "UnknownResponseCode")
      assert.strictEqual((yield* errorOf(Canned.error("Throttling.New")))._tag, "Throttled")
    })
  )

  it.effect("of Success is a response without a result", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* errorOf(Canned.error("Success")), {
        _tag: "DecodeError",
        path: "Result",
        httpStatus: 200
      })
    })
  )
})

describe("Canned.response", () => {
  it.effect("has any body, status and headers", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* errorOf(Canned.response("<html>", 502)), {
        _tag: "ServiceDown",
        httpStatus: 502
      })
      const throttled = Canned.response('{"Code":"Throttling.Api"}', 403, { "x-acs-retry-after": "70" })
      assert.deepInclude(yield* errorOf(throttled), { _tag: "Throttled", retryAfter: 70 })
    })
  )
})

describe("Canned.connectionFailed", () => {
  it.effect("breaks with the error code, ECONNRESET by default", () =>
    Effect.gen(function* () {
      const refused = yield* errorOf(Canned.connectionFailed("ECONNREFUSED"))
      assert.deepInclude(refused, { _tag: "TransportError", reason: "the connection failed: ECONNREFUSED" })
      assert.include((yield* errorOf(Canned.connectionFailed())).message, "ECONNRESET")
    })
  )
})
