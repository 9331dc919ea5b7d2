import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { classify } from "../src/internal/answer.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import * as ResponseCode from "../src/ResponseCode.ts"
import { bytesOf, failure } from "./fixtures/answers.ts"
import { utf16 } from "./fixtures/text.ts"
import { responseCodes } from "./fixtures/vendorPage.ts"

const failures = responseCodes.filter(({ code }) => code !== "Success")

/** What each code of the vendor's page must become: one class each. */
const classes = {
  MissingParameter: "MissingParameter",
  InvalidParameter: "InvalidParameter",
  TransactionIdInvalid: "TransactionIdInvalid",
  "Forbidden.RAMUserAccessDenied": "RamUserAccessDenied",
  "Forbidden.AccountAccessDenied": "AccountAccessDenied",
  "Throttling.Api": "Throttled",
  ProcessNotCompleted: "ProcessNotCompleted",
  InternalError: "ServiceFailed"
} as const

const gateway: ReadonlyArray<[code: string, tag: string, retry: ResponseCode.RetryClass]> = [
  ["InvalidAccessKeyId.NotFound", "InvalidAccessKey", "never"],
  ["InvalidAccessKeyId.Inactive", "InvalidAccessKey", "never"],
  ["SignatureDoesNotMatch", "SignatureRejected", "never"],
  ["IncompleteSignature", "SignatureRejected", "never"],
  ["SignatureNonceUsed", "SignatureRejected", "transient"],
  ["InvalidTimeStamp.Expired", "ClockSkewed", "clock"],
  ["IllegalTimestamp", "ClockSkewed", "clock"],
  ["InvalidSecurityToken.Expired", "SecurityTokenExpired", "credentials"],
  ["InvalidSecurityToken.Malformed", "InvalidAccessKey", "never"],
  ["Throttling", "Throttled", "throttle"],
  ["Throttling.User", "Throttled", "throttle"],
  ["ServiceUnavailable", "ServiceDown", "transient"],
  ["InvalidAction.NotFound", "InvalidParameter", "never"],
  ["InvalidVersion", "InvalidParameter", "never"],
  ["UnsupportedHTTPMethod", "InvalidParameter", "never"]
]

const errorOf = (code: string, status: number): CloudauthError.CloudauthError => {
  const result = classify({ status, headers: {}, body: [bytesOf(failure(code))], receivedAt: 0, attempt: 1 })
  if (Result.isSuccess(result)) throw new Error("expected a failure")
  return result.failure
}

describe("the table of response codes", () => {
  it("has exactly the failures of the vendor's page, in its order, with their statuses", () => {
    const ofPage = Object.entries<ResponseCode.Facts>(ResponseCode.table).filter(([, { source }]) => source === "page")
    expect(ofPage.map(([code, { status }]) => ({ status, code }))).toEqual(failures)
  })

  it.each(failures)("$code ($status) becomes a class of its own", ({ code, status }) => {
    expect(code in classes && ResponseCode.facts(code, status).error).toBe(classes[code as keyof typeof classes]) // 'in' has shown it
    expect(errorOf(code, status)).toMatchObject({
      _tag: classes[code as keyof typeof classes],
      code,
      httpStatus: status
    })
    expect(new Set(Object.values(classes)).size).toBe(failures.length)
  })

  it.each(gateway)("%s becomes %s, retried: %s", (code, tag, retry) => {
    for (const status of [200, 400, 403, 404, 500]) {
      const error = errorOf(code, status)
      expect(error._tag).toBe(tag)
      expect(CloudauthError.retryClass(error)).toBe(retry)
    }
  })

  it("has nothing but the page's and the gateway's codes", () => {
    expect(Object.keys(ResponseCode.table).sort()).toEqual(
      [...Object.keys(classes), ...gateway.map(([code]) => code)].sort()
    )
  })

  it("retries what the policy is for", () => {
    const retries = Object.fromEntries(
      failures.map(({ code, status }) => [code, ResponseCode.facts(code, status).retry])
    )
    expect(retries).toEqual({
      MissingParameter: "never",
      InvalidParameter: "never",
      TransactionIdInvalid: "never",
      "Forbidden.RAMUserAccessDenied": "never",
      "Forbidden.AccountAccessDenied": "never",
      "Throttling.Api": "throttle",
      ProcessNotCompleted: "poll",
      InternalError: "transient"
    })
  })

  it("has a meaning and an advice for each", () => {
    for (const { advice, meaning } of Object.values(ResponseCode.table)) {
      expect(meaning).toMatch(/\.$/)
      expect(advice.length).toBeGreaterThan(20)
    }
    expect(ResponseCode.table["Forbidden.RAMUserAccessDenied"].advice).toContain("AliyunAntCloudAuthFullAccess")
  })
})

describe("ResponseCode.facts", () => {
  it("compares without case", () => {
    for (const [code, facts] of Object.entries(ResponseCode.table)) {
      expect(ResponseCode.facts(code.toUpperCase(), 0)).toEqual(facts)
      expect(ResponseCode.facts(code.toLowerCase(), 0)).toEqual(facts)
    }
  })

  it("takes anything that starts with Throttling for throttling, whatever its status", () => {
    fc.assert(
      fc.property(utf16, fc.integer({ min: 200, max: 599 }), (rest, status) => {
        expect(ResponseCode.facts(`Throttling${rest}`, status)).toMatchObject({ error: "Throttled", retry: "throttle" })
        expect(errorOf(`throttling.${rest}`, status)._tag).toBe("Throttled")
      })
    )
  })

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty", "", "Unknown.Code"])(
    "does not know %j",
    (code) => {
      expect(ResponseCode.facts(code, 400)).toMatchObject({ error: "UnknownResponseCode", retry: "never" })
      expect(ResponseCode.facts(code, 500)).toMatchObject({ error: "UnknownResponseCode", retry: "transient" })
    }
  )

  it("never throws, and success is no failure's code", () => {
    fc.assert(fc.property(utf16, fc.integer(), (code, status) => ResponseCode.facts(code, status).advice !== ""))
    expect(["Success", "SUCCESS", "success"].every(ResponseCode.isSuccess)).toBe(true)
    expect(["", "Succes", "Success.", "Throttling"].some(ResponseCode.isSuccess)).toBe(false)
  })
})

describe("facts that stand in no table", () => {
  it("are those of the gateway, with a meaning and an advice", () => {
    const unknown = fc.oneof(utf16, fc.constantFrom("Throttled", "ThrottlingNew", ""))
    const code = unknown.filter((text) => !codes.has(text.toLowerCase()))
    fc.assert(
      fc.property(code, fc.oneof(fc.integer({ min: 100, max: 599 }), fc.constant(429)), (code, status) => {
        for (const facts of [ResponseCode.facts(code, status), ResponseCode.factsOfStatus(status)]) {
          if (facts === undefined) continue
          expect(facts).toMatchObject({ status, source: "gateway" })
          expect(facts.meaning).toMatch(/\.$/)
          expect(facts.advice.length).toBeGreaterThan(20)
        }
      })
    )
  })

  const codes = new Set(Object.keys(ResponseCode.table).map((code) => code.toLowerCase()))
})

describe("ResponseCode.factsOfStatus", () => {
  it("is throttling for 429, transient for 5xx, never retried for the rest, and silent for 2xx", () => {
    for (let status = 100; status < 600; status++) {
      const facts = ResponseCode.factsOfStatus(status)
      const expected = status === 429 ? "throttle" : status >= 500 ? "transient" : "never"
      if (status >= 200 && status < 300) expect(facts).toBeUndefined()
      else expect([status, facts?.retry]).toEqual([status, expected])
    }
  })
})
