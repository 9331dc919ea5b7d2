import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Answer from "../src/Answer.ts"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Document from "../src/Document.ts"
import * as ResponseCode from "../src/ResponseCode.ts"
import { documents, responseCodes, subCodes } from "./fixtures/vendorPage.ts"
import { shown } from "./fixtures/reveal.ts"

const request = { merchantBizId: "test1", transactionId: "t1" }

const resultOf = <K extends Document.Kind>(canned: Canned.Canned, document: K) =>
  Cloudauth.checkResult({ ...request, document }).pipe(Effect.provide(Cloudauth.layerTest(() => canned)))

describe("Canned.passed", () => {
  it.effect.each(documents)("is a passed check of $title, every field read", ({ fields, name }) =>
    Effect.gen(function* () {
      const result = yield* resultOf(Canned.passed(Document.kinds[name]), Document.kinds[name])
      expect(result.verdict._tag).toBe("Passed")
      expect(result.ocr).toMatchObject({ _tag: "Read", document: name })
      expect(Object.keys({ ...Document.reveal(result.ocr) })).toEqual(fields)
      expect(result.warnings).toEqual([])
    })
  )

  it.effect("can be varied: fields, what was edited, a photograph", () =>
    Effect.gen(function* () {
      const canned = Canned.passed(Document.GlobalPassport, {
        fields: { surname: "OTHER", nationality: "" },
        edited: { surname: "EDITED" },
        image: "/9j/4A=="
      })
      const result = yield* resultOf(canned, Document.GlobalPassport)
      expect(Document.reveal(result.ocr)).toMatchObject({ surname: "OTHER" })
      expect(Document.reveal(result.ocr)).not.toHaveProperty("nationality")
      expect(Document.differences(result.ocr, result.ocrEdited).map(({ field }) => field)).toEqual(["surname"])
      expect(result.images.front && Redacted.value(result.images.front.bytes)).toEqual(
        Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)
      )
    })
  )

  it.effect("is inconclusive once it is said to be spoofed", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(
        Canned.passed(Document.GlobalPassport, { spoof: ["TAMPER"] }),
        Document.GlobalPassport
      )
      expect(result.verdict._tag).toBe("Inconclusive")
      expect(result.spoof.front).toEqual({ _tag: "Risk", types: ["TAMPER"] })
    })
  )
})

describe("Canned.rejected", () => {
  it.effect.each(subCodes.filter(({ code }) => code !== "200"))("$code is a rejection", ({ billed, code }) =>
    Effect.gen(function* () {
      for (const name of Document.names) {
        const result = yield* resultOf(Canned.rejected(code, Document.kinds[name]), Document.kinds[name])
        expect(result.verdict).toMatchObject({ _tag: "Rejected", subCode: { code, billed } })
        expect(result.spoof.front._tag).toBe(code === "212" ? "Risk" : "Clear")
      }
    })
  )

  it.effect("can have any sub code", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(Canned.rejected("299"), Document.HongKongIdentityCard)
      expect(result.verdict).toMatchObject({ _tag: "Rejected", subCode: { _tag: "UnknownSubCode", code: "299" } })
    })
  )
})

describe("Canned.error", () => {
  it.effect.each(responseCodes.filter(({ code }) => code !== "Success"))("$code is its error", ({ code, status }) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Canned.error(code, "words"))
      expect(error).toMatchObject({ _tag: ResponseCode.facts(code, status).error, code, httpStatus: status })
      expect("serverMessage" in error && shown(error.serverMessage)).toBe("words")
    })
  )

  it.effect("knows the gateway's codes, and any other", () =>
    Effect.gen(function* () {
      for (const [code, { error }] of Object.entries(ResponseCode.table)) {
        expect((yield* Effect.flip(Canned.error(code)))._tag).toBe(error)
      }
      expect((yield* Effect.flip(Canned.error("New.Code")))._tag).toBe("UnknownResponseCode")
      expect((yield* Effect.flip(Canned.error("Throttling.New")))._tag).toBe("Throttled")
    })
  )

  it.effect("of Success is an answer without a result", () =>
    Effect.gen(function* () {
      const body = yield* Canned.error("Success")
      const decoded = Answer.decode(body)
      expect(Result.isFailure(decoded) && decoded.failure._tag).toBe("DecodeError")
    })
  )
})
