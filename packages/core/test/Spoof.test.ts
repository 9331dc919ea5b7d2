import { describe, expect, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as Answer from "../src/Answer.ts"
import * as Spoof from "../src/Spoof.ts"
import * as Result from "effect/Result"
import { json, success } from "./fixtures/answers.ts"

const spoofOf = (spoofInfo: unknown) => Result.getOrThrow(Answer.decode(success({ spoofInfo })))

describe("Spoof.make", () => {
  it.each([
    ["Y", "Risk"],
    ["N", "Clear"],
    [undefined, "NotReported"],
    [null, "NotReported"],
    ["", "NotReported"],
    ["x", "NotReported"],
    [true, "NotReported"],
    [{}, "NotReported"]
  ] as const)("%j is %s", (result, tag) => {
    expect(Spoof.make(result, [])).toEqual({ _tag: tag, types: [] })
  })

  it("keeps the types whatever the result says: the vendor shows N with a type, too", () => {
    expect(Spoof.make("N", ["SCREEN_REMARK"])).toEqual({ _tag: "Clear", types: ["SCREEN_REMARK"] })
    expect(Spoof.make("Y", [])).toEqual({ _tag: "Risk", types: [] })
  })
})

describe("Spoof.readTypes", () => {
  it.each([
    [undefined, []],
    [null, []],
    ["", []],
    [[], []],
    ["TAMPER", ["TAMPER"]],
    [["TAMPER"], ["TAMPER"]],
    [
      ["SCREEN_REMARK", "PHOTO_COPY"],
      ["SCREEN_REMARK", "PHOTO_COPY"]
    ],
    [["", "TAMPER"], ["TAMPER"]],
    [["NEW_KIND_OF_ATTACK"], ["NEW_KIND_OF_ATTACK"]]
  ])("%j is %j", (wire, types) => {
    expect(Spoof.readTypes(wire)).toEqual(types)
  })

  it.each([[1], [true], [{}], [[1]], [["TAMPER", null]], [[["TAMPER"]]]])("%j is neither text nor a list", (wire) => {
    expect(Spoof.readTypes(wire)).toBeUndefined()
  })

  it("gives text only, for any JSON", () => {
    fc.assert(fc.property(json, (wire) => (Spoof.readTypes(wire) ?? []).every((type) => typeof type === "string")))
  })
})

describe("spoofInfo in an answer", () => {
  it("reads the vendor's example", () => {
    const result = spoofOf({ spoofResult: "Y", spoofType: ["SCREEN_REMARK"] })
    expect(result.spoof).toEqual({
      front: { _tag: "Risk", types: ["SCREEN_REMARK"] },
      back: { _tag: "NotReported", types: [] }
    })
    expect(result.warnings).toEqual([])
  })

  it("reads the back apart from the front", () => {
    const body = success({
      spoofInfo: '{"spoofResult":"N","spoofType":""}',
      spoofBackInfo: { spoofResult: "Y", spoofType: "PHOTO_COPY" }
    })
    expect(Result.getOrThrow(Answer.decode(body)).spoof).toEqual({
      front: { _tag: "Clear", types: [] },
      back: { _tag: "Risk", types: ["PHOTO_COPY"] }
    })
  })

  it("lists a type that is no text under the warnings, and keeps the decision", () => {
    const result = spoofOf({ spoofResult: "Y", spoofType: 7 })
    expect(result.spoof.front).toEqual({ _tag: "Risk", types: [] })
    expect(result.warnings.map(({ path }) => path)).toEqual(["Result.ExtIdInfo.spoofInfo.spoofType"])
  })

  it.each(["X", 1, true, "y", "Yes", []])(
    "lists the result %j, which is neither Y nor N, under the warnings",
    (spoofResult) => {
      const result = spoofOf({ spoofResult })
      expect(result.warnings.map(({ path }) => path)).toEqual(["Result.ExtIdInfo.spoofInfo.spoofResult"])
    }
  )
})
