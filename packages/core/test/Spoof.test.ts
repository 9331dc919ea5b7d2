import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Spoof from "../src/Spoof.ts"
import { passing } from "./fixtures/answers.ts"
import { resultOf } from "./fixtures/results.ts"

const front = (spoofInfo: unknown, idSpoof?: boolean) =>
  resultOf(passing({ spoofInfo }), idSpoof === undefined ? {} : { idSpoof }).spoof.front

describe("the anti-spoofing check", () => {
  it.each([
    ["Y", true, "Risk"],
    ["Y", false, "Risk"],
    ["Y", undefined, "Risk"],
    ["N", true, "Clear"],
    ["N", false, "NotRequested"],
    ["N", undefined, "Unconfirmed"],
    ["", true, "NotReported"],
    ["", false, "NotRequested"],
    ["", undefined, "NotReported"],
    ["y", true, "NotReported"]
  ] as const)("with the result %j is, if it was asked for: %j, %s", (spoofResult, idSpoof, tag) => {
    assert.deepStrictEqual(front({ spoofResult, spoofType: "" }, idSpoof), { _tag: tag, types: [] })
  })

  it("that is absent is not reported", () => {
    for (const absent of [undefined, null, "", "{}"]) assert.strictEqual(front(absent, true)._tag, "NotReported")
  })

  it("of the back is apart from the front's", () => {
    const { spoof } = resultOf(
      passing({
        spoofInfo: '{"spoofResult":"N","spoofType":""}',
        spoofBackInfo: { spoofResult: "Y", spoofType: "PHOTO_COPY" }
      }),
      { idSpoof: true }
    )
    assert.deepStrictEqual(spoof, {
      front: { _tag: "Clear", types: [] },
      back: { _tag: "Risk", types: ["PHOTO_COPY"] }
    })
  })

  it.each([
    ["TAMPER", ["TAMPER"]],
    [
      ["SCREEN_REMARK", "PHOTO_COPY"],
      ["SCREEN_REMARK", "PHOTO_COPY"]
    ],
    [["", "TAMPER"], ["TAMPER"]],
    ["NEW_KIND_OF_ATTACK", ["NEW_KIND_OF_ATTACK"]],
    [null, []],
    ["", []],
    [[], []]
  ])("keeps the types %j whatever the result is", (spoofType, types) => {
    assert.deepStrictEqual(front({ spoofResult: "Y", spoofType }), { _tag: "Risk", types })
    assert.deepStrictEqual(front({ spoofResult: "N", spoofType }, true), { _tag: "Clear", types })
  })

  it.each([[1], [true], [{}], [[1]], [["TAMPER", null]], [[["TAMPER"]]]])(
    "keeps its result, with a warning, if the type is %j",
    (spoofType) => {
      const result = resultOf(passing({ spoofInfo: { spoofResult: "Y", spoofType } }))
      assert.deepStrictEqual(result.spoof.front, { _tag: "Risk", types: [] })
      assert.deepStrictEqual(
        result.warnings.map(({ path }) => path),
        ["Result.ExtIdInfo.spoofInfo.spoofType"]
      )
    }
  )

  it("has the server's types bounded and cleaned, since they are printed", () => {
    const { types } = front({
      spoofResult: "Y",
      spoofType: ["\u001b[31m<b>李", ...Array<string>(50).fill("x".repeat(500))]
    })
    assert.lengthOf(types, 20)
    assert.deepStrictEqual(types.slice(0, 2), ["??31m?b??", "x".repeat(100)])
  })
})

describe("Spoof", () => {
  it.prop("is one of five, with printable types", [Spoof.Spoof], ([spoof]) => {
    assert.include(["NotRequested", "NotReported", "Unconfirmed", "Clear", "Risk"], spoof._tag)
    for (const type of spoof.types) assert.include(Spoof.knownTypes, type)
  })

  it("refuses types that can't be printed", () => {
    assert.isFalse(Schema.is(Spoof.Spoof)({ _tag: "Risk", types: ["Mr Li"] }))
  })
})
