import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { classify } from "../src/internal/answer.ts"
import * as CloudauthError from "../src/CloudauthError.ts"
import { bytesOf } from "./fixtures/answers.ts"
import { everyError } from "./fixtures/errors.ts"
import { reveal } from "./fixtures/reveal.ts"

const hidden = "hidden-canary"
const errors = everyError(hidden).map((error) => [error._tag, error] as const)

/** The tags that the project promises, by hand. */
const promised = [
  "MissingParameter",
  "InvalidParameter",
  "TransactionIdInvalid",
  "RamUserAccessDenied",
  "AccountAccessDenied",
  "Throttled",
  "ProcessNotCompleted",
  "InternalError",
  "SignatureRejected",
  "InvalidAccessKey",
  "SecurityTokenExpired",
  "ClockSkewed",
  "ServiceUnavailable",
  "UnknownResponseCode",
  "TransportError",
  "TimeoutError",
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
      error._tag === "Throttled" ? "InternalError" : "Throttled",
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

  it.each(errors)("%s goes through its schema and back", (_, error) => {
    const encoded = Schema.encodeSync(CloudauthError.CloudauthError)(error)
    const decoded = Schema.decodeUnknownSync(CloudauthError.CloudauthError)(encoded)
    expect(decoded.constructor).toBe(error.constructor)
    expect(reveal({ ...decoded })).toEqual(reveal({ ...error }))
    expect(decoded.message).toBe(error.message)
  })

  it.each(errors)("%s goes through JSON and back, for a wire or a store", (_, error) => {
    const codec = Schema.toCodecJson(CloudauthError.CloudauthError)
    const text = JSON.stringify(Schema.encodeSync(codec)(error))
    const decoded = Schema.decodeUnknownSync(codec)(JSON.parse(text))
    expect(decoded.constructor).toBe(error.constructor)
    expect(reveal({ ...decoded })).toEqual(reveal({ ...error }))
  })

  it("say what happened and what to do, as a whole", () => {
    const messages = Object.fromEntries(errors.map(([tag, error]) => [tag, error.message]))
    expect(messages["Throttled"]).toBe(
      "Throttled: API request is blocked due to throttling. (code Throttling.Api, HTTP 403, request request1, 2 attempts). Do something about it."
    )
    expect(messages["TimeoutError"]).toBe(
      "TimeoutError: the attempt took longer than 10000 ms (2 attempts). Do something about it."
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
      InternalError: "transient",
      SignatureRejected: "never",
      InvalidAccessKey: "never",
      SecurityTokenExpired: "credentials",
      ClockSkewed: "clock",
      ServiceUnavailable: "transient",
      UnknownResponseCode: "never",
      TransportError: "transient",
      TimeoutError: "transient",
      DecodeError: "never",
      CredentialsError: "never",
      InvalidRequest: "never"
    })
  })

  it("does not retry a call whose deadline is over", () => {
    const error = new CloudauthError.TimeoutError({
      code: "TimeoutError",
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
