import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Document from "../src/Document.ts"
import * as Gateway from "../src/Gateway.ts"
import * as Transactions from "../src/internal/transactions.ts"
import * as Person from "../src/Person.ts"
import * as Scenario from "../src/Scenario.ts"
import { checkResultQuery, signedRequest } from "./support.ts"

/** The tables of the vendor's page ("OCR result fields"), copied field by field. */
const page: Record<Document.Slug, string> = {
  "hong-kong-identity-card":
    "name englishName nameCode sex birthDate idNumber currentIssueDate firstIssueDate isPermanent symbols",
  "exit-entry-permit-hong-kong-macao":
    "name englishName sex birthDate idNumber issueDate expiryDate placeOfIssue originOfIssue",
  "mainland-travel-permit-hong-kong-macao":
    "name englishName sex birthDate idNumber issueDate expiryDate originOfIssue",
  "global-passport": "surname givenname sex birthDate passportNo nationality expiryDate countryCode",
  "macao-resident-identity-card":
    "surnameCN givennameCN surname givenname sex birthDate idNumber expiryDate placeOfBirth",
  "mainland-travel-permit-taiwan":
    "name englishName sex birthDate idNumber issueDate expiryDate originOfIssue placeOfIssue",
  "prc-resident-identity-card": "name sex ethnicity birthDate idNumber address"
}

const gatewayWith = (scenario: Scenario.Scenario) => Gateway.make({ defaultScenario: scenario })
const answer = (gateway: Gateway.Gateway, images = false, id = "t") => {
  const query = checkResultQuery(id, images ? "IsReturnImage=Y&" : "")
  const { response } = gateway.handle(signedRequest(query))
  const text = Buffer.from(response.body).toString("utf8")
  return { status: response.status, headers: new Map(response.headers), text, body: JSON.parse(text) }
}
const resultOf = (scenario: Scenario.Scenario, images = false) => answer(gatewayWith(scenario), images).body.Result

describe("documents", () => {
  it.each(Document.slugs)("%s has every field of the page's table, in every spelling of the sex", (document) => {
    assert.deepStrictEqual([...Document.fields[document]], page[document].split(" "))
    for (const sexSpelling of ["letter", "word", "chinese"] as const) {
      const { ExtIdInfo } = resultOf(Scenario.passed({ document, sexSpelling }))
      const read = JSON.parse(JSON.parse(ExtIdInfo).ocrIdInfo)
      assert.deepStrictEqual(Object.keys(read), page[document].split(" "))
      for (const value of Object.values(read)) assert.match(String(value), /./)
      assert.match(read.birthDate, /^\d{4}-\d{2}-\d{2}$/)
      assert.match(read.sex, { letter: /^[MF]$/, word: /^(?:Fem|M)ale$/, chinese: /^[男女]$/ }[sexSpelling])
    }
  })

  it("gives the same person for the same seed and others for others", () => {
    assert.deepStrictEqual(Person.make("a"), Person.make("a"))
    const serials = new Set(Array.from({ length: 100 }, (_, index) => Person.make(String(index)).serial))
    assert.isAbove(serials.size, 95)
  })
})

describe("nesting", () => {
  const inner = (scenario: Scenario.Scenario) => JSON.parse(resultOf(scenario).ExtIdInfo)
  const fields = Person.read(Person.make("effect-cloudauth:1"), "hong-kong-identity-card")

  it("writes each form of an inner document", () => {
    const read = (ocrIdInfo: Scenario.Form) => inner(Scenario.passed({ nesting: { ocrIdInfo } })).ocrIdInfo
    assert.deepStrictEqual(JSON.parse(read("string")), fields)
    assert.deepStrictEqual(read("object"), fields)
    assert.deepStrictEqual(JSON.parse(JSON.parse(read("double"))), fields)
    assert.strictEqual(read("absent"), undefined)
    assert.strictEqual(read("null"), null)
    assert.strictEqual(read("empty"), "")
    assert.throws(() => JSON.parse(read("malformed")))
  })

  it("writes each form of ExtIdInfo itself", () => {
    const read = (extIdInfo: Scenario.Form) => resultOf(Scenario.passed({ nesting: { extIdInfo } }))
    assert.strictEqual(JSON.parse(JSON.parse(read("double").ExtIdInfo)).ocrIdPassed, "Y")
    assert.strictEqual(read("object").ExtIdInfo.ocrIdPassed, "Y")
    assert.isFalse("ExtIdInfo" in read("absent"))
    assert.throws(() => JSON.parse(read("malformed").ExtIdInfo))
  })

  it("escapes for HTML without changing what is meant", () => {
    // Of a size whose Base64 ends with =.
    const images = { bytes: 40_000 }
    const plain = answer(gatewayWith(Scenario.passed({ images })), true)
    for (const escape of ["inner", "outer", "both"] as const) {
      const escaped = answer(gatewayWith(Scenario.passed({ nesting: { escape }, images })), true)
      assert.include(escaped.text, "\\u003d")
      assert.include(escaped.text, "\\/")
      assert.deepStrictEqual(JSON.parse(escaped.body.Result.ExtIdInfo), JSON.parse(plain.body.Result.ExtIdInfo))
    }
  })

  it("writes spoof types as an array or a string", () => {
    const spoof = (spoofType: "array" | "string") =>
      JSON.parse(inner(Scenario.spoofed(["TAMPER"], { nesting: { spoofType } })).spoofInfo)
    assert.deepStrictEqual(spoof("array"), { spoofResult: "Y", spoofType: ["TAMPER"] })
    assert.deepStrictEqual(spoof("string"), { spoofResult: "Y", spoofType: "TAMPER" })
  })

  it("replaces, removes and edits fields", () => {
    const ext = inner(Scenario.passed({ fields: { name: "改", sex: null }, edited: { englishName: "NEW" } }))
    const { sex: _, ...rest } = fields
    assert.deepStrictEqual(JSON.parse(ext.ocrIdInfo), { ...rest, name: "改" })
    assert.deepStrictEqual(JSON.parse(ext.ocrIdEditInfo), { ...rest, name: "改", englishName: "NEW" })
  })

  it("keeps further keys", () => {
    const result = resultOf(
      Scenario.passed({ extraResult: { EkycResult: "Y" }, extraExtIdInfo: { idFaceQualityScore: 99.5 } })
    )
    assert.strictEqual(result.EkycResult, "Y")
    assert.strictEqual(JSON.parse(result.ExtIdInfo).idFaceQualityScore, 99.5)
  })
})

describe("verdicts", () => {
  it("reads nothing for 211 and 213, and everything for 212", () => {
    for (const subCode of ["211", "213"]) {
      const result = resultOf(Scenario.rejected(subCode), true)
      const ext = JSON.parse(result.ExtIdInfo)
      assert.deepStrictEqual([result.Passed, result.SubCode, ext.ocrIdInfo], ["N", subCode, ""])
      assert.isFalse("idImage" in ext)
    }
    const ext = JSON.parse(resultOf(Scenario.rejected("212"), true).ExtIdInfo)
    assert.strictEqual(JSON.parse(ext.spoofInfo).spoofResult, "Y")
    assert.isTrue("idImage" in ext)
  })

  it("sends images only if they were asked for", () => {
    const scenario = Scenario.passed({ back: true, images: { bytes: 50_000 } })
    assert.notInclude(resultOf(scenario).ExtIdInfo, "idImage")
    const ext = JSON.parse(resultOf(scenario, true).ExtIdInfo)
    assert.strictEqual(Buffer.from(ext.idImage, "base64").length, 50_000)
    assert.strictEqual(Buffer.from(ext.idBackImage, "base64").length, 50_000)
  })

  it("can give each transaction its own person", () => {
    const gateway = gatewayWith(Scenario.passed({ personPerTransaction: true }))
    assert.notStrictEqual(
      answer(gateway, false, "a").body.Result.ExtIdInfo,
      answer(gateway, false, "b").body.Result.ExtIdInfo
    )
    assert.strictEqual(
      answer(gateway, false, "a").body.Result.ExtIdInfo,
      answer(gateway, false, "a").body.Result.ExtIdInfo
    )
  })
})

describe("sequences and errors", () => {
  it("go on for a registered id, however many others are asked for", () => {
    const transactions = Transactions.make(Scenario.sequence([Scenario.notCompleted, Scenario.passed()]))
    transactions.register("hksb1", Scenario.sequence([Scenario.notCompleted, Scenario.passed()]), 0)
    const next = (id: string) => {
      const found = transactions.next(id, 0)
      return found._tag === "Answer" ? found.step._tag : found._tag
    }
    assert.strictEqual(next("hksb1"), "ErrorCode")
    for (let index = 0; index <= 100_000; index++) next(`other${index}`)
    assert.strictEqual(next("hksb1"), "Verdict")
    assert.strictEqual(next("other0"), "ErrorCode")
    assert.strictEqual(next("other100000"), "Verdict")
  })

  it("repeats the last step, or starts again", () => {
    const codes = (afterwards: "repeat-last" | "start-anew") => {
      const gateway = gatewayWith(Scenario.sequence([Scenario.notCompleted, Scenario.passed()], afterwards))
      return [1, 2, 3, 4].map(() => answer(gateway).status)
    }
    assert.deepStrictEqual(codes("repeat-last"), [404, 200, 200, 200])
    assert.deepStrictEqual(codes("start-anew"), [404, 200, 404, 200])
  })

  it("writes gateway errors in the vendor's three ways", () => {
    const of = (format: Scenario.ErrorFormat) => {
      const gateway = gatewayWith(Scenario.errorCode("Throttling.User", { format, retryAfterMillis: 40 }))
      return gateway.handle(signedRequest(checkResultQuery("t"))).response
    }
    const text = (format: Scenario.ErrorFormat) => Buffer.from(of(format).body).toString("utf8")
    assert.hasAllKeys(JSON.parse(text("json")), ["RequestId", "HostId", "Code", "Message", "Recommend"])
    assert.hasAllKeys(JSON.parse(text("json-lower-case")), ["requestId", "hostId", "code", "message", "recommend"])
    assert.match(text("xml"), /<Error>.*<Code>Throttling\.User<\/Code>.*<\/Error>$/)
    assert.strictEqual(new Map(of("xml").headers).get("content-type"), "text/xml;charset=utf-8")
    assert.strictEqual(new Map(of("json").headers).get("x-acs-retry-after"), "40")
  })

  it("sends raw answers as they are given", () => {
    const gateway = gatewayWith(
      Scenario.raw({ status: 201, headers: { "content-type": "text/plain" }, body: "aGk=", encoding: "base64" })
    )
    const { response } = gateway.handle(signedRequest(checkResultQuery("t")))
    assert.deepStrictEqual([response.status, Buffer.from(response.body).toString()], [201, "hi"])
  })
})

describe("as JSON", () => {
  const decode = Schema.decodeUnknownSync(Scenario.Scenario)

  it.each([...Scenario.wellKnown])("%s survives", (_id, scenario) => {
    assert.deepStrictEqual(decode(JSON.parse(JSON.stringify(scenario))), scenario)
  })

  it("is refused if it says something else", () => {
    assert.throws(() => decode({ _tag: "Verdict", document: "driving-licence", passed: "Y", subCode: "200" }))
    assert.throws(() => decode({ _tag: "Sequence", steps: [] }))
  })
})

it.each([
  ["hksb-throttled-twice", ["Throttling.Api", "Throttling.Api", "Success"]],
  ["hksb-pending-three", ["ProcessNotCompleted", "ProcessNotCompleted", "ProcessNotCompleted", "Success"]]
])("%s answers the same to a program that runs twice", (id, codes) => {
  const gateway = Gateway.make()
  const run = () => codes.map(() => gateway.handle(signedRequest(checkResultQuery(id))).call.code)
  assert.deepStrictEqual([run(), run()], [codes, codes])
})

it("finds well-known ids with and without a suffix, the longest first", () => {
  assert.strictEqual(Scenario.lookup("hksb-throttled-twice-1"), Scenario.wellKnown.get("hksb-throttled-twice"))
  assert.strictEqual(Scenario.lookup("hksb-throttled-1"), Scenario.wellKnown.get("hksb-throttled"))
  assert.strictEqual(Scenario.lookup("hksb-throttledx"), undefined)
})

it("gives the same bytes for the same seed", () => {
  const bytes = (seed: string) => {
    const gateway = Gateway.make({ seed, now: () => 1_700_000_000_000 })
    const { response } = gateway.handle(
      signedRequest(checkResultQuery("hksb-passed-global-passport", "IsReturnImage=Y&"), { now: 1_700_000_000_000 })
    )
    return JSON.stringify([response.headers, Buffer.from(response.body).toString("utf8")])
  }
  assert.strictEqual(bytes("1"), bytes("1"))
  assert.notStrictEqual(bytes("1"), bytes("2"))
})
