import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { classify } from "../src/internal/answer.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import { bytesOf } from "./fixtures/answers.ts"
import { everyError } from "./fixtures/errors.ts"

const hidden = "hidden-canary"
const errors = everyError(hidden).map((error) => [error._tag, error] as const)

const withoutHidden = (error: CloudauthError.CloudauthError) =>
  Object.fromEntries(Object.entries(error).filter(([, value]) => !Redacted.isRedacted(value)))

/** The tags that the project promises, by hand. */
const promised = [
  "MissingParameter",
  "InvalidParameter",
  "TransactionIdInvalid",
  "RamUserAccessDenied",
  "AccountAccessDenied",
  "Throttled",
  "ProcessNotCompleted",
  "ServiceFailed",
  "SignatureRejected",
  "InvalidAccessKey",
  "SecurityTokenExpired",
  "ClockSkewed",
  "ServiceDown",
  "UnknownResponseCode",
  "TransportError",
  "CallTimeout",
  "DecodeError",
  "CredentialsError",
  "InvalidRequest"
]

describe("the errors", () => {
  it("are the promised classes, one each", () => {
    expect(errors.map(([tag]) => tag)).toEqual(promised)
    expect(new Set(errors.map(([, error]) => error.constructor)).size).toBe(promised.length)
  })

  it.each(errors)("%s is an Error that effects can fail with, catchable by its tag", async (tag, error) => {
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe(tag)
    const caught = await Effect.runPromise(
      Effect.catchTag(error as Effect.Effect<never, CloudauthError.CloudauthError>, error._tag, (same) =>
        // an error is an effect that fails
        Effect.succeed(same)
      )
    )
    expect(caught).toBe(error)
    const others = Effect.catchTag(
      Effect.fail<CloudauthError.CloudauthError>(error),
      error._tag === "Throttled" ? "ServiceFailed" : "Throttled",
      () => Effect.succeed("caught")
    )
    expect(await Effect.runPromise(Effect.flip(others))).toBe(error)
  })

  it.each(errors)("%s says its code, its facts and its advice, never what the server said", (tag, error) => {
    expect(error.message).toContain(tag)
    expect(error.message).toContain(error.code)
    expect(error.message).toContain(error.advice)
    expect(error.message).toContain("2 attempts")
    if (error.httpStatus !== undefined) expect(error.message).toContain("HTTP 403")
    if (error.requestId !== undefined) expect(error.message).toContain("request request1")
    for (const text of [
      error.message,
      String(error),
      error.stack,
      JSON.stringify(error),
      Cause.pretty(Cause.fail(error))
    ]) {
      expect(text).not.toContain(hidden)
    }
  })

  it.each(errors)("%s encodes its facts, and none of what it hides", (_, error) => {
    for (const schema of [CloudauthError.CloudauthError, Schema.toCodecJson(CloudauthError.CloudauthError)]) {
      const text = JSON.stringify(Schema.encodeSync(schema)(error))
      expect(text).not.toContain(hidden)
      const { advice, attempts, code } = error
      expect(JSON.parse(text)).toMatchObject({ advice, attempts, code })
    }
  })

  it.each(errors)("%s comes back from its encoded form without the hidden parts", (_, error) => {
    const codec = Schema.toCodecJson(CloudauthError.CloudauthError)
    const encoded: object = JSON.parse(JSON.stringify(Schema.encodeSync(codec)(error)))
    const forged = { ...encoded, serverMessage: hidden, body: hidden, underlying: hidden }
    for (const received of [encoded, forged]) {
      const decoded = Schema.decodeUnknownSync(codec)(received)
      expect(decoded.constructor).toBe(error.constructor)
      expect(decoded.message).toBe(error.message)
      expect({ ...decoded }).toEqual(withoutHidden(error))
    }
  })

  it("encodes a connection error that holds a real Error", () => {
    const failed = new CloudauthError.TransportError({
      code: "TransportError",
      httpStatus: undefined,
      requestId: undefined,
      attempts: 4,
      advice: "Check the network.",
      reason: "the connection failed: ECONNRESET",
      underlying: Redacted.make(new Error(hidden, { cause: new Error(hidden) }))
    })
    const encoded = Schema.encodeSync(Schema.toCodecJson(CloudauthError.CloudauthError))(failed)
    expect(JSON.stringify(encoded)).not.toContain(hidden)
    expect(encoded).toMatchObject({ _tag: "TransportError", reason: "the connection failed: ECONNRESET", attempts: 4 })
  })

  it("have identifiers of their own package, so that OpenAPI can tell them from an application's", () => {
    expect(CloudauthError.CloudauthError.members.map(({ identifier }) => identifier)).toEqual(
      promised.map((tag) => `@effect-cloudauth/core/${tag}`)
    )
  })

  it("have no tag of an error that Effect's combinators and HTTP errors have", () => {
    const ofEffect = [new Cause.TimeoutError(), ...Object.values(HttpApiError)].flatMap((value) =>
      Predicate.hasProperty(value, "_tag") ? [value._tag] : typeof value === "function" ? [value.name] : []
    )
    expect(ofEffect).toContain("TimeoutError")
    expect(ofEffect).toContain("ServiceUnavailable")
    expect(promised.filter((tag) => ofEffect.includes(tag))).toEqual([])
  })

  it("say what happened and what to do, as a whole", () => {
    const messages = Object.fromEntries(errors.map(([tag, error]) => [tag, error.message]))
    expect(messages["Throttled"]).toBe(
      "Throttled: API request is blocked due to throttling. (code Throttling.Api, HTTP 403, request request1, 2 attempts). Do something about it."
    )
    expect(messages["CallTimeout"]).toBe(
      "CallTimeout: the attempt took longer than 10000 ms (2 attempts). Do something about it."
    )
    expect(messages["InvalidRequest"]).toContain("merchantBizId must be letters and digits")
  })

  it("says that nothing was sent", () => {
    expect(CloudauthError.invalidRequest("region", "a region id").message).toContain("not sent")
    expect(CloudauthError.credentialsError("no key").message).toContain("no key")
  })

  it("does not call throttling unknown where a proxy throttles without a code", () => {
    const answer = { status: 429, headers: {}, body: [bytesOf("slow down")], receivedAt: 0, attempt: 1 }
    const error = Result.flip(classify(answer))
    expect(Result.isSuccess(error) && error.success._tag).toBe("Throttled")
    expect(Result.isSuccess(error) && error.success.message).toContain("throttling")
  })
})

describe("CloudauthError.retryClass", () => {
  it("is data: what each class of failure is", () => {
    expect(Object.fromEntries(errors.map(([tag, error]) => [tag, CloudauthError.retryClass(error)]))).toEqual({
      MissingParameter: "never",
      InvalidParameter: "never",
      TransactionIdInvalid: "never",
      RamUserAccessDenied: "never",
      AccountAccessDenied: "never",
      Throttled: "throttle",
      ProcessNotCompleted: "poll",
      ServiceFailed: "transient",
      SignatureRejected: "never",
      InvalidAccessKey: "never",
      SecurityTokenExpired: "credentials",
      ClockSkewed: "clock",
      ServiceDown: "transient",
      UnknownResponseCode: "never",
      TransportError: "transient",
      CallTimeout: "transient",
      DecodeError: "never",
      CredentialsError: "never",
      InvalidRequest: "never"
    })
  })

  it("does not retry a call whose deadline is over", () => {
    const error = new CloudauthError.CallTimeout({
      code: "CallTimeout",
      httpStatus: undefined,
      requestId: undefined,
      attempts: 3,
      advice: "Wait.",
      limit: "deadline",
      after: 30_000
    })
    expect(CloudauthError.retryClass(error)).toBe("never")
  })
})

describe("CloudauthError.categories", () => {
  it("is data: what each error means for the caller", () => {
    expect(Object.fromEntries(errors.map(([tag, error]) => [tag, CloudauthError.categories(error)]))).toEqual({
      MissingParameter: [],
      InvalidParameter: [],
      TransactionIdInvalid: [],
      RamUserAccessDenied: ["auth"],
      AccountAccessDenied: ["auth"],
      Throttled: ["retryable", "throttling"],
      ProcessNotCompleted: ["usersTurn"],
      ServiceFailed: ["retryable"],
      SignatureRejected: ["auth"],
      InvalidAccessKey: ["auth"],
      SecurityTokenExpired: ["auth"],
      ClockSkewed: ["auth"],
      ServiceDown: ["retryable"],
      UnknownResponseCode: [],
      TransportError: ["retryable"],
      CallTimeout: ["retryable"],
      DecodeError: [],
      CredentialsError: ["auth"],
      InvalidRequest: []
    })
  })

  it("follows the code: an unknown one with a status of 5xx may succeed later", () => {
    const answer = { status: 500, headers: {}, body: [bytesOf('{"Code":"New.One"}')], receivedAt: 0, attempt: 1 }
    const error = Result.getOrThrow(Result.flip(classify(answer)))
    expect(CloudauthError.isOf(error, "retryable")).toBe(true)
    expect([error].filter(CloudauthError.isOf("auth"))).toEqual([])
  })
})
