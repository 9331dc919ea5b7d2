import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { classify } from "../src/internal/decode/classify.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import * as ResponseCode from "../src/ResponseCode.ts"
import { bytesOf, failure } from "./fixtures/answers.ts"
import { constantFrom, integer, oneOf, utf16 } from "./fixtures/arbitraries.ts"
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
    assert.deepStrictEqual(
      ofPage.map(([code, { status }]) => ({ status, code })),
      failures
    )
  })

  it.each(failures)("$code ($status) becomes a class of its own", ({ code, status }) => {
    assert.strictEqual(code in classes && ResponseCode.facts(code, status).error, classes[code as keyof typeof classes]) // 'in' has shown it
    assert.deepInclude(errorOf(code, status), {
      _tag: classes[code as keyof typeof classes],
      code,
      httpStatus: status
    })
    assert.strictEqual(new Set(Object.values(classes)).size, failures.length)
  })

  it.each(gateway)("%s becomes %s, retried: %s", (code, tag, retry) => {
    for (const status of [200, 400, 403, 404, 500]) {
      const error = errorOf(code, status)
      assert.strictEqual(error._tag, tag)
      assert.strictEqual(CloudauthError.retryClass(error), retry)
    }
  })

  it("has nothing but the page's and the gateway's codes", () => {
    assert.deepStrictEqual(
      Object.keys(ResponseCode.table).sort(),
      [...Object.keys(classes), ...gateway.map(([code]) => code)].sort()
    )
  })

  it("retries what the policy is for", () => {
    const retries = Object.fromEntries(
      failures.map(({ code, status }) => [code, ResponseCode.facts(code, status).retry])
    )
    assert.deepStrictEqual(retries, {
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
      assert.match(meaning, /\.$/)
      assert.isAbove(advice.length, 20)
    }
    assert.include(ResponseCode.table["Forbidden.RAMUserAccessDenied"].advice, "AliyunAntCloudAuthFullAccess")
  })
})

describe("ResponseCode.facts", () => {
  it("compares without case", () => {
    for (const [code, facts] of Object.entries(ResponseCode.table)) {
      assert.deepStrictEqual(ResponseCode.facts(code.toUpperCase(), 0), facts)
      assert.deepStrictEqual(ResponseCode.facts(code.toLowerCase(), 0), facts)
    }
  })

  it.prop(
    "takes anything that starts with Throttling for throttling, whatever its status",
    [utf16, integer(200, 599)],
    ([rest, status]) => {
      assert.deepInclude(ResponseCode.facts(`Throttling${rest}`, status), { error: "Throttled", retry: "throttle" })
      assert.strictEqual(errorOf(`throttling.${rest}`, status)._tag, "Throttled")
    }
  )

  it.each([
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
    "",
    "Unknown.Code",
    "Forbid",
    "Key.Access",
    "Sign"
  ])("does not know %j", (code) => {
    for (const status of [0, 200, 302, 400, 401, 403, 404, 409, 429, 499]) {
      assert.deepInclude(ResponseCode.facts(code, status), { error: "UnknownResponseCode", retry: "never" })
    }
  })

  it.prop(
    "never throws, and always has advice",
    [utf16, Schema.Int],
    ([code, status]) => ResponseCode.facts(code, status).advice !== ""
  )

  it("knows success without case, and nothing else as success", () => {
    assert.isTrue(["Success", "SUCCESS", "success"].every(ResponseCode.isSuccess))
    assert.isFalse(["", "Succes", "Success.", "Throttling"].some(ResponseCode.isSuccess))
  })
})

/** Codes that the table does not have: their form says whose fault they are. */
const byForm: ReadonlyArray<
  [status: ReadonlyArray<number>, tag: ResponseCode.ErrorTag, retry: ResponseCode.RetryClass, codes: string]
> = [
  [[401, 403], "RamUserAccessDenied", "never", "Forbidden Forbidden.RAM Forbidden.NoPermission Forbidden.Some.Thing"],
  [[401, 403], "RamUserAccessDenied", "never", "NoPermission NoPermission.xyz NoPermission_xyz User.NoPermission"],
  [[401, 403], "RamUserAccessDenied", "never", "AccessDenied PermissionDenied Denied.ByPolicy Access.Denied"],
  [[401, 403], "RamUserAccessDenied", "never", "Unauthorized UnauthorizedOperation Unauthorised User.Unauthorized"],
  [[401, 403], "RamUserAccessDenied", "never", "NotAuthorized NotAuthorized.xyz OperationNotAuthorised Not.Authorized"],
  [[401, 403], "RamUserAccessDenied", "never", "Forbidden.AccessKeyDisabled"],
  [
    [200, 400, 404],
    "UnknownResponseCode",
    "never",
    "Forbidden.RAM NoPermission AccessDenied Unauthorized NotAuthorized"
  ],
  [[400, 401, 403, 404], "InvalidAccessKey", "never", "InvalidAccessKeyId InvalidAccessKeyId.Some AccessKeyDisabled"],
  [[400, 401, 403, 404], "InvalidAccessKey", "never", "MissingAccessKeyId InvalidAccessKeySecret Some.AccessKey.Else"],
  [
    [400, 401, 403, 404],
    "InvalidAccessKey",
    "never",
    "InvalidSecurityToken InvalidSecurityToken.MismatchWithAccessKey"
  ],
  [[400, 401, 403, 404], "InvalidAccessKey", "never", "MissingSecurityToken SecurityToken.Some Security_Token_Wrong"],
  [[400, 401, 403], "SecurityTokenExpired", "credentials", "SecurityTokenExpired InvalidSecurityToken.IsExpired"],
  [[400, 401, 403], "SignatureRejected", "never", "SignatureDoesNotMatch.Some SignatureTypeMismatch Signature"],
  [[400, 401, 403], "SignatureRejected", "never", "IncompleteSignature.Some InvalidSignature InvalidSignatureMethod"],
  [[400, 401, 403], "SignatureRejected", "transient", "SignatureNonceUsed.Some InvalidSignatureNonce"],
  [
    [400, 401, 403],
    "ClockSkewed",
    "clock",
    "InvalidTimeStamp InvalidTimeStamp.Format IllegalTimestamp.Some TimestampOff"
  ],
  [[400, 401, 403], "ClockSkewed", "clock", "SignatureTimestampExpired"],
  [[500, 501, 502, 504, 599], "ServiceFailed", "transient", "SystemError SystemError.Some Unknown.Code Forbidden.RAM"],
  [[503], "ServiceDown", "transient", "SystemError ServiceBusy Unknown.Code AccessDenied"]
]

describe("a code that the table does not have", () => {
  for (const [statuses, tag, retry, codes] of byForm) {
    it(`is ${tag} at ${statuses.join(", ")}: ${codes}`, () => {
      for (const status of statuses) {
        for (const code of codes.split(" ").flatMap((code) => [code, code.toUpperCase(), code.toLowerCase()])) {
          const error = errorOf(code, status)
          assert.deepStrictEqual([code, status, error._tag], [code, status, tag])
          assert.strictEqual(CloudauthError.retryClass(error), retry)
          const { advice, meaning } = ResponseCode.facts(code, status)
          assert.strictEqual(error.advice, advice)
          assert.include(error.message, meaning.replace(/\.$/, ""))
        }
      }
    })
  }

  it("says what to do: grant the permission, look at the key", () => {
    assert.include(errorOf("NoPermission", 403).advice, "AliyunAntCloudAuthFullAccess")
    assert.include(errorOf("InvalidAccessKeyId.Some", 404).advice, "access key")
    assert.deepStrictEqual(CloudauthError.categories(errorOf("Forbidden.RAM", 403)), ["auth"])
    assert.deepStrictEqual(CloudauthError.categories(errorOf("SystemError", 500)), ["retryable"])
  })
})

describe("facts that stand in no table", () => {
  const codes = new Set(Object.keys(ResponseCode.table).map((code) => code.toLowerCase()))
  const code = Arbitrary.filter(
    oneOf(utf16, constantFrom("Throttled", "ThrottlingNew", "")),
    (text) => !codes.has(text.toLowerCase())
  )

  it.prop(
    "are those of the gateway, with a meaning and an advice",
    [code, oneOf(integer(100, 599), constantFrom(429))],
    ([code, status]) => {
      for (const facts of [ResponseCode.facts(code, status), ResponseCode.factsOfStatus(status)]) {
        if (facts === undefined) continue
        assert.deepInclude(facts, { status, source: "gateway" })
        assert.match(facts.meaning, /\.$/)
        assert.isAbove(facts.advice.length, 20)
      }
    }
  )
})

describe("ResponseCode.factsOfStatus", () => {
  it("is throttling for 429, transient for 5xx, never retried for the rest, and silent for 2xx", () => {
    for (let status = 100; status < 600; status++) {
      const facts = ResponseCode.factsOfStatus(status)
      const expected = status === 429 ? "throttle" : status >= 500 ? "transient" : "never"
      if (status >= 200 && status < 300) assert.isUndefined(facts)
      else assert.deepStrictEqual([status, facts?.retry], [status, expected])
    }
  })
})
