import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as CheckResultRequest from "../src/CheckResultRequest.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Document from "../src/Document.ts"
import * as InitializeRequest from "../src/InitializeRequest.ts"
import { boolean, constantFrom, joined, oneOf, optional, partial, utf16 } from "./fixtures/arbitraries.ts"
import { success } from "./fixtures/answers.ts"
import { clientOf, reply, serve } from "./fixtures/server.ts"
import { requestParameters } from "./fixtures/vendorPage.ts"

const good = { merchantBizId: "e0c34a77f5ac40a5aa5e6ed20c350000", transactionId: "hksb7ba1b28130d24e015d600000000" }

/** As callers without types can ask. */
const ask = (request: unknown) =>
  Result.map(CheckResultRequest.check(request as CheckResultRequest.WithDocument), ({ query }) => query)

const refusal = (request: unknown) => {
  const result = ask(request)
  return Result.isFailure(result) ? result.failure : undefined
}

describe("CheckResultRequest.check", () => {
  it("writes the vendor's parameters, IsReturnImage N by default", () => {
    assert.deepStrictEqual(
      new Map(Result.getOrThrow(ask(good))),
      new Map([
        ["MerchantBizId", good.merchantBizId],
        ["TransactionId", good.transactionId],
        ["IsReturnImage", "N"]
      ])
    )
    assert.deepStrictEqual(
      Result.getOrThrow(ask(good))
        .map(([name]) => name)
        .sort(),
      requestParameters.map(({ name }) => name).sort()
    )
  })

  it.each([
    [true, "Y"],
    [false, "N"]
  ])("writes booleans: %j as %s", (flag, text) => {
    const query = new Map(Result.getOrThrow(ask({ ...good, isReturnImage: flag, returnFiveCategorySpoofResult: flag })))
    assert.strictEqual(query.get("IsReturnImage"), text)
    assert.strictEqual(query.get("ReturnFiveCategorySpoofResult"), text)
  })

  it("writes the list of extra images as it is", () => {
    assert.strictEqual(
      new Map(Result.getOrThrow(ask({ ...good, extraImageControlList: "a,b c" }))).get("ExtraImageControlList"),
      "a,b c"
    )
  })

  it("sends nothing of a request but its parameters", () => {
    const query = Result.getOrThrow(ask({ ...good, document: Document.GlobalPassport }))
    assert.deepStrictEqual(query.map(([name]) => name).sort(), ["IsReturnImage", "MerchantBizId", "TransactionId"])
  })

  it.each([["1"], ["a".repeat(32)], ["ABCxyz0123456789"]])("accepts the merchantBizId %j", (merchantBizId) => {
    assert.isUndefined(refusal({ ...good, merchantBizId }))
  })

  it.each(["t", "with space", "李", "a/b?c&d=e", "😀", "x".repeat(2000)])(
    "accepts the transactionId %j",
    (transactionId) => {
      assert.isUndefined(refusal({ ...good, transactionId }))
    }
  )

  const wrong: ReadonlyArray<[field: string, value: unknown]> = [
    ["merchantBizId", ""],
    ["merchantBizId", "a".repeat(33)],
    ["merchantBizId", "with space"],
    ["merchantBizId", "with-dash"],
    ["merchantBizId", "under_score"],
    ["merchantBizId", "newline\n"],
    ["merchantBizId", "é"],
    ["merchantBizId", "１２３"],
    ["merchantBizId", "李四"],
    ["merchantBizId", undefined],
    ["merchantBizId", null],
    ["merchantBizId", 12_345],
    ["merchantBizId", ["abc"]],
    ["transactionId", ""],
    ["transactionId", "a\nb"],
    ["transactionId", "a\r\nx-acs-action: Other"],
    ["transactionId", "a\u0000"],
    ["transactionId", "\u007f"],
    ["transactionId", "\u0085"],
    ["transactionId", undefined],
    ["transactionId", null],
    ["transactionId", 7],
    ["transactionId", {}],
    ["isReturnImage", "Y"],
    ["isReturnImage", 1],
    ["isReturnImage", null],
    ["extraImageControlList", 1],
    ["extraImageControlList", "a\tb"],
    ["extraImageControlList", ["a"]],
    ["returnFiveCategorySpoofResult", "N"],
    ["returnFiveCategorySpoofResult", 0],
    ["document", "GlobalPassport"]
  ]

  it.each(wrong)("refuses %s %j, naming the field and its rule", (field, value) => {
    const error = refusal({ ...good, [field]: value })
    assert.deepInclude(error, { _tag: "InvalidRequest", code: "InvalidRequest", path: field, attempts: 0 })
    assert.notStrictEqual(error?.rule, "")
    assert.include(error?.message, `${field} must be ${error?.rule}`)
  })

  const wrongExpectations: ReadonlyArray<[expect: unknown, path: string]> = [
    ["canary", "expect"],
    [{ documents: ["Passport"] }, "expect.documents"],
    [{ documents: [] }, "expect.documents"],
    [{ document: "GlobalPassport" }, "expect.document"],
    [{ idSpoof: "Y" }, "expect.idSpoof"],
    [{ pages: "01" }, "expect.pages"],
    [{ isEditable: 1 }, "expect.isEditable"],
    [{ startedAt: "now" }, "expect.startedAt"],
    [{ retentionDays: -1 }, "expect.retentionDays"],
    [{ docments: ["GlobalPassport"] }, "expect.docments"],
    [{ document: Document.GlobalPassport, documents: ["GlobalPassport"] }, "expect.document"]
  ]

  it.each(wrongExpectations)("refuses to expect %j, at %s", (expect, path) => {
    assert.deepInclude(refusal({ ...good, expect }), { _tag: "InvalidRequest", path })
  })

  it("refuses a document beside what is expected", () => {
    const both = { ...good, document: Document.GlobalPassport, expect: { document: Document.GlobalPassport } }
    assert.deepInclude(refusal(both), { _tag: "InvalidRequest", path: "document" })
  })

  it("says what the result is held against", () => {
    const expectationOf = (request: CheckResultRequest.WithDocument<Document.Kind | undefined>) =>
      Result.getOrThrow(CheckResultRequest.check(request)).expectation
    assert.deepStrictEqual(expectationOf(good), {})
    const asked = { idSpoof: true, pages: "frontAndBack" } as const
    assert.deepStrictEqual(expectationOf({ ...good, document: Document.GlobalPassport }), {
      documents: ["GlobalPassport"]
    })
    assert.deepStrictEqual(expectationOf({ ...good, expect: { ...asked, document: Document.GlobalPassport } }), {
      ...asked,
      documents: ["GlobalPassport"]
    })
  })

  it.each([undefined, null, 1, "x", [], () => 1])("refuses %j, which is not a request", (request) => {
    assert.deepInclude(refusal(request), { _tag: "InvalidRequest" })
  })

  it("does not quote the wrong value, which may be a person's id", () => {
    for (const field of ["merchantBizId", "transactionId", "isReturnImage", "extraImageControlList", "expect"]) {
      const error = refusal({ ...good, [field]: "canary\u0007canary" })
      assert.notInclude(`${error?.message} ${JSON.stringify(error)} ${String(error)} ${error?.stack}`, "canary")
    }
  })

  const merchantBizId = oneOf(utf16, joined(constantFrom(..."AZaz09"), 34))

  it.prop(
    "accepts and refuses by the rules, for any text",
    [merchantBizId, utf16],
    ([merchantBizId, transactionId]) => {
      const valid =
        /^[A-Za-z0-9]+$/.test(merchantBizId) &&
        merchantBizId.length <= 32 &&
        transactionId !== "" &&
        !/[\u0000-\u001f\u007f-\u009f]/.test(transactionId) // oxlint-disable-line no-control-regex
      assert.strictEqual(Result.isSuccess(ask({ merchantBizId, transactionId })), valid)
    },
    { arbitrary: { runs: 500 } }
  )

  it("is undone by the schema", () => {
    const request = { ...good, isReturnImage: true, returnFiveCategorySpoofResult: false, extraImageControlList: "x" }
    const wire = Object.fromEntries(Result.getOrThrow(ask(request)))
    assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(CheckResultRequest.CheckResultRequest)(wire), request)
  })
})

describe("the JSON Schema of a request", () => {
  const Described = Schema.Struct({
    properties: Schema.Record(
      Schema.String,
      Schema.Struct({ title: Schema.NonEmptyString, description: Schema.NonEmptyString })
    )
  })

  it.each<[string, Schema.Codec<unknown, unknown>]>([
    ["CheckResultRequest", CheckResultRequest.CheckResultRequest],
    ["InitializeRequest", InitializeRequest.InitializeRequest]
  ])("has the words of every parameter: %s", (_, request) => {
    const { properties } = Schema.decodeUnknownSync(Described)(Schema.toJsonSchemaDocument(request).schema)
    for (const [parameter, { title }] of Object.entries(properties)) assert.strictEqual(title, parameter)
  })

  it("has the patterns", () => {
    const { schema } = Schema.toJsonSchemaDocument(CheckResultRequest.CheckResultRequest)
    assert.containSubset(schema, { properties: { MerchantBizId: { pattern: "^[A-Za-z0-9]{1,32}$" } } })
  })
})

describe("a wrong request", () => {
  it.effect("is refused before anything is sent, by both operations", () =>
    Effect.gen(function* () {
      const server = serve(reply(200, success({})))
      const ask = Effect.gen(function* () {
        const once = yield* Effect.flip(Cloudauth.checkResult({ ...good, merchantBizId: "not valid" }))
        const await_ = yield* Effect.flip(Cloudauth.awaitResult({ ...good, transactionId: "" }))
        return [once, await_]
      })
      const [once, awaited] = yield* ask.pipe(Effect.provide(clientOf(server)))
      assert.deepInclude(once, { _tag: "InvalidRequest", path: "merchantBizId", rule: "1 to 32 letters and digits" })
      assert.deepInclude(awaited, { _tag: "InvalidRequest", path: "transactionId" })
      assert.deepStrictEqual(server.sent, [])
    })
  )

  it.effect("is refused if the document is not one of the seven kinds, which untyped callers can try", () =>
    Effect.gen(function* () {
      const server = serve(reply(200, success({ ocrIdInfo: { passportNo: "X1" } })))
      const document = "GlobalPassport" as unknown as typeof Document.GlobalPassport // what untyped callers may write
      const error = yield* Effect.flip(Cloudauth.checkResult({ ...good, document })).pipe(
        Effect.provide(clientOf(server))
      )
      assert.deepInclude(error, { _tag: "InvalidRequest", path: "document" })
      assert.deepStrictEqual(server.sent, [])
    })
  )
})

describe("the parameters of a usual request", () => {
  /** The same values in every shape that an object can have. */
  const shapes: ReadonlyArray<(request: object) => unknown> = [
    (request) => request,
    (request) => Object.create(request),
    (request) => Object.assign(Object.create(request), good),
    (request) => Object.assign(Object.create({ ...good, ...request }), request),
    (request) => Object.create(null, Object.getOwnPropertyDescriptors(request)),
    (request) =>
      Object.defineProperties(
        {},
        Object.fromEntries(Object.entries(request).map(([name, value]) => [name, { get: (): unknown => value }]))
      ),
    (request) =>
      Object.defineProperty({ ...request }, "another", {
        enumerable: true,
        get: () => {
          throw new Error("the client must not look at this")
        }
      }),
    (request) => Object.assign([], request),
    (request) => Object.assign(new Date(0), request),
    (request) => Object.assign(() => {}, request),
    (request) => [request],
    (request) => JSON.stringify(request)
  ]
  const anything = Arbitrary.schema(Schema.Unknown)
  const id = oneOf<unknown>(Arbitrary.Constant(good.merchantBizId), utf16, anything)
  const flag = oneOf<unknown>(boolean, constantFrom(undefined, "Y"))
  const requests = partial({
    merchantBizId: id,
    transactionId: id,
    isReturnImage: flag,
    extraImageControlList: optional(utf16),
    returnFiveCategorySpoofResult: flag,
    isReturnimage: optional(flag)
  })
  const encode = Schema.encodeUnknownResult(CheckResultRequest.CheckResultRequest)

  /** The rule: own properties count, and nothing but known ones may be there. */
  const expected = (request: unknown) => {
    if (typeof request !== "object" || request === null || Array.isArray(request)) return encode(undefined)
    const isKnown = Object.keys(request).every((key) => Object.hasOwn(CheckResultRequest.keys, key))
    return encode(isKnown ? Object.assign(Object.create(null), request) : undefined)
  }

  const agrees = (request: unknown): void => {
    const encoded = expected(request)
    const query = ask(request)
    assert.strictEqual(Result.isSuccess(query), Result.isSuccess(encoded))
    if (Result.isSuccess(query) && Result.isSuccess(encoded)) {
      assert.deepStrictEqual(query.success, Object.entries({ IsReturnImage: "N", ...encoded.success }))
    }
  }

  it.prop("are what the schema encodes, and refused if it refuses, for anything", [anything], ([any]) => agrees(any), {
    arbitrary: { runs: 1000 }
  })

  it.prop(
    "are what the schema encodes, and refused if it refuses, for any shape",
    [requests, constantFrom(...shapes)],
    ([request, shape]) => agrees(shape(request)),
    { arbitrary: { runs: 3000 } }
  )

  it("are the schema's under a polluted prototype", () => {
    for (const [name, value] of [
      ["isReturnImage", true],
      ["isReturnImage", "Y"],
      ["extraImageControlList", "a"],
      ["transactionId", 1]
    ] as const) {
      Reflect.set(Object.prototype, name, value)
      try {
        agrees({ ...good })
        agrees({ merchantBizId: good.merchantBizId })
      } finally {
        Reflect.deleteProperty(Object.prototype, name)
      }
    }
  })
})
