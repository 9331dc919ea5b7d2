/** Evidence that is there but can't be read may be the evidence of a risk: it must never end in a pass. */
import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Answer from "../../src/Answer.ts"

const verdict = (ExtIdInfo: unknown): string => {
  const body = { RequestId: "r", Code: "Success", Result: { Passed: "Y", SubCode: "200", ExtIdInfo } }
  return Result.getOrThrow(Answer.decode(JSON.stringify(body))).verdict._tag
}

const broken: ReadonlyArray<unknown> = ['{"spoofResult":"Y"', "[]", "text", 7, true, ["Y"], '"{"', "[".repeat(5000)]

describe("a pass that something unreadable stands against", () => {
  it.each(broken.map((value) => [JSON.stringify(value).slice(0, 30), value] as const))(
    "ExtIdInfo %s",
    (_, ExtIdInfo) => {
      expect(verdict(ExtIdInfo)).toBe("Inconclusive")
    }
  )

  it.each(["spoofInfo", "spoofBackInfo"])("%s", (key) => {
    for (const value of broken) expect(verdict(JSON.stringify({ [key]: value }))).toBe("Inconclusive")
  })

  it("spoofResult in a form that nobody documented", () => {
    for (const spoofResult of ["y", "YES", "?", 1, true, [], {}]) {
      expect(verdict(JSON.stringify({ spoofInfo: { spoofResult } }))).toBe("Inconclusive")
    }
  })
})

describe("a pass that nothing stands against", () => {
  it.each([undefined, null, "", "{}", {}, '{"spoofInfo":""}', '{"spoofInfo":{"spoofResult":"N"}}'])(
    "%j",
    (ExtIdInfo) => {
      expect(verdict(ExtIdInfo)).toBe("Passed")
    }
  )

  it("fields that can't be read are a warning, as they are no evidence", () => {
    expect(verdict('{"ocrIdInfo":"{","spoofInfo":{"spoofResult":"N"}}')).toBe("Passed")
  })
})
