/**
 * Marked values stand in every place where a person's data or a secret can be; everything is printed in every way that
 * programs print things by accident, and the text is searched for the marks.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as References from "effect/References"
import { TestClock } from "effect/testing"
import * as Tracer from "effect/Tracer"
import { format, inspect } from "node:util"
import * as Assessment from "../src/Assessment.ts"
import * as Canned from "../src/Canned.ts"
import { CheckResult } from "../src/CheckResult.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials, make as makeCredential } from "../src/Credentials.ts"
import * as Decision from "../src/Decision.ts"
import * as DecisionPolicy from "../src/DecisionPolicy.ts"
import * as Document from "../src/Document.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import * as Signature from "../src/Signature.ts"
import { base64, failure, success, successWith } from "./fixtures/answers.ts"
import { everyError } from "./fixtures/errors.ts"
import { resultOf } from "./fixtures/results.ts"
import { reveal } from "./fixtures/reveal.ts"
import { breaks, clientOf, reply, serve, syncCrypto } from "./fixtures/server.ts"
import type { Reply } from "./fixtures/server.ts"
import { recordingTracer } from "./fixtures/tracing.ts"

const mark = "CANARY"
/** A value that must not show. */
const hide = (what: string): string => `${mark}${what}`

const searched = new RegExp(`${mark}|${base64(Buffer.from(mark)).slice(0, 7)}|67,65,78,65,82,89|43 41 4e 41 52 59`, "i")

const everyLogger = [
  ["consoleJson", Logger.consoleJson],
  ["consolePretty", Logger.consolePretty({ colors: false })],
  ["consoleLogFmt", Logger.consoleLogFmt],
  ["consoleStructured", Logger.consoleStructured],
  ["default", Logger.defaultLogger]
] as const

/** What a console would show of the arguments of its methods. */
const recordingConsole = (lines: Array<string>): Console.Console => {
  const write = (...args: ReadonlyArray<unknown>) => {
    lines.push(format(...args), ...args.map((arg) => inspect(arg, { depth: 10, showHidden: true })))
  }
  return new Proxy(globalThis.console, { get: () => write })
}

/** What every logger writes about some values, at every level. */
const logged = (...values: ReadonlyArray<unknown>): string => {
  const lines: Array<string> = []
  for (const [, logger] of everyLogger) {
    Effect.runSync(
      Effect.logError(...values).pipe(
        Effect.annotateLogs({ value: values[0] }),
        Effect.provide(Logger.layer([logger])),
        Effect.provideService(Console.Console, recordingConsole(lines)),
        Effect.provideService(References.MinimumLogLevel, "All")
      )
    )
  }
  return lines.join("\n")
}

/** A value in all the ways that it is printed by accident. */
const printed = (value: unknown): string => {
  const fields = typeof value === "object" && value !== null ? Object.values(value) : []
  return [
    String(value),
    `${format("%s %o %O %j", value, value, value, value)}`,
    JSON.stringify(value),
    JSON.stringify(value, null, 2),
    inspect(value, { depth: 10, showHidden: true, getters: true }),
    inspect(value, { depth: 10, customInspect: false, showHidden: true }),
    fields.map(String).join(),
    JSON.stringify({ nested: [value] }),
    value instanceof Error ? `${value.message}\n${value.stack}\n${value.name}` : "",
    Cause.pretty(Cause.fail(value)),
    Cause.pretty(Cause.die(value)),
    String(Exit.fail(value)),
    JSON.stringify(Exit.fail(value)),
    JSON.stringify(Exit.succeed(value)),
    logged(value),
    logged("text", value, Cause.fail(value))
  ].join("\n")
}

const assertNoMark = (text: string): void => {
  const found = searched.exec(text)
  assert.strictEqual(
    found === null ? "nothing" : text.slice(Math.max(0, found.index - 200), found.index + 60),
    "nothing"
  )
}

/** A JPEG by its first bytes. */
const imageBytes = Uint8Array.from([0xff, 0xd8, 0xff, ...new TextEncoder().encode(hide("image").repeat(800))])

const extOf = (name: Document.Name) => {
  const fields = Object.fromEntries(Document.fieldsOf(name).map((field) => [field, hide(field)]))
  return {
    ocrIdPassed: "Y",
    ocrIdInfo: JSON.stringify({ ...fields, unknownField: hide("unknownField") }),
    ocrIdEditInfo: { ...fields, name: hide("edited") },
    ocrIdBackInfo: fields,
    idImage: base64(imageBytes),
    idBackImage: base64(imageBytes),
    another: hide("another"),
    spoofInfo: { spoofResult: "N", spoofType: [], detail: hide("detail") }
  }
}

describe("the search itself", () => {
  it("finds a mark in plain values, so that it would find a leak", () => {
    assert.match(printed({ a: [{ b: hide("x") }] }), searched)
    assert.isDefined(JSON.stringify(imageBytes.slice(0, 10)))
    assert.isDefined(inspect(imageBytes))
    assert.match(printed(base64(imageBytes)), searched)
    assert.match(logged({ a: hide("x") }), searched)
    assert.match(JSON.stringify(reveal(Redacted.make(hide("x")))), searched)
  })
})

describe("a result shows the verdict and ids, never a person's data", () => {
  it.each(Document.names)("%s, inferred and expected", (name) => {
    for (const text of [
      success(extOf(name)),
      success({}, { ExtIdInfo: JSON.stringify(JSON.stringify(extOf(name))) })
    ]) {
      for (const result of [resultOf(text), resultOf(text, { document: Document.kinds[name] })]) {
        assert.match(JSON.stringify(reveal(result)), searched)
        const text = printed(result)
        assertNoMark(text)
        assertNoMark(JSON.stringify(Schema.encodeSync(CheckResult.View)(CheckResult.view(result))))
        assert.isDefined(result.images.front)
        assert.include(text, "Passed")
        assert.include(text, result.requestId ?? "none")
      }
    }
  })

  it("the same for warnings, with their raw text", () => {
    const faults = [
      successWith({ Passed: "Y", SubCode: "200", ExtIdInfo: `{${hide("broken")}` }),
      success({ ocrIdInfo: `{"name":"${hide("broken")}` }),
      success({ ocrIdInfo: { passportNo: [hide("list")], birthDate: hide("date"), surname: { a: hide("object") } } }),
      success({ idImage: `${hide("image")}!`, ocrIdPassed: hide("flag") }),
      success({ spoofInfo: { spoofResult: hide("spoof"), spoofType: { a: hide("type") } } })
    ]
    for (const text of faults) {
      const result = resultOf(text)
      assert.isNotEmpty(result.warnings)
      assert.match(JSON.stringify(reveal(result)), searched)
      assertNoMark(printed(result))
      for (const warning of result.warnings) assertNoMark(printed(warning))
    }
  })

  it("the same for keys that no table has, which could be anything", () => {
    const key = `${hide("key")} \u001b[31m`
    const fields = { passportNo: "1", [key]: 1, [key.toLowerCase()]: 2 }
    const bodies = [
      success({ ocrIdInfo: fields }),
      success({ ocrIdInfo: { name: "x", ...fields } }),
      success({ ocrIdInfo: { passportNo: "1" }, ocrIdEditInfo: fields }),
      success({ ocrIdInfo: { passportNo: "1" }, ocrIdBackInfo: fields, [key]: 1 })
    ]
    for (const body of bodies) {
      const assessed = Assessment.assess(resultOf(body), { now: 0 })
      const decision = Decision.of(DecisionPolicy.standard, assessed)
      for (const value of [assessed, Assessment.view(assessed), decision]) assertNoMark(printed(value))
    }
  })

  it("the same for readings, images and differences alone", () => {
    const result = resultOf(success(extOf("HongKongIdentityCard")))
    for (const part of [result.ocr, result.ocrEdited, result.ocrBack, result.images, result.images.front, result.raw]) {
      assertNoMark(printed(part))
    }
    const differences = Document.differences(result.ocr, result.ocrEdited)
    assert.lengthOf(differences, 1)
    assertNoMark(printed(differences))
    const ambiguous = resultOf(success(extOf("MainlandTravelPermitTaiwan"))).ocr
    assert.strictEqual(ambiguous._tag, "Ambiguous")
    assertNoMark(printed(ambiguous))
    assertNoMark(printed(Document.interpret(ambiguous, Document.MainlandTravelPermitTaiwan)))
  })

  it("revealing is an explicit call", () => {
    const { ocr } = resultOf(success(extOf("GlobalPassport")), { document: Document.GlobalPassport })
    assert.strictEqual(Document.reveal(ocr)?.passportNo, hide("passportNo"))
  })
})

describe("an error shows its facts, never what the server or the transport said", () => {
  it.each(everyError(hide("inside")).map((error) => [error._tag, error] as const))("%s", (_, error) => {
    assertNoMark(printed(error))
  })

  it.effect.each([
    ["a refusal", 400, failure("InvalidParameter", hide("message"))],
    ["an unknown code", 400, failure("New.Code", hide("message"))],
    ["HTML", 502, `<html>${hide("html")}</html>`],
    ["HTML as success", 200, `<html>${hide("html")}</html>`],
    ["XML", 400, `<Error><Code>New.Code</Code><Message>${hide("xml")}</Message></Error>`],
    ["a success without result", 200, JSON.stringify({ Code: "Success", Result: hide("result") })],
    ["a cut-off answer", 200, success(extOf("GlobalPassport")).slice(0, -10)]
  ] as const)("%j", ([, status, text]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "t1" }, { retry: RetryPolicy.none })
      )
      assertNoMark(printed(error))
    }).pipe(Effect.provide(Cloudauth.layerTest(() => Canned.response(text, status))))
  )
})

const credential = makeCredential({
  accessKeyId: hide("id"),
  accessKeySecret: hide("secret"),
  securityToken: hide("token")
})

describe("a credential shows nothing", () => {
  it("by itself", () => {
    assertNoMark(printed(credential))
  })

  it.effect("out of a layer, and in its errors", () =>
    Effect.gen(function* () {
      const credentials = yield* Effect.provide(Credentials, Credentials.layerStatic(credential))
      assertNoMark(printed(credentials))
      assertNoMark(printed(yield* credentials.get))
      const wrong = Credentials.layerStatic({ ...credential, accessKeySecret: `${hide("secret")}\n` })
      const failing = yield* Effect.provide(Credentials, wrong)
      assertNoMark(printed(yield* Effect.flip(failing.get)))
      for (const load of [Effect.fail(new Error(hide("vault"))), Effect.die(new Error(hide("vault")))]) {
        const broken = Effect.flatMap(Credentials, ({ get }) => Effect.flip(get))
        assertNoMark(printed(yield* broken.pipe(Effect.provide(Credentials.layerRefreshing({ load })))))
      }
    })
  )
})

describe("a signed request", () => {
  it("does not hold the secret", () => {
    const signed = Signature.sign(syncCrypto, {
      method: "POST",
      path: "/",
      host: "h",
      action: "a",
      version: "v",
      query: [],
      credential,
      now: 0,
      nonce: "n"
    })
    assert.notInclude(inspect(signed, { depth: 10, showHidden: true }), hide("secret"))
  })
})

describe("a call", () => {
  /** Runs a call to its end; returns everything that it logged, traced and failed with. */
  const traceWith = Effect.fnUntraced(function* (credentials: Layer.Layer<Credentials>, script: ReadonlyArray<Reply>) {
    const lines: Array<string> = []
    const { spans, tracer } = recordingTracer()
    const server = serve(...script)
    const client = clientOf(server, {
      credentials,
      policy: { ...RetryPolicy.standard, transient: RetryPolicy.fullJitter({ base: 1, cap: 1, times: 1 }) }
    })
    const call = Cloudauth.checkResult({
      merchantBizId: "order1",
      transactionId: "t1",
      isReturnImage: true,
      document: Document.GlobalPassport
    }).pipe(
      Effect.tap((result) => Effect.logInfo("result", result)),
      Effect.tapError((error) => Effect.logError("error", error)),
      Effect.withSpan("caller"),
      Effect.provide(client),
      Effect.provideService(Tracer.Tracer, tracer),
      Effect.provide(Logger.layer(everyLogger.map(([, logger]) => logger))),
      Effect.provideService(Console.Console, recordingConsole(lines)),
      Effect.provideService(References.MinimumLogLevel, "All")
    )
    const fiber = yield* Effect.forkChild(Effect.exit(call))
    yield* TestClock.adjust("1 minute")
    const exit = yield* Fiber.join(fiber)
    const spanTexts = spans.map(({ attributes, events, links, name }) =>
      inspect({ name, attributes: [...attributes], events, links }, { depth: 10 })
    )
    return { exit, server, text: [...lines, ...spanTexts, printed(exit)].join("\n"), spans }
  })

  const traceOf = (...script: ReadonlyArray<Reply>) => traceWith(Credentials.layerStatic(credential), script)

  it.effect.each([
    ["that succeeds", [reply(200, success(extOf("GlobalPassport")))]],
    ["that is refused", [reply(400, failure("InvalidParameter", hide("message")))]],
    ["that a proxy answers", [reply(502, `<html>${hide("html")}</html>`)]],
    ["whose response is malformed", [reply(200, hide("body"))]],
    ["whose connection breaks", [breaks("ECONNRESET")]],
    ["whose token is refused", [reply(403, failure("InvalidSecurityToken.Expired", hide("token")))]]
  ] as ReadonlyArray<readonly [string, ReadonlyArray<Reply>]>)("%j logs and traces no mark", ([, script]) =>
    Effect.gen(function* () {
      const { server, spans, text } = yield* traceOf(...script)
      assert.includeMembers(
        spans.map(({ name }) => name),
        ["caller", "Cloudauth.checkResult", "Cloudauth.attempt"]
      )
      assert.notStrictEqual(text, "")
      assertNoMark(text)
      for (const { headers } of server.sent) {
        const signature = /Signature=([0-9a-f]{64})/.exec(headers["authorization"] ?? "")?.[1] ?? "none"
        assert.notInclude(text, signature)
        assert.notInclude(text, headers["x-acs-signature-nonce"] ?? "none")
      }
    })
  )

  // Was a bug: the exit of an attempt's span holds the whole answer, unredacted: a tracer that prints spans prints it.
  it.effect("ends its spans without a person's data", () =>
    Effect.gen(function* () {
      const { spans } = yield* traceOf(reply(200, success(extOf("GlobalPassport"))))
      for (const { status } of spans) assertNoMark(inspect(status, { depth: 10 }))
    })
  )

  class Strange extends Error {
    static override readonly name = `${hide("class")} 4711`
  }
  // An application's own `Credentials` can have any fault.
  it.effect.each([
    ["TypeError", new TypeError(hide("defect"))],
    ["_OTHER", hide("defect")],
    ["_OTHER", new Strange()],
    ["_OTHER", Object.create(null)]
  ] as ReadonlyArray<readonly [string, unknown]>)("shows a defect as %s and no more", ([type, defect]) =>
    Effect.gen(function* () {
      const faulty = Layer.succeed(Credentials, { get: Effect.die(defect), invalidate: () => Effect.void })
      const { exit, spans } = yield* traceWith(faulty, [reply(200, success({}))])
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      const own = spans.filter(({ name }) => name.startsWith("Cloudauth."))
      assert.deepStrictEqual(
        own.map(({ name }) => name),
        ["Cloudauth.checkResult", "Cloudauth.attempt"]
      )
      for (const { attributes, status } of own) {
        assert.strictEqual(attributes.get("error.type"), type)
        const text = inspect({ status, attributes }, { depth: 10 })
        assert.include(text, `a defect of type ${type}`)
        assertNoMark(text)
      }
    })
  )

  it.effect("keeps the transport's own error, which quotes the request, out of sight", () =>
    Effect.gen(function* () {
      const { exit, text } = yield* traceOf(breaks("ECONNRESET"))
      assert.notInclude(text, "TransactionId=")
      const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
      assert.deepInclude(error, { _tag: "TransportError" })
    })
  )

  it("is printed as a layer without its credentials", () => {
    assertNoMark(printed(Layer.provide(Cloudauth.layer(), Credentials.layerStatic(credential))))
  })
})
