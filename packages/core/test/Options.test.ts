import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Canned from "../src/Canned.ts"
import { CheckResult } from "../src/CheckResult.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import * as CheckResultRequest from "../src/CheckResultRequest.ts"
import { Credentials } from "../src/Credentials.ts"
import * as DocType from "../src/DocType.ts"
import * as Document from "../src/Document.ts"
import * as Endpoint from "../src/Endpoint.ts"
import * as InitializeRequest from "../src/InitializeRequest.ts"
import * as Options from "../src/Options.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"

/** What a caller without types can write. */
const untyped = <A>(value: unknown): A => value as A // that is the point

const keys: Options.Keys<{ region?: string; retry?: { deadline?: number }; transport?: unknown }> = {
  region: true,
  retry: { deadline: true },
  transport: { proxy: true }
}

const refusal = (options: unknown) => {
  const refused = Result.flip(Options.own(keys, untyped(options)))
  return Result.isSuccess(refused) ? [refused.success.path, refused.success.nearest] : undefined
}

const request = { merchantBizId: "order1", transactionId: "hksb0000" }

describe("Options.own", () => {
  it("keeps own properties and drops what a prototype says", () => {
    const own = Result.getOrThrow(Options.own(keys, Object.create({ region: "evil" }, {})))
    assert.isUndefined(own.region)
    const { region = "default" } = own
    assert.strictEqual(region, "default")
    assert.deepStrictEqual({ ...Result.getOrThrow(Options.own(keys, { region: "a" })) }, { region: "a" })
  })

  it("refuses an unknown key with its path and the nearest valid key", () => {
    assert.deepStrictEqual(refusal({ regoin: "x" }), ["regoin", "region"])
    assert.deepStrictEqual(refusal({ Region: "x" }), ["Region", "region"])
    assert.deepStrictEqual(refusal({ retry: { deadlin: 5 } }), ["retry.deadlin", "deadline"])
    assert.deepStrictEqual(refusal({ somethingElse: 5 }), ["somethingElse", undefined])
    assert.deepStrictEqual(refusal({ "Zhang San\n": 5 }), ["(a key that is no name)", undefined])
  })

  it("refuses what is no object", () => {
    for (const options of [null, "text", 5, []]) assert.deepStrictEqual(refusal(options), ["options", undefined])
  })

  it("looks into literal objects alone, not into layers", () => {
    const transport = Layer.empty
    assert.strictEqual(Result.getOrThrow(Options.own(keys, { transport })).transport, transport)
    assert.deepStrictEqual(refusal({ transport: { prox: "x" } }), ["transport.prox", "proxy"])
  })
})

describe("an unknown key", () => {
  const call = (run: Effect.Effect<unknown, { readonly _tag: string }, Cloudauth>) =>
    Effect.flip(run).pipe(Effect.provide(Cloudauth.layerTest(() => Canned.passed())))

  it.effect.each([
    [
      "isReturnImages",
      "isReturnImage",
      Cloudauth.checkResult(untyped<typeof request>({ ...request, isReturnImages: true }))
    ],
    [
      "TransactionId",
      "transactionId",
      Cloudauth.awaitResult(untyped<typeof request>({ ...request, TransactionId: "x" }))
    ],
    [
      "idSpof",
      "idSpoof",
      Cloudauth.initialize(
        untyped({ merchantBizId: "order1", merchantUserId: "u", docType: DocType.GlobalPassport, idSpof: true })
      )
    ],
    ["retrys", "retry", Cloudauth.checkResult(request, untyped({ retrys: {} }))],
    ["retry.deadlin", "deadline", Cloudauth.checkResult(request, { retry: untyped({ deadlin: 5 }) })],
    [
      "retry.budget.capacty",
      "capacity",
      Cloudauth.checkResult(request, { retry: { budget: untyped({ capacty: 5 }) } })
    ],
    ["pollin", "polling", Cloudauth.awaitResult(request, untyped({ pollin: 1 }))]
  ] as const)("in a call is refused: %s, nearest %s", ([path, nearest, run]) =>
    Effect.map(call(run), (error) =>
      assert.deepInclude<object>({ ...error }, { _tag: "InvalidRequest", path, nearest })
    )
  )

  it.effect.each([
    ["regoin", { regoin: "cn-hongkong" }, RetryPolicy.standard],
    ["RetryPolicy.deadlin", {}, { ...RetryPolicy.standard, deadlin: 5 }]
  ] as const)("in a client's options or policy fails its layer: %s", ([path, options, policy]) =>
    Effect.gen(function* () {
      const live = Cloudauth.layer(untyped(options)).pipe(
        Layer.provide([
          Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }),
          FetchHttpClient.layer,
          RetryPolicy.layer(policy)
        ])
      )
      const error: object = yield* Effect.flip(Layer.build(live))
      assert.deepInclude<object>({ ...error }, { _tag: "InvalidRequest", path })
    }).pipe(Effect.scoped)
  )

  it("in an endpoint is refused", () => {
    const error = Result.getOrThrow(Result.flip(Endpoint.make(untyped({ netwrk: "vpc" }))))
    assert.deepInclude<object>({ ...error }, { path: "netwrk", nearest: "network" })
  })

  it("in what a kept answer is held against is refused: it would be held against nothing", () => {
    const refusalOf = (expect: unknown) =>
      Result.getOrThrow(Result.flip(CheckResult.fromBody(`{"Code":"Success"}`, untyped<{}>(expect))))
    assert.deepInclude<object>(
      { ...refusalOf({ documnet: Document.GlobalPassport }) },
      { _tag: "InvalidRequest", path: "expect.documnet", nearest: "document" }
    )
    assert.deepInclude<object>({ ...refusalOf({ document: "GlobalPassport" }) }, { path: "expect.document" })
    assert.deepInclude<object>({ ...refusalOf(null) }, { path: "expect" })
  })

  it("of a canned answer is refused", () => {
    assert.throws(() => Canned.passed(Document.GlobalPassport, untyped({ spof: [] })), /Did you mean spoof\?/)
    assert.throws(() => Canned.deleted(untyped({ failReson: "x" })), /Did you mean failReason\?/)
    assert.throws(() => Canned.verifyLog(untyped({ verifyStatis: "1" })), /Did you mean verifyStatus\?/)
  })

  it.effect("of a retry policy fails a client for tests, as it fails the real one", () =>
    Effect.gen(function* () {
      const policy = RetryPolicy.layer(untyped({ ...RetryPolicy.standard, deadlin: 5 }))
      const client = Cloudauth.layerTest(() => Canned.passed()).pipe(Layer.provide(policy))
      const exit = yield* Effect.exit(Layer.build(client))
      assert.include(String(exit), "Did you mean deadline?")
    }).pipe(Effect.scoped)
  )

  it.effect("of refreshing credentials fails each call", () =>
    Effect.gen(function* () {
      const load = Effect.succeed({ accessKeyId: "id", accessKeySecret: "secret" })
      const layer = Credentials.layerRefreshing(untyped<{ load: typeof load }>({ load, refreshAhed: 1 }))
      const error = yield* Effect.flip(Effect.flatMap(Credentials, ({ get }) => get)).pipe(Effect.provide(layer))
      assert.include(error.message, "Did you mean refreshAhead?")
    })
  )
})

/** Runs with each key on `Object.prototype`: synchronously, so that nothing else sees it. */
const polluted = <A>(values: Readonly<Record<string, unknown>>, run: () => A): A => {
  for (const [key, value] of Object.entries(values)) {
    Reflect.defineProperty(Object.prototype, key, { value, configurable: true, writable: true, enumerable: false })
  }
  try {
    return run()
  } finally {
    for (const key of Object.keys(values)) Reflect.deleteProperty(Object.prototype, key)
  }
}

describe("what stands on Object.prototype", () => {
  it("moves no endpoint", () => {
    const evil = { url: "http://127.0.0.1:1", region: "ap-southeast-1", network: "vpc" }
    assert.strictEqual(
      polluted(evil, () => Result.getOrThrow(Endpoint.make())).host,
      "cloudauth-intl.cn-hongkong.aliyuncs.com"
    )
  })

  it("adds no parameter to a request, and replaces none that is missing", () => {
    const evil = {
      transactionId: "evil",
      isReturnImage: true,
      extraImageControlList: "evil",
      returnFiveCategorySpoofResult: true,
      document: "evil",
      expect: { idSpoof: false }
    }
    assert.deepStrictEqual(
      polluted(evil, () => Result.getOrThrow(CheckResultRequest.check(request))),
      Result.getOrThrow(CheckResultRequest.check(request))
    )
    const missing = polluted(evil, () => CheckResultRequest.check(untyped({ merchantBizId: "order1" })))
    assert.isTrue(Result.isFailure(missing))
  })

  it("adds nothing to Initialize", () => {
    const initialize = { merchantBizId: "order1", merchantUserId: "user", docType: DocType.GlobalPassport }
    const evil = {
      callbackUrl: "https://evil.example",
      callbackToken: Redacted.make("evil"),
      returnUrl: "https://evil.example",
      securityLevel: "normal",
      idSpoof: false
    }
    assert.deepStrictEqual(
      polluted(evil, () => Result.getOrThrow(InitializeRequest.toQuery(initialize))),
      Result.getOrThrow(InitializeRequest.toQuery(initialize))
    )
  })

  it("is no part of a credential", () => {
    const make = () =>
      Effect.runSync(
        Effect.flatMap(Credentials, ({ get }) => get).pipe(
          Effect.provide(Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" }))
        )
      )
    const credential = polluted({ securityToken: "evil", expiresAt: 0 }, make)
    assert.isUndefined(credential.securityToken)
    assert.isUndefined(credential.expiresAt)
  })

  it("is no part of a schedule's options", () => {
    assert.throws(() => RetryPolicy.fullJitter(untyped({ base: 1, cap: 1, tims: 3 })), /Did you mean times\?/)
  })
})
