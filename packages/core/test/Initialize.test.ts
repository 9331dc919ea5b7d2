import { assert, describe, it, layer } from "@effect/vitest"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Fault from "@effect-cloudauth/emulator/Fault"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Inspectable from "effect/Inspectable"
import * as Layer from "effect/Layer"
import * as Record from "effect/Record"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Canned from "../src/Canned.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as DocType from "../src/DocType.ts"
import * as Document from "../src/Document.ts"
import * as Initialize from "../src/Initialize.ts"
import * as InitializeRequest from "../src/InitializeRequest.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { boolean, constantFrom, partial } from "./fixtures/arbitraries.ts"
import { breaks, clientOf, hangs, reply, serve } from "./fixtures/server.ts"

const good = { merchantBizId: "order1", merchantUserId: "hashedUser", docType: DocType.GlobalPassport }

/** As callers without types can ask. */
const ask = (request: unknown) => InitializeRequest.toQuery(request as InitializeRequest.InitializeRequest)

const refusal = (request: unknown) => {
  const result = ask(request)
  return Result.isFailure(result) ? result.failure : undefined
}

describe("InitializeRequest", () => {
  const choices = partial({
    idThreshold: constantFrom("standard", "strict", "lenient", "off"),
    securityLevel: constantFrom("normal", "secure"),
    idSpoof: boolean,
    showGuidePage: boolean,
    pages: constantFrom("01", "01,02")
  })
  const read = Schema.decodeUnknownResult(InitializeRequest.InitializeRequest)

  it.prop("is read back from the parameters that it was written as", [choices], ([chosen]) => {
    const query = Object.fromEntries(Result.getOrThrow(ask({ ...good, ...chosen })))
    assert.deepStrictEqual({ ...Result.getOrThrow(read(query)) }, { productCode: "ID_OCR", ...good, ...chosen })
  })

  it("refuses an unknown code", () => {
    const query = Object.fromEntries(Result.getOrThrow(ask(good)))
    assert.isTrue(Result.isFailure(read({ ...query, IdThreshold: "4" })))
    assert.isTrue(Result.isSuccess(read({ ...query, IdThreshold: "3" })))
  })
})

describe("InitializeRequest.toQuery", () => {
  it("writes the required parameters, ProductCode ID_OCR by default", () => {
    assert.deepStrictEqual(Object.fromEntries(Result.getOrThrow(ask(good))), {
      ProductCode: "ID_OCR",
      MerchantBizId: "order1",
      MerchantUserId: "hashedUser",
      DocType: "01000000"
    })
    assert.strictEqual(
      new Map(Result.getOrThrow(ask({ ...good, productCode: "OCR_GLOBAL" }))).get("ProductCode"),
      "OCR_GLOBAL"
    )
  })

  it("writes each parameter by the vendor's name and code", () => {
    const all = {
      ...good,
      metaInfo: '{"bioMetaInfo":"4.1.0:2916352,0",\n"deviceType":"web"}',
      pages: "01,02",
      idSpoof: true,
      showOcrResult: false,
      editOcrResult: true,
      idThreshold: "strict",
      sceneCode: "A_12345678",
      securityLevel: "secure",
      languageConfig: "en",
      returnUrl: "https://merchant.example/done?a=b#c",
      callbackUrl: "https://merchant.example/cb?own=1",
      callbackToken: Redacted.make("7ca5c68d869344ea8eeb30cdfd544544-6358700"),
      docScanMode: "manual",
      showAlbumIcon: false,
      showGuidePage: true,
      procedurePriority: "keep",
      styleConfig: "{}"
    }
    assert.deepStrictEqual(Object.fromEntries(Result.getOrThrow(ask(all))), {
      ProductCode: "ID_OCR",
      MerchantBizId: "order1",
      MerchantUserId: "hashedUser",
      DocType: "01000000",
      MetaInfo: all.metaInfo,
      Pages: "01,02",
      IdSpoof: "Y",
      ShowOcrResult: "0",
      EditOcrResult: "1",
      IdThreshold: "1",
      SceneCode: "A_12345678",
      SecurityLevel: "02",
      LanguageConfig: "en",
      ReturnUrl: all.returnUrl,
      CallbackUrl: all.callbackUrl,
      CallbackToken: "7ca5c68d869344ea8eeb30cdfd544544-6358700",
      DocScanMode: "manual",
      ShowAlbumIcon: "0",
      ShowGuidePage: "1",
      ProcedurePriority: "keep",
      StyleConfig: "{}"
    })
  })

  it.each([
    ["standard", "0"],
    ["strict", "1"],
    ["lenient", "2"],
    ["off", "3"]
  ])("writes idThreshold %s as %s", (idThreshold, code) => {
    assert.strictEqual(new Map(Result.getOrThrow(ask({ ...good, idThreshold }))).get("IdThreshold"), code)
  })

  it.each([
    "https://merchant.example",
    "https://merchant.example:8443/cb?a=1&b=2",
    "http://127.0.0.1:3000/cb",
    "http://localhost/cb",
    "http://[::1]:1/cb"
  ])("accepts the callbackUrl %s", (callbackUrl) => {
    assert.isUndefined(refusal({ ...good, callbackUrl }))
  })

  it("names DocType if docType is the name of a document", () => {
    const error = refusal({ ...good, docType: "GlobalPassport" })
    assert.include(error?.message, "such as DocType.GlobalPassport")
  })

  const token = Redacted.make("b7e23ec29af22b0b")
  const wrong: ReadonlyArray<[field: string, fields: Readonly<Record<string, unknown>>]> = [
    ["merchantBizId", { merchantBizId: "" }],
    ["merchantBizId", { merchantBizId: "with-dash" }],
    ["merchantBizId", { merchantBizId: "a".repeat(33) }],
    ["merchantUserId", { merchantUserId: "" }],
    ["merchantUserId", { merchantUserId: "a\nb" }],
    ["merchantUserId", { merchantUserId: 1 }],
    ["docType", { docType: "0100000" }],
    ["docType", { docType: "000000012" }],
    ["docType", { docType: undefined }],
    ["productCode", { productCode: "FACE_LIVENESS" }],
    ["metaInfo", { metaInfo: "" }],
    ["pages", { pages: "02" }],
    ["idSpoof", { idSpoof: "Y" }],
    ["showOcrResult", { showOcrResult: 1 }],
    ["idThreshold", { idThreshold: "0" }],
    ["idThreshold", { idThreshold: "toString" }],
    ["securityLevel", { securityLevel: "01" }],
    ["sceneCode", { sceneCode: "12345678901" }],
    ["sceneCode", { sceneCode: "a-b" }],
    ["languageConfig", { languageConfig: "" }],
    ["returnUrl", { returnUrl: "https://a\r\nb" }],
    ["callbackUrl", { callbackUrl: "http://merchant.example/cb" }],
    ["callbackUrl", { callbackUrl: "http://127.0.0.1.merchant.example/cb" }],
    ["callbackUrl", { callbackUrl: "ftp://merchant.example/cb" }],
    ["callbackUrl", { callbackUrl: "javascript:alert(1)" }],
    ["callbackUrl", { callbackUrl: "//merchant.example/cb" }],
    ["callbackUrl", { callbackUrl: "https://user@merchant.example/cb" }],
    ["callbackUrl", { callbackUrl: "https://merchant.example/cb#x" }],
    ["callbackUrl", { callbackUrl: "https://merchant.example/\tcb" }],
    ["callbackUrl", { callbackUrl: "https:\\\\merchant.example" }],
    ["callbackUrl", { callbackUrl: "https://" }],
    ["callbackToken", { callbackToken: "plain", callbackUrl: "https://merchant.example" }],
    ["callbackToken", { callbackToken: Redacted.make(""), callbackUrl: "https://merchant.example" }],
    ["callbackToken", { callbackToken: token }],
    ["docScanMode", { docScanMode: "shoot" }],
    ["procedurePriority", { procedurePriority: "Url" }]
  ]
  it.each(wrong)("refuses a wrong %s: %j", (field, fields) => {
    const error = refusal({ ...good, ...fields })
    if (error === undefined) return assert.fail("it was accepted")
    assert.strictEqual(error._tag, "InvalidRequest")
    assert.strictEqual(error.path, field)
    assert.include(error.message, `${field} must be`)
    for (const value of Object.values(fields)) {
      if (typeof value === "string" && value.length > 5) assert.notInclude(JSON.stringify(error) + error.message, value)
    }
  })

  it.each([undefined, null, 1, "x", []])("refuses %j, which is not a request", (request) => {
    assert.strictEqual(refusal(request)?._tag, "InvalidRequest")
  })

  const anything = Arbitrary.schema(Schema.Unknown)
  const any = partial({ ...Record.map(good, () => anything), pages: anything, callbackUrl: anything, x: anything })

  it.prop("never throws, and what it writes is text", [any], ([any]) => {
    const result = ask({ ...good, ...any })
    if (Result.isSuccess(result)) for (const [, value] of result.success) assert.isString(value)
  })
})

describe("DocType", () => {
  it("ties each confirmed code to a kind, and each kind to its codes", () => {
    for (const code of DocType.confirmed) {
      assert.match(code, /^[0-9]{8}$/)
      const kind = DocType.kindOf(code)
      assert.isDefined(kind)
      if (kind !== undefined) assert.include(DocType.codesOf(kind), code)
    }
    assert.deepStrictEqual([...DocType.codesOf(Document.HongKongIdentityCard)].sort(), ["00000006", "00000008"])
    assert.deepStrictEqual(DocType.codesOf(Document.MacaoResidentIdentityCard), [])
    assert.deepStrictEqual(DocType.codesOf(Document.PrcResidentIdentityCard), [])
  })

  it.each(["GLB03002", "00000011", "", "toString", "__proto__"])("knows no kind of %j", (code) => {
    assert.isUndefined(DocType.kindOf(code))
  })
})

const answer = (result: unknown) =>
  JSON.stringify({ RequestId: "r1", Code: "Success", Message: "success", Result: result })
const begun = {
  TransactionId: "hksb7ba1b28130d24e015d694361bee4",
  TransactionUrl: "https://journey.example/secretPath",
  Protocol: "secretProtocol",
  ClientCfg: "secretConfig",
  Another: 1
}

const rawOf = ({ raw }: Initialize.Initialized) => (raw === undefined ? {} : Redacted.value(raw))

describe("Initialize.decode", () => {
  it("reads ids, URL, protocol and everything else", () => {
    const initialized = Result.getOrThrow(Initialize.decode(answer(begun)))
    assert.strictEqual(initialized.requestId, "r1")
    assert.strictEqual(initialized.transactionId, begun.TransactionId)
    assert.strictEqual(initialized.transactionUrl && Redacted.value(initialized.transactionUrl), begun.TransactionUrl)
    assert.strictEqual(initialized.protocol && Redacted.value(initialized.protocol), begun.Protocol)
    assert.strictEqual(initialized.clientConfig && Redacted.value(initialized.clientConfig), begun.ClientCfg)
    assert.deepStrictEqual(rawOf(initialized)["Result"], begun)
  })

  it("prints neither URL nor protocol", () => {
    const initialized = Result.getOrThrow(Initialize.decode(answer(begun)))
    for (const printed of [
      JSON.stringify(initialized),
      Inspectable.toStringUnknown(initialized),
      String(initialized.raw)
    ]) {
      assert.notInclude(printed, "secret")
    }
  })

  it.each([
    ["as a JSON string", JSON.stringify(begun)],
    ["in lower case", { transactionId: begun.TransactionId }],
    ["alone", { TransactionId: begun.TransactionId, TransactionUrl: "", Protocol: null }]
  ])("reads a result %s", (_, result) => {
    assert.strictEqual(Result.getOrThrow(Initialize.decode(answer(result))).transactionId, begun.TransactionId)
  })

  it("refuses an answer with two results", () => {
    const twice = answer(begun).replace('"Result"', '"result":{"TransactionId":"other"},"Result"')
    const error = Result.getOrThrow(Result.flip(Initialize.decode(twice)))
    assert.deepInclude(error, { _tag: "DecodeError", path: "Result", expected: "one value" })
  })

  it("keeps a text that looks like an image whole", () => {
    const idImage = "A".repeat(8192)
    const initialized = Result.getOrThrow(Initialize.decode(answer({ ...begun, idImage })))
    assert.deepInclude(rawOf(initialized)["Result"], { idImage })
  })

  it.each([
    [undefined, "Result"],
    [null, "Result"],
    ["no JSON", "Result"],
    [[], "Result"],
    [{}, "Result.TransactionId"],
    [{ TransactionId: "" }, "Result.TransactionId"],
    [{ TransactionId: {} }, "Result.TransactionId"],
    [{ TransactionId: "other", transactionId: begun.TransactionId }, "Result.TransactionId"]
  ])("fails on the result %j at %s", (result, path) => {
    const error = Result.getOrThrow(Result.flip(Initialize.decode(answer(result))))
    assert.strictEqual(error._tag, "DecodeError")
    if (error._tag === "DecodeError") assert.strictEqual(error.path, path)
  })
})

describe("Cloudauth.initialize", () => {
  it.effect("sends the checked parameters as Initialize, and refuses wrong ones before", () => {
    const server = serve(reply(200, answer(begun)))
    return Effect.gen(function* () {
      const { transactionId } = yield* Cloudauth.initialize({ ...good, idSpoof: true })
      assert.strictEqual(transactionId, begun.TransactionId)
      const [sent] = server.sent
      assert.strictEqual(sent?.headers["x-acs-action"], "Initialize")
      assert.strictEqual(sent?.url.searchParams.get("IdSpoof"), "Y")
      const error = yield* Effect.flip(Cloudauth.initialize({ ...good, docType: "1" }))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.strictEqual(server.sent.length, 1)
    }).pipe(Effect.provide(clientOf(server)))
  })

  const doubtful = [
    ["a connection that breaks", breaks("ECONNRESET")],
    ["no answer", hangs],
    ["503", reply(503, "busy")],
    ["InternalError", reply(500, `{"Code":"InternalError"}`)]
  ] as const
  for (const [what, first] of doubtful) {
    it.effect(`does not retry if a transaction may have begun: ${what}`, () => {
      const server = serve(first, reply(200, answer(begun)))
      return Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.flip(Cloudauth.initialize(good)))
        yield* TestClock.adjust("1 minute")
        const error = yield* Fiber.join(fiber)
        assert.include(["TransportError", "CallTimeout", "ServiceDown", "ServiceFailed"], error._tag)
        assert.strictEqual(server.sent.length, 1)
      }).pipe(Effect.provide(clientOf(server)))
    })
  }

  it.effect("retries that if the call says so", () => {
    const server = serve(breaks("ECONNRESET"), reply(200, answer(begun)))
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        Cloudauth.initialize(good, { retry: { transient: RetryPolicy.standard.transient } })
      )
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).transactionId, begun.TransactionId)
      assert.strictEqual(server.sent.length, 2)
    }).pipe(Effect.provide(clientOf(server)))
  })

  it.effect("retries if the service refused before it acted", () => {
    const server = serve(reply(403, `{"Code":"Throttling.Api"}`), reply(200, answer(begun)))
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Cloudauth.initialize(good))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).transactionId, begun.TransactionId)
    }).pipe(Effect.provide(clientOf(server)))
  })

  it.effect("succeeds in tests, with a different id for each merchantBizId", () =>
    Effect.gen(function* () {
      const ids = yield* Effect.forEach(["a1", "a2"], (merchantBizId) =>
        Effect.map(Cloudauth.initialize({ ...good, merchantBizId }), ({ transactionId }) => transactionId)
      )
      assert.strictEqual(new Set(ids).size, 2)
      const error = yield* Effect.flip(Cloudauth.initialize({ ...good, merchantBizId: "" }))
      assert.strictEqual(error._tag, "InvalidRequest")
    }).pipe(Effect.provide(Cloudauth.layerTest(() => Canned.passed())))
  )

  it.effect("responds in tests as the test says", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Cloudauth.initialize(good)).transactionId, "t1")
      const error = yield* Effect.flip(Cloudauth.initialize({ ...good, merchantBizId: "denied" }))
      assert.strictEqual(error._tag, "AccountAccessDenied")
    }).pipe(
      Effect.provide(
        Cloudauth.layerTest(
          () => Canned.passed(),
          ({ merchantBizId }) =>
            merchantBizId === "denied" ? Canned.error("Forbidden.AccountAccessDenied") : Canned.initialized("t1")
        )
      )
    )
  )
})

const emulated = Layer.provideMerge(
  Layer.unwrap(
    Effect.map(Emulator, ({ accessKeyId, accessKeySecret, url }) =>
      Cloudauth.layer({ url }).pipe(
        Layer.provide([Credentials.layerStatic({ accessKeyId, accessKeySecret }), Emulator.layerHttpClient])
      )
    )
  ),
  Emulator.layerMemory()
)

layer(emulated)("against the emulator", (it) => {
  it.effect("begins a journey that CheckResult knows, and that ends when the user is done", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const { protocol, transactionId, transactionUrl } = yield* Cloudauth.initialize({ ...good, pages: "01" })
      assert.match(transactionId, /^emulator-[0-9a-f]{32}$/)
      assert.isDefined(protocol)
      assert.isDefined(transactionUrl)
      const check = Cloudauth.checkResult({ merchantBizId: "order1", transactionId })
      assert.strictEqual((yield* Effect.flip(check))._tag, "ProcessNotCompleted")
      assert.isTrue(yield* emulator.completeJourney(transactionId))
      assert.strictEqual((yield* check).verdict._tag, "Passed")
    })
  )

  it.effect("leaves one transaction if the response is lost", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const before = (yield* emulator.journeys).length
      yield* emulator.setFaults([Fault.rule(Fault.Fault.cases.Reset.make({ at: "within-body" }))])
      const error = yield* Effect.flip(Cloudauth.initialize(good))
      assert.strictEqual(error._tag, "TransportError")
      assert.strictEqual((yield* emulator.journeys).length, before + 1)
    })
  )
})
