/** No answer but a clean pass is Passed, whatever is changed in it. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Document from "../src/Document.ts"
import { boolean, constantFrom, integer, oneOf } from "./fixtures/arbitraries.ts"
import { cleanPass, json, passing, success, successWith } from "./fixtures/answers.ts"
import { outcomeOfBody } from "./fixtures/results.ts"
import { escaped, placesIn, write, type Change, type Node } from "./fixtures/writing.ts"

const decisive = [
  ["Code"],
  ["Result"],
  ["Result", "Passed"],
  ["Result", "SubCode"],
  ["Result", "ExtIdInfo"],
  ["Result", "ExtIdInfo", "ocrIdPassed"],
  ["Result", "ExtIdInfo", "ocrIdInfo"],
  ["Result", "ExtIdInfo", "ocrIdInfo", "passportNo"],
  ["Result", "ExtIdInfo", "spoofInfo"],
  ["Result", "ExtIdInfo", "spoofInfo", "spoofResult"]
] as const

/** Answers that are no clean pass, by one part each. */
const doubtful: ReadonlyArray<readonly [string, Node]> = [
  ["Passed is N", { ...cleanPass, Result: { ...cleanPass.Result, Passed: "N" } }],
  ["rejected", { ...cleanPass, Result: { ...cleanPass.Result, Passed: "N", SubCode: "212" } }],
  ["the sub code is 212", { ...cleanPass, Result: { ...cleanPass.Result, SubCode: "212" } }],
  ["the code is no success", { ...cleanPass, Code: "InternalError" }],
  ...(
    [
      ["OCR did not pass", { ocrIdPassed: "N" }],
      ["the front is a risk", { spoofInfo: { spoofResult: "Y", spoofType: ["TAMPER"] } }],
      ["the back is a risk", { spoofBackInfo: { spoofResult: "Y" } }],
      ["nothing was read", { ocrIdInfo: {} }]
    ] as const
  ).map(([name, more]): readonly [string, Node] => [
    name,
    { ...cleanPass, Result: { ...cleanPass.Result, ExtIdInfo: { ...cleanPass.Result.ExtIdInfo, ...more } } }
  ])
]

const spelling = constantFrom<(key: string) => string>(
  (key) => key,
  (key) => key.toLowerCase(),
  (key) => key.toUpperCase(),
  (key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
)

const space = constantFrom("", " ", "\n\t", "  ")

const style = Arbitrary.all({
  space,
  escapes: boolean,
  encodings: integer(0, 2)
})

/** A change of one place of an answer that adds nothing which speaks for a pass. */
const changeOf = (node: Node): Arbitrary.Arbitrary<Change> =>
  Arbitrary.flatMap(constantFrom(...placesIn(node)), (at) =>
    oneOf<Change>(
      // A value that is changed could become a clean pass by chance: never to Y, N, 200 or Success.
      Arbitrary.map(
        oneOf<unknown>(json, constantFrom<unknown>(undefined, null, "", "{", "P", "y", 7, [], {})),
        (value) => ({
          _tag: "Replace",
          at,
          value
        })
      ),
      Arbitrary.map(Arbitrary.all([spelling, boolean, space, boolean]), ([spell, isEscaped, space, isFirst]) => ({
        _tag: "Double",
        at,
        spell,
        isEscaped,
        space,
        isFirst
      })),
      Arbitrary.map(spelling, (spell) => ({ _tag: "Respell", at, spell }))
    )
  )

describe("an answer that is no clean pass", () => {
  for (const [name, node] of doubtful) {
    it(`is no pass as it is: ${name}`, () => assert.notStrictEqual(outcomeOfBody(write(node)), "Passed"))

    it.prop(
      `is no pass if any part is changed, dropped, doubled or spelled otherwise: ${name}`,
      [Arbitrary.all([changeOf(node), style])],
      ([[change, how]]) => {
        // What says no is not itself taken away.
        const text = write(node, { ...how, change, keep: (at) => change._tag === "Replace" && saysNo(name, at) })
        assert.notStrictEqual(outcomeOfBody(text), "Passed")
      },
      { arbitrary: { runs: 300 } }
    )
  }
})

/** Whether a place holds the only thing that speaks against a pass. */
function saysNo(name: string, at: ReadonlyArray<string>): boolean {
  const [, , part] = at
  if (name === "the front is a risk") return part === "spoofInfo" || at.at(-1) === "ExtIdInfo" || at.length <= 1
  if (name === "the back is a risk") return part === "spoofBackInfo"
  if (name === "OCR did not pass") return part === "ocrIdPassed"
  if (name === "nothing was read") return part === "ocrIdInfo"
  return false
}

describe("a clean pass", () => {
  it.prop("stays one however it is written", [Arbitrary.all([style, spelling])], ([[how, spell]]) => {
    const text = write(cleanPass, { ...how, spell })
    assert.strictEqual(outcomeOfBody(text), "Passed")
  })

  for (const at of decisive) {
    it.prop(
      `is none if ${at.join(".")} stands twice, wherever and however`,
      [Arbitrary.all([style, spelling, boolean, space, boolean])],
      ([[how, spell, isEscaped, space, isFirst]]) => {
        const text = write(cleanPass, { ...how, change: { _tag: "Double", at, spell, isEscaped, space, isFirst } })
        assert.notStrictEqual(outcomeOfBody(text), "Passed")
      }
    )
  }

  it.each(['"Passed":"N"', '\\"Passed\\":\\"N\\"', '":":"",":":', "\\u0022Passed\\u0022:\\u0022N\\u0022", "Passed#2"])(
    "stays one if a value holds %s",
    (value) => {
      for (const body of [
        passing({ ocrIdInfo: { ...cleanPass.Result.ExtIdInfo.ocrIdInfo, surname: value } }),
        passing({ note: value }),
        passing({}, { note: value }),
        successWith({ ...cleanPass.Result, ExtIdInfo: cleanPass.Result.ExtIdInfo }, { Message: value })
      ]) {
        assert.strictEqual(outcomeOfBody(body), "Passed")
      }
    }
  )

  it("is none if the verdict stands in the prototype of every object", () => {
    const body = passing({}, { Passed: undefined, SubCode: undefined })
    const polluted = { Passed: "Y", SubCode: "200" }
    Object.assign(Object.prototype, polluted)
    const outcome = outcomeOfBody(body)
    for (const key of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, key)
    assert.strictEqual(outcome, "PassedUnreadable")
  })

  it.effect.each([201, 204, 302, 400, 404, 500, 503, 999])("with the HTTP status %i is an error", (status) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "t1" }))
      assert.deepInclude(error, { _tag: "DecodeError", httpStatus: status })
    }).pipe(Effect.provide(Cloudauth.layerTest(() => Canned.response(passing(), status))))
  )

  it("that is cut off anywhere is none", () => {
    const body = passing()
    for (let end = 0; end < body.length; end++) {
      assert.notStrictEqual(outcomeOfBody(body.slice(0, end)), "Passed")
      const ext = JSON.stringify(cleanPass.Result.ExtIdInfo)
      if (end < ext.length) {
        assert.notStrictEqual(outcomeOfBody(success({}, { ExtIdInfo: ext.slice(0, end) })), "Passed")
      }
    }
  })
})

const envelope = (result: string, more = "") => `{"RequestId":"r","Code":"Success"${more},"Result":${result}}`
const clear = cleanPass.Result.ExtIdInfo
const clearText = JSON.stringify(JSON.stringify(clear))

/** Answers that were once a pass. */
const found: ReadonlyArray<readonly [string, string, Document.Kind?]> = [
  [
    "Code and code contradict each other",
    `{"Code":"Success","code":"InternalError","Result":{"Passed":"Y","SubCode":"200","ExtIdInfo":${clearText}}}`
  ],
  [
    "two Results",
    `{"Code":"Success","Result":{"Passed":"N","SubCode":"212"},"Result":{"Passed":"Y","SubCode":"200","ExtIdInfo":${clearText}}}`
  ],
  [
    "Result and result",
    `{"Code":"Success","result":{"Passed":"N","SubCode":"212"},"Result":{"Passed":"Y","SubCode":"200","ExtIdInfo":${clearText}}}`
  ],
  [
    "two ExtIdInfo, the first with a risk",
    envelope(
      `{"Passed":"Y","SubCode":"200","ExtIdInfo":"{\\"spoofInfo\\":{\\"spoofResult\\":\\"Y\\"}}","ExtIdInfo":${clearText}}`
    )
  ],
  [
    "extIdInfo with a risk beside ExtIdInfo",
    envelope(
      `{"Passed":"Y","SubCode":"200","extIdInfo":"{\\"spoofInfo\\":{\\"spoofResult\\":\\"Y\\"}}","ExtIdInfo":${clearText}}`
    )
  ],
  ["SpoofInfo beside spoofInfo", passing({ SpoofInfo: { spoofResult: "Y" } })],
  ["spoof_info with a risk", passing({ spoofInfo: undefined, spoof_info: { spoof_result: "Y" } })],
  ["SPOOFRESULT with a risk", passing({ spoofInfo: { SPOOFRESULT: "Y" } })],
  ["spoofResult twice", passing().replace('spoofResult\\":\\"N', 'spoofResult\\":\\"Y\\",\\"spoofResult\\":\\"N')],
  ["OcrIdPassed beside ocrIdPassed", passing({ OcrIdPassed: "N" })],
  ["Passed twice, once with white space before its colon", passing().replace('"Passed"', '"Passed" :"N","Passed"')],
  ["spoofInfo in a list", passing({ spoofInfo: [{ spoofResult: "Y" }] })],
  [
    "another document's fields",
    passing({ ocrIdInfo: { name: "A", idNumber: "11", address: "z", ethnicity: "h" } }),
    Document.GlobalPassport
  ],
  ["text behind the answer", `${passing()}garbage`],
  ["two answers", passing() + successWith({ Passed: "N", SubCode: "212" })],
  [
    "the verdict below __proto__",
    `{"Code":"Success","Result":{"__proto__":{"Passed":"Y","SubCode":"200","ExtIdInfo":${clearText}}}}`
  ],
  [
    "a key with a long s",
    `{"Code":"Success","Result":{"Pa\u017f\u017fED":"Y","SubCode":"200","ExtIdInfo":${clearText}}}`
  ],
  ["a key in Cyrillic", `{"Code":"Success","Result":{"P\u0430ssed":"Y","SubCode":"200","ExtIdInfo":${clearText}}}`],
  ["a full-width Y", passing({}, { Passed: "\uff39" })],
  ["a sub code with NUL", passing({}, { SubCode: "200\u0000" })],
  ["the answer of another operation", `{"Code":"Success","Result":{"TransactionId":"t","Passed":"Y","SubCode":"200"}}`],
  ["a captive portal", `<html><Code>Success</Code><script>${passing()}</script></html>`]
]

describe("an answer that was once taken for a pass is none any more", () => {
  for (const [name, body, document] of found) {
    it(name, () => assert.notStrictEqual(outcomeOfBody(body, { document }), "Passed"))
  }

  it("whatever keys of it are escaped", () => {
    for (const [, body, document] of found.slice(0, 10)) {
      for (const key of ["Passed", "SubCode", "Result", "Code"]) {
        assert.notStrictEqual(outcomeOfBody(body.replaceAll(`"${key}"`, `"${escaped(key)}"`), { document }), "Passed")
      }
    }
  })
})
