/** A successful answer → its result: nesting, blanks, spellings, and parts that can't be read. */
import { assert, describe, it } from "@effect/vitest"
import * as Document from "../src/Document.ts"
import { bytesOf, cleanPass, encoded, passing, requestId, success, successWith } from "./fixtures/answers.ts"
import { rawOf, resultOf, textsOf, warningsOf } from "./fixtures/results.ts"

const { ExtIdInfo } = cleanPass.Result
const card = { name: "Li Si", englishName: "LI SI", sex: "Male", idNumber: "H11111112", nameCode: "2621 0934" }
const withExt = (ExtIdInfo: unknown, result: Record<string, unknown> = { Passed: "N", SubCode: "213" }) =>
  resultOf(successWith({ ...result, ExtIdInfo }))

const nestings = [0, 1, 2] as const

describe("a nested document", () => {
  for (const outer of nestings) {
    for (const inner of nestings) {
      it(`is read if ExtIdInfo is encoded ${outer} times and its part ${inner} times`, () => {
        for (const key of ["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo"]) {
          const result = withExt(encoded({ [key]: encoded(card, inner) }, outer))
          const readings = { ocrIdInfo: result.ocr, ocrIdEditInfo: result.ocrEdited, ocrIdBackInfo: result.ocrBack }
          assert.deepStrictEqual(textsOf(readings[key as keyof typeof readings]), card) // one of its keys
          assert.deepStrictEqual(result.warnings, [])
        }
        const spoof = encoded({ spoofResult: "Y", spoofType: ["TAMPER"] }, inner)
        const result = withExt(encoded({ spoofInfo: spoof, spoofBackInfo: spoof }, outer))
        const risk = { _tag: "Risk", types: ["TAMPER"] } as const
        assert.deepStrictEqual(result.spoof, { front: risk, back: risk })
      })
    }
    it(`has its images read if ExtIdInfo is encoded ${outer} times`, () => {
      const { images } = withExt(encoded({ idImage: "/9j/4A==", idBackImage: "iVBORw0KGgo=" }, outer))
      assert.deepInclude(images.front, { mediaType: "image/jpeg", size: 4 })
      assert.deepInclude(images.back, { mediaType: "image/png", size: 8 })
    })
  }

  it.each([undefined, null, "", "  ", "null", '""', '"null"'])(
    "is absent without a warning if ExtIdInfo is %j",
    (blank) => {
      const result = withExt(blank)
      assert.containSubset(result, {
        verdict: { _tag: "Rejected" },
        ocr: { _tag: "NotRead" },
        ocrEdited: { _tag: "NotRead" },
        ocrBack: { _tag: "NotRead" },
        spoof: { front: { _tag: "NotReported" }, back: { _tag: "NotReported" } },
        images: {},
        warnings: []
      })
      assert.notProperty(result, "ocrPassed")
    }
  )

  it.each([undefined, null, "", "  ", "null", '""', "{}", {}])(
    "is not read, without a warning, if it is %j",
    (blank) => {
      const ext = {
        ocrIdInfo: blank,
        ocrIdEditInfo: blank,
        ocrIdBackInfo: blank,
        spoofInfo: blank,
        spoofBackInfo: blank
      }
      const result = withExt(JSON.stringify(ext))
      for (const reading of [result.ocr, result.ocrEdited, result.ocrBack]) assert.strictEqual(reading._tag, "NotRead")
      assert.strictEqual(result.spoof.front._tag, "NotReported")
      assert.deepStrictEqual(result.warnings, [])
    }
  )

  const faults: ReadonlyArray<unknown> = ["{", '{"name":', "[]", "text", 7, true, ["x"], '"{"', "{'name':'x'}"]

  it.each(faults)("ExtIdInfo %j costs nothing else: a warning says what stood there", (fault) => {
    const result = withExt(fault)
    assert.containSubset(result.verdict, { _tag: "Rejected", subCode: { code: "213" } })
    assert.strictEqual(result.requestId, requestId)
    assert.deepStrictEqual(warningsOf(result), [["Result.ExtIdInfo", fault]])
    assert.containSubset(rawOf(result), { Result: { ExtIdInfo: fault } })
  })

  it.each(["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo", "spoofInfo", "spoofBackInfo"])(
    "%s that can't be read costs nothing else, and differs from one that is absent",
    (key) => {
      for (const fault of faults) {
        const result = withExt({ ...ExtIdInfo, [key]: fault })
        assert.deepStrictEqual(warningsOf(result), [[`Result.ExtIdInfo.${key}`, fault]])
        assert.isTrue(result.ocrPassed)
        const readings = { ocrIdInfo: result.ocr, ocrIdEditInfo: result.ocrEdited, ocrIdBackInfo: result.ocrBack }
        if (!(key in readings)) continue
        const reading = readings[key as keyof typeof readings] // it is one of them
        assert.strictEqual(reading._tag, "Unreadable")
        assert.deepStrictEqual(textsOf(reading), fault)
        assert.isUndefined(Document.reveal<Document.Fields>(reading))
      }
    }
  )

  it("in the vendor's example of a sibling is read", () => {
    const text =
      '{"ocrIdInfo":{"expiryDate":"","originOfIssue":"...","englishName":"LI SI","sex":"Male","name":"Li Si","idNumber":"H11111112","issueDate":"2013-01-02","birthDate":"1990-02-21"},"ocrIdPassed":"N","spoofInfo":{"spoofResult":"Y","spoofType":["SCREEN_REMARK"]},"idFaceQualityScore":87.5}'
    const result = withExt(text, { Passed: "N", SubCode: "212" })
    assert.strictEqual(result.verdict._tag, "Rejected")
    assert.isFalse(result.ocrPassed)
    assert.deepStrictEqual(result.spoof.front, { _tag: "Risk", types: ["SCREEN_REMARK"] })
    assert.deepStrictEqual(result.warnings, [])
    assert.containSubset(rawOf(result), { Result: { ExtIdInfo: { idFaceQualityScore: 87.5 } } })
  })
})

describe("a field", () => {
  it("that is no text is a warning by its path; numbers and booleans are text", () => {
    const fields = { passportNo: 12345678, surname: ["Li"], givenname: { a: 1 }, nationality: true }
    const result = resultOf(passing({ ocrIdInfo: fields }), { document: Document.GlobalPassport })
    assert.deepStrictEqual(warningsOf(result), [
      ["Result.ExtIdInfo.ocrIdInfo.surname", ["Li"]],
      ["Result.ExtIdInfo.ocrIdInfo.givenname", { a: 1 }]
    ])
    assert.deepStrictEqual({ ...Document.reveal(result.ocr) }, { passportNo: "12345678", nationality: "true" })
  })

  it("that is no date is a value with its text, and a warning", () => {
    const result = resultOf(passing({ ocrIdInfo: { passportNo: "1", birthDate: "1990-02-30" } }), {
      document: Document.GlobalPassport
    })
    const birthDate = { _tag: "Unreadable", raw: "1990-02-30", expected: "yyyy-MM-dd" } as const
    assert.deepStrictEqual(Document.reveal(result.ocr)?.birthDate, birthDate)
    assert.deepStrictEqual(warningsOf(result), [["Result.ExtIdInfo.ocrIdInfo.birthDate", "1990-02-30"]])
  })

  it("of the anti-spoofing check, the OCR phase or an image that can't be read is a warning that prints nothing", () => {
    const result = withExt({ ocrIdPassed: "maybe", spoofInfo: { spoofResult: "?", spoofType: 7 }, idImage: "*" })
    assert.deepStrictEqual(
      result.warnings.map(({ expected, path }) => [path, expected]),
      [
        ["Result.ExtIdInfo.ocrIdPassed", "Y or N"],
        ["Result.ExtIdInfo.idImage", "Base64"],
        ["Result.ExtIdInfo.spoofInfo.spoofResult", "Y or N"],
        ["Result.ExtIdInfo.spoofInfo.spoofType", "text or a list of texts"]
      ]
    )
    assert.strictEqual(String(result.warnings[0]?.raw), "<redacted:raw>")
  })
})

describe("keys", () => {
  it("that are unknown survive in raw, at every level", () => {
    const ext = {
      later: { deep: [1] },
      ocrIdInfo: { ...card, bloodType: "A" },
      spoofInfo: { spoofResult: "N", score: 3 }
    }
    const result = resultOf(
      successWith({ Passed: "N", SubCode: "211", New: "e", ExtIdInfo: JSON.stringify(ext) }, { HostId: "h" })
    )
    assert.deepStrictEqual(result.warnings, [])
    assert.deepStrictEqual(rawOf(result), {
      RequestId: requestId,
      Code: "Success",
      Message: "success",
      HostId: "h",
      Result: {
        Passed: "N",
        SubCode: "211",
        New: "e",
        ExtIdInfo: ext
      }
    })
    assert.deepInclude(textsOf(result.ocr), { bloodType: "A" })
  })

  it("are read in any case and with underscores, everywhere", () => {
    const ext = {
      OCRIDPASSED: "Y",
      ocr_id_info: { PassportNo: "X1", SURNAME: "LI" },
      SpoofInfo: { spoof_result: "Y", SPOOFTYPE: "TAMPER" },
      idimage: "/9j/4A=="
    }
    const body = JSON.stringify({
      requestid: "r",
      code: "success",
      RESULT: { passed: "N", sub_code: "212", extIdInfo: ext }
    })
    const result = resultOf(body, { document: Document.GlobalPassport })
    assert.containSubset(result, { requestId: "r", ocrPassed: true, verdict: { subCode: { code: "212" } } })
    assert.deepStrictEqual({ ...Document.reveal(result.ocr) }, { passportNo: "X1", surname: "LI" })
    assert.deepStrictEqual(result.spoof.front, { _tag: "Risk", types: ["TAMPER"] })
    assert.strictEqual(result.images.front?.size, 4)
  })

  it("named __proto__ are keys like any other, and pollute nothing", () => {
    const inner = '{"__proto__":{"idImage":"AAAA"},"ocrIdInfo":{"__proto__":{"name":"x"},"passportNo":"1"}}'
    const result = resultOf(
      `{"Code":"Success","__proto__":{"polluted":1},"Result":{"Passed":"N","SubCode":"211","__proto__":{"Passed":"Y"},"ExtIdInfo":${JSON.stringify(inner)}}}`
    )
    assert.notProperty({}, "polluted")
    assert.include(Object.keys(rawOf(result)), "__proto__")
    assert.strictEqual(result.verdict._tag, "Rejected")
    assert.notProperty(result.images, "front")
    assert.deepInclude(result.ocr, { _tag: "Read", document: "GlobalPassport" })
  })
})

describe("an answer", () => {
  it("may begin with a byte order mark, and have white space between all tokens", () => {
    const spaced = JSON.stringify(JSON.parse(passing()), null, "\t")
    for (const body of [`\ufeff${passing()}`, `\r\n ${spaced} \n`]) {
      assert.deepInclude(resultOf(body), { ocrPassed: true, warnings: [] })
    }
    assert.isTrue(withExt('\ufeff{"ocrIdPassed":"Y"}').ocrPassed)
  })

  it("may have = written as \\u003d and / as \\/ at any level", () => {
    for (const slashes of ["", "\\"]) {
      const body = success({ idImage: "/9j/4A==" })
        .replaceAll("=", `${slashes}\\u003d`)
        .replaceAll("/", `${slashes}\\/`)
      assert.notInclude(body, "=")
      assert.strictEqual(resultOf(body).images.front?.size, 4)
    }
  })

  it("may have huge numbers and lone surrogates", () => {
    const huge = `{"Code":"Success","x":1e400,"y":${"9".repeat(400)},"Result":{"Passed":"N","SubCode":211}}`
    assert.strictEqual(resultOf(huge).verdict._tag, "Rejected")
    const { ocr } = resultOf(passing({ ocrIdInfo: { passportNo: "\ud83d" } }))
    assert.deepStrictEqual(textsOf(ocr), { passportNo: "\ud83d" })
  })

  it("has no text in a number whose digits are lost", () => {
    const idNumber = "110101199001014972" // JSON.parse makes 110101199001014980 of it, whose check digit is right, too.
    const body = success({ ocrIdInfo: { idNumber: 0, name: "样本" } }).replace(
      'idNumber\\":0',
      `idNumber\\":${idNumber}`
    )
    const result = resultOf(body, { document: Document.PrcResidentIdentityCard })
    assert.deepStrictEqual(Document.reveal(result.ocr), { name: "样本" })
    assert.deepStrictEqual(
      result.warnings.map(({ path }) => path),
      ["Result.ExtIdInfo.ocrIdInfo.idNumber"]
    )
  })

  it("that is not UTF-8 is read with a warning", () => {
    const bytes = bytesOf(passing({ ocrIdInfo: { passportNo: "X?X" } }))
    bytes[bytes.indexOf("?".charCodeAt(0))] = 0xff
    const result = resultOf(bytes)
    assert.deepStrictEqual(
      result.warnings.map(({ expected, path }) => [path, expected]),
      [["", "UTF-8"]]
    )
    assert.deepStrictEqual(textsOf(result.ocr), { passportNo: "X\ufffdX" })
  })

  it("that was kept has no time of arrival, and no ids but its own", () => {
    const result = resultOf(passing())
    for (const key of ["receivedAt", "transactionId", "merchantBizId"]) assert.notProperty(result, key)
    assert.strictEqual(result.requestId, requestId)
  })

  it("has server text in its ids and codes cleaned and cut", () => {
    const result = resultOf(
      successWith({ Passed: "N", SubCode: `9\u001b[31m${"9".repeat(200)}` }, { RequestId: "r\u001b[31m李" })
    )
    assert.strictEqual(result.requestId, "r??31m?")
    assert.match("subCode" in result.verdict ? (result.verdict.subCode?.code ?? "") : "", /^9\?\?31m9{94}$/)
  })
})
