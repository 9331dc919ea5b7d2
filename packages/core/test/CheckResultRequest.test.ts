import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import * as CheckResultRequest from "../src/CheckResultRequest.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as Document from "../src/Document.ts"
import { success } from "./fixtures/answers.ts"
import { clientOf, reply, serve } from "./fixtures/server.ts"
import { utf16 } from "./fixtures/text.ts"
import { requestParameters } from "./fixtures/vendorPage.ts"

const good = { merchantBizId: "e0c34a77f5ac40a5aa5e6ed20c350000", transactionId: "hksb7ba1b28130d24e015d600000000" }

/** As callers without types can ask. */
const ask = (request: unknown) => CheckResultRequest.toQuery(request as CheckResultRequest.CheckResultRequest)

const refusal = (request: unknown) => {
  const result = ask(request)
  return Result.isFailure(result) ? result.failure : undefined
}

describe("CheckResultRequest.toQuery", () => {
  it("writes the vendor's parameters, IsReturnImage N unless asked for", () => {
    expect(new Map(Result.getOrThrow(ask(good)))).toEqual(
      new Map([
        ["MerchantBizId", good.merchantBizId],
        ["TransactionId", good.transactionId],
        ["IsReturnImage", "N"]
      ])
    )
    expect(
      Result.getOrThrow(ask(good))
        .map(([name]) => name)
        .sort()
    ).toEqual(requestParameters.map(({ name }) => name).sort())
  })

  it.each([
    [true, "Y"],
    [false, "N"]
  ])("writes booleans: %j as %s", (flag, text) => {
    const query = new Map(Result.getOrThrow(ask({ ...good, isReturnImage: flag, returnFiveCategorySpoofResult: flag })))
    expect(query.get("IsReturnImage")).toBe(text)
    expect(query.get("ReturnFiveCategorySpoofResult")).toBe(text)
  })

  it("writes the list of extra images as it is", () => {
    expect(
      new Map(Result.getOrThrow(ask({ ...good, extraImageControlList: "a,b c" }))).get("ExtraImageControlList")
    ).toBe("a,b c")
  })

  it("sends nothing of a request but its parameters", () => {
    const query = Result.getOrThrow(ask({ ...good, document: Document.GlobalPassport }))
    expect(query.map(([name]) => name).sort()).toEqual(["IsReturnImage", "MerchantBizId", "TransactionId"])
  })

  it.each([["1"], ["a".repeat(32)], ["ABCxyz0123456789"]])("accepts the merchantBizId %j", (merchantBizId) => {
    expect(refusal({ ...good, merchantBizId })).toBeUndefined()
  })

  it.each(["t", "with space", "李", "a/b?c&d=e", "😀", "x".repeat(2000)])(
    "accepts the transactionId %j",
    (transactionId) => {
      expect(refusal({ ...good, transactionId })).toBeUndefined()
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
    ["returnFiveCategorySpoofResult", 0]
  ]

  it.each(wrong)("refuses %s %j, naming the field and its rule", (field, value) => {
    const error = refusal({ ...good, [field]: value })
    expect(error).toMatchObject({ _tag: "InvalidRequest", code: "InvalidRequest", path: field, attempts: 0 })
    expect(error?.rule).not.toBe("")
    expect(error?.message).toContain(`${field} must be ${error?.rule}`)
  })

  it.each([undefined, null, 1, "x", [], () => 1])("refuses %j, which is no request", (request) => {
    expect(refusal(request)).toMatchObject({ _tag: "InvalidRequest" })
  })

  it("does not quote the wrong value, which may be somebody's id", () => {
    for (const field of ["merchantBizId", "transactionId", "isReturnImage", "extraImageControlList"]) {
      const error = refusal({ ...good, [field]: "canary\u0007canary" })
      expect(`${error?.message} ${JSON.stringify(error)} ${String(error)} ${error?.stack}`).not.toContain("canary")
    }
  })

  it("accepts and refuses by the rules, for any text", () => {
    fc.assert(
      fc.property(fc.oneof(utf16, fc.stringMatching(/^[A-Za-z0-9]{1,34}$/)), utf16, (merchantBizId, transactionId) => {
        const valid =
          /^[A-Za-z0-9]+$/.test(merchantBizId) &&
          merchantBizId.length <= 32 &&
          transactionId !== "" &&
          !/[\u0000-\u001f\u007f-\u009f]/.test(transactionId) // oxlint-disable-line no-control-regex
        expect(Result.isSuccess(ask({ merchantBizId, transactionId }))).toBe(valid)
      }),
      { numRuns: 500 }
    )
  })

  it("is undone by the schema", () => {
    const request = { ...good, isReturnImage: true, returnFiveCategorySpoofResult: false, extraImageControlList: "x" }
    const wire = Object.fromEntries(Result.getOrThrow(ask(request)))
    expect(Schema.decodeUnknownSync(CheckResultRequest.CheckResultRequest)(wire)).toEqual(request)
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
      expect(once).toMatchObject({ _tag: "InvalidRequest", path: "merchantBizId", rule: "1 to 32 letters and digits" })
      expect(awaited).toMatchObject({ _tag: "InvalidRequest", path: "transactionId" })
      expect(server.sent).toEqual([])
    })
  )

  it.effect("is refused where the document is none of the seven, as untyped callers can ask", () =>
    Effect.gen(function* () {
      const server = serve(reply(200, success({ ocrIdInfo: { passportNo: "X1" } })))
      const document = "GlobalPassport" as unknown as typeof Document.GlobalPassport // what untyped callers may write
      const error = yield* Effect.flip(Cloudauth.checkResult({ ...good, document })).pipe(
        Effect.provide(clientOf(server))
      )
      expect(error).toMatchObject({ _tag: "InvalidRequest", path: "document" })
      expect(server.sent).toEqual([])
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
          throw new Error("nobody is to look at this")
        }
      }),
    (request) => Object.assign([], request),
    (request) => Object.assign(new Date(0), request),
    (request) => Object.assign(() => {}, request),
    (request) => [request],
    (request) => JSON.stringify(request)
  ]
  const id = fc.oneof(fc.constant(good.merchantBizId), fc.string({ maxLength: 3 }), fc.anything({ maxDepth: 1 }))
  const flag = fc.oneof(fc.boolean(), fc.constant(undefined), fc.constant("Y"))
  const requests = fc.record(
    {
      merchantBizId: id,
      transactionId: id,
      isReturnImage: flag,
      extraImageControlList: fc.oneof(fc.string({ maxLength: 2 }), fc.constant(undefined)),
      returnFiveCategorySpoofResult: flag,
      document: fc.anything({ maxDepth: 1 })
    },
    { requiredKeys: [] }
  )
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
    expect(Result.isSuccess(query)).toBe(Result.isSuccess(encoded))
    if (Result.isSuccess(query) && Result.isSuccess(encoded)) {
      expect(query.success).toEqual(Object.entries({ IsReturnImage: "N", ...encoded.success }))
    }
  }

  it("are what the schema encodes, and refused where it refuses", () => {
    fc.assert(fc.property(fc.anything(), agrees), { numRuns: 1000 })
    fc.assert(
      fc.property(requests, fc.nat(shapes.length - 1), (request, shape) => agrees(shapes[shape]?.(request))),
      { numRuns: 3000 }
    )
  })

  it("are the schema's under a polluted prototype, too", () => {
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
