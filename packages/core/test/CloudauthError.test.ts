import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { classify } from "../src/internal/decode/classify.ts"
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
  "ProxyRefused",
  "CallTimeout",
  "DecodeError",
  "CredentialsError",
  "InvalidRequest",
  "TransactionAbandoned",
  "TransactionExpired"
]

describe("the errors", () => {
  it("are the promised classes, one each", () => {
    assert.deepStrictEqual(
      errors.map(([tag]) => tag),
      promised
    )
    assert.strictEqual(new Set(errors.map(([, error]) => error.constructor)).size, promised.length)
  })

  it.each(errors)("%s is an Error that effects can fail with, catchable by its tag", async (tag, error) => {
    assert.instanceOf(error, Error)
    assert.strictEqual(error.name, tag)
    const caught = await Effect.runPromise(
      Effect.catchTag(error as Effect.Effect<never, CloudauthError.CloudauthError>, error._tag, (same) =>
        // an error is an effect that fails
        Effect.succeed(same)
      )
    )
    assert.strictEqual(caught, error)
    const others = Effect.catchTag(
      Effect.fail<CloudauthError.CloudauthError>(error),
      error._tag === "Throttled" ? "ServiceFailed" : "Throttled",
      () => Effect.succeed("caught")
    )
    assert.strictEqual(await Effect.runPromise(Effect.flip(others)), error)
  })

  it.each(errors)("%s says its code, its facts and its advice, never what the server said", (tag, error) => {
    assert.include(String(error), `${tag}: `)
    // A logger writes the tag before the message.
    assert.notInclude(error.message, `${tag}: `)
    if (error.code !== tag) assert.include(error.message, error.code)
    assert.include(error.message, error.advice)
    assert.include(error.message, "2 attempts")
    if (error.httpStatus !== undefined) assert.include(error.message, "HTTP 403")
    if (error.requestId !== undefined) assert.include(error.message, "request request1")
    for (const text of [
      error.message,
      String(error),
      error.stack,
      JSON.stringify(error),
      Cause.pretty(Cause.fail(error))
    ]) {
      assert.notInclude(text, hidden)
    }
  })

  it.each(errors)("%s encodes its facts, and none of what it hides", (_, error) => {
    for (const schema of [CloudauthError.CloudauthError, Schema.toCodecJson(CloudauthError.CloudauthError)]) {
      const text = JSON.stringify(Schema.encodeSync(schema)(error))
      assert.notInclude(text, hidden)
      const { advice, attempts, code } = error
      assert.deepInclude(JSON.parse(text), { advice, attempts, code })
    }
  })

  it.each(errors)("%s comes back from its encoded form without the hidden parts", (_, error) => {
    const codec = Schema.toCodecJson(CloudauthError.CloudauthError)
    const encoded: object = JSON.parse(JSON.stringify(Schema.encodeSync(codec)(error)))
    const forged = { ...encoded, serverMessage: hidden, body: hidden, underlying: hidden }
    for (const received of [encoded, forged]) {
      const decoded = Schema.decodeUnknownSync(codec)(received)
      assert.strictEqual(decoded.constructor, error.constructor)
      assert.strictEqual(decoded.message, error.message)
      assert.deepStrictEqual({ ...decoded }, withoutHidden(error))
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
      phase: "headers",
      isReusedConnection: false,
      underlying: Redacted.make(new Error(hidden, { cause: new Error(hidden) }))
    })
    const encoded = Schema.encodeSync(Schema.toCodecJson(CloudauthError.CloudauthError))(failed)
    assert.notInclude(JSON.stringify(encoded), hidden)
    assert.deepInclude(encoded, { _tag: "TransportError", reason: "the connection failed: ECONNRESET", attempts: 4 })
  })

  it("have identifiers of their own package, so that OpenAPI can tell them from an application's", () => {
    assert.deepStrictEqual(
      CloudauthError.CloudauthError.members.map(({ identifier }) => identifier),
      promised.map((tag) => `@effect-cloudauth/core/${tag}`)
    )
  })

  it("have no tag of an error that Effect's combinators and HTTP errors have", () => {
    const ofEffect = [new Cause.TimeoutError(), ...Object.values(HttpApiError)].flatMap((value) =>
      Predicate.hasProperty(value, "_tag") ? [value._tag] : typeof value === "function" ? [value.name] : []
    )
    assert.include(ofEffect, "TimeoutError")
    assert.include(ofEffect, "ServiceUnavailable")
    assert.deepStrictEqual(
      promised.filter((tag) => ofEffect.includes(tag)),
      []
    )
  })

  it("say what happened and what to do, as a whole", () => {
    const messages = Object.fromEntries(errors.map(([tag, error]) => [tag, error.message]))
    assert.strictEqual(
      messages["Throttled"],
      "API request is blocked due to throttling (code Throttling.Api, HTTP 403, request request1, 2 attempts).\n  Do something about it."
    )
    assert.strictEqual(
      messages["CallTimeout"],
      "the attempt took longer than 10000 ms; it was waiting for the answer (2 attempts).\n  Do something about it."
    )
    assert.include(messages["InvalidRequest"], "merchantBizId must be letters and digits")
  })

  it("says that nothing was sent", () => {
    assert.include(CloudauthError.invalidRequest("region", "a region id").message, "not sent")
    assert.include(CloudauthError.credentialsError("no key").message, "no key")
  })

  it("says in short lines what is missing, where to set it and how to try without, and shows no stack", () => {
    const error = CloudauthError.credentialsError("ALIBABA_CLOUD_ACCESS_KEY_ID is missing")
    assert.strictEqual(
      error.stack,
      `CredentialsError: ALIBABA_CLOUD_ACCESS_KEY_ID is missing (not sent).
  Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or choose another Credentials layer.
  To try without a key, run npx @effect-cloudauth/emulator and set what it prints.`
    )
    assert.strictEqual(Cause.pretty(Cause.fail(error)), error.stack)
  })

  it("does not call throttling unknown if a proxy throttles without a code", () => {
    const answer = { status: 429, headers: {}, body: [bytesOf("slow down")], receivedAt: 0, attempt: 1 }
    const error = Result.flip(classify(answer))
    assert.strictEqual(Result.isSuccess(error) && error.success._tag, "Throttled")
    assert.include(Result.isSuccess(error) && error.success.message, "throttling")
  })
})

describe("CloudauthError.retryClass", () => {
  it("is data: what each class of failure is", () => {
    assert.deepStrictEqual(Object.fromEntries(errors.map(([tag, error]) => [tag, CloudauthError.retryClass(error)])), {
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
      ProxyRefused: "never",
      CallTimeout: "transient",
      DecodeError: "never",
      CredentialsError: "never",
      InvalidRequest: "never",
      TransactionAbandoned: "never",
      TransactionExpired: "never"
    })
  })

  it.each([
    [302, "never"],
    [403, "never"],
    [407, "never"],
    [429, "never"],
    [500, "never"],
    [502, "transient"],
    [503, "transient"],
    [504, "transient"]
  ] as const)("of a proxy that refuses with status %i is %s", (status, expected) => {
    const error = new CloudauthError.ProxyRefused({
      code: "ProxyRefused",
      httpStatus: undefined,
      requestId: undefined,
      attempts: 1,
      advice: "Ask.",
      status,
      proxy: "proxy.example:3128"
    })
    assert.strictEqual(CloudauthError.retryClass(error), expected)
    assert.strictEqual(CloudauthError.isOf(error, "retryable"), expected === "transient")
  })

  it("does not retry a call whose deadline is over", () => {
    const error = new CloudauthError.CallTimeout({
      code: "CallTimeout",
      httpStatus: undefined,
      requestId: undefined,
      attempts: 3,
      advice: "Wait.",
      limit: "deadline",
      after: 30_000,
      phase: "queue"
    })
    assert.strictEqual(CloudauthError.retryClass(error), "never")
  })
})

describe("CloudauthError.categories", () => {
  it("is data: what each error means for the caller", () => {
    assert.deepStrictEqual(Object.fromEntries(errors.map(([tag, error]) => [tag, CloudauthError.categories(error)])), {
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
      ProxyRefused: [],
      CallTimeout: ["retryable"],
      DecodeError: [],
      CredentialsError: ["auth"],
      InvalidRequest: [],
      TransactionAbandoned: ["usersTurn"],
      TransactionExpired: ["usersTurn"]
    })
  })

  it("tells a source of credentials that is down from a key that someone must set right", () => {
    const down = CloudauthError.credentialsUnavailable("the vault is down")
    const wrong = CloudauthError.credentialsError("the variable is not set")
    assert.deepStrictEqual([down, wrong].map(CloudauthError.categories), [["retryable", "auth"], ["auth"]])
    // The call itself is not retried: the source was asked a moment ago.
    assert.deepStrictEqual([down, wrong].map(CloudauthError.retryClass), ["never", "never"])
  })

  it("follows the code: an unknown one with a status of 5xx may succeed later", () => {
    const answer = { status: 500, headers: {}, body: [bytesOf('{"Code":"New.One"}')], receivedAt: 0, attempt: 1 }
    const error = Result.getOrThrow(Result.flip(classify(answer)))
    assert.isTrue(CloudauthError.isOf(error, "retryable"))
    assert.deepStrictEqual([error].filter(CloudauthError.isOf("auth")), [])
  })
})
