/** What the transport over an `HttpClient` does with requests, responses, time and faults. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { inspect } from "node:util"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"
import * as Document from "../src/Document.ts"
import * as HttpTransport from "../src/HttpTransport.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { SignatureCrypto } from "../src/SignatureCrypto.ts"
import * as Transport from "../src/Transport.ts"
import { failure, success, passing } from "./fixtures/answers.ts"
import { key, syncCrypto } from "./fixtures/server.ts"
import { recordingTracer } from "./fixtures/tracing.ts"

/** A client over an `HttpClient`. */
const over = (http: HttpClient.HttpClient, options?: Parameters<typeof Cloudauth.layer>[0]) =>
  Cloudauth.layer({ quota: "none", ...options }).pipe(
    Layer.provide([
      Credentials.layerStatic({ ...key, securityToken: "testToken" }),
      Layer.succeed(HttpClient.HttpClient, http),
      Layer.succeed(SignatureCrypto, { ...syncCrypto, nonce: () => "testNonce" }),
      RetryPolicy.layer(RetryPolicy.none)
    ])
  )

const check = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb1" })

/** An `HttpClient` that gives this response. */
const responding = (response: () => Response, requests: Array<unknown> = []) =>
  HttpClient.make((request) =>
    Effect.sync(() => {
      requests.push(request)
      return HttpClientResponse.fromWeb(request, response())
    })
  )

const answering = responding(() => new Response(passing()))

/** A body in chunks, how many were read, and whether the reading was cancelled. */
const streaming = (chunk: (index: number) => Uint8Array | undefined) => {
  let pulled = 0
  let isCancelled = false
  const response = () =>
    new Response(
      new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            const next = chunk(pulled++)
            return next === undefined ? controller.close() : controller.enqueue(next)
          },
          cancel: () => {
            isCancelled = true
          }
        },
        { highWaterMark: 0 }
      )
    )
  return { http: responding(response), pulled: () => pulled, isCancelled: () => isCancelled }
}

/** A client over `fetch`, and how `fetch` was called. */
const fetching = (respond: (init: RequestInit | undefined) => Promise<Response>) => {
  const calls: Array<{ readonly url: string; readonly init: RequestInit | undefined }> = []
  const fetch = ((url: string | URL | Request, init?: RequestInit) => {
    calls.push({ url: url instanceof Request ? url.url : url.toString(), init })
    return respond(init)
  }) as typeof globalThis.fetch // its other overloads are not used
  const layer = Cloudauth.layer().pipe(
    Layer.provide([Credentials.layerStatic(key), FetchHttpClient.layer, RetryPolicy.layer(RetryPolicy.none)]),
    Layer.provideMerge(Layer.succeed(FetchHttpClient.Fetch, fetch))
  )
  return { calls, layer }
}

describe("the layer", () => {
  it("is built synchronously", () => {
    const { send } = Effect.runSync(
      Effect.provide(
        Transport.Transport,
        Layer.provide(HttpTransport.layer, Layer.succeed(HttpClient.HttpClient, answering))
      )
    )
    assert.isFunction(send)
    assert.isFunction(Effect.runSync(Effect.provide(Cloudauth, over(answering))).checkResult)
  })
})

describe("over fetch", () => {
  it.effect("a call is a POST to the endpoint", () =>
    Effect.gen(function* () {
      const { calls, layer } = fetching(async () => new Response(passing()))
      assert.strictEqual((yield* Effect.provide(check, layer)).verdict._tag, "Passed")
      assert.strictEqual(calls[0]?.init?.method, "POST")
      assert.match(calls[0]?.url ?? "", /^https:\/\/cloudauth-intl\.cn-hongkong\.aliyuncs\.com\/\?/)
    })
  )

  it.effect("a redirect is not followed: the signature goes to no other host", () =>
    Effect.gen(function* () {
      const { calls, layer } = fetching(
        async () => new Response("", { status: 302, headers: { location: "https://evil.example/" } })
      )
      const error = yield* Effect.flip(Effect.provide(check, layer))
      assert.deepInclude(error, { _tag: "UnknownResponseCode", httpStatus: 302, attempts: 1 })
      assert.lengthOf(calls, 1)
      assert.strictEqual(calls[0]?.init?.redirect, "manual")
    })
  )

  it.effect("the caller's own options of fetch stay, but not for redirects", () =>
    Effect.gen(function* () {
      const { calls, layer } = fetching(async () => new Response(passing()))
      const init = Layer.succeed(FetchHttpClient.RequestInit, { keepalive: true, redirect: "follow" })
      yield* Effect.provide(check, Layer.provide(layer, init))
      assert.deepInclude(calls[0]?.init, { keepalive: true, redirect: "manual" })
    })
  )

  it.effect("an interruption aborts the signal of fetch", () =>
    Effect.gen(function* () {
      const { calls, layer } = fetching(() => new Promise(() => {}))
      const fiber = yield* Effect.forkChild(Effect.provide(check, layer), { startImmediately: true })
      while (calls.length === 0) yield* Effect.yieldNow
      const isAborted = () => calls[0]?.init?.signal?.aborted
      assert.isFalse(isAborted())
      yield* Fiber.interrupt(fiber)
      assert.isTrue(isAborted())
    })
  )
})

describe("an application's own HttpClient", () => {
  it.effect("may treat a status as an error: the response in that error is read", () =>
    Effect.gen(function* () {
      const http = responding(() => new Response(failure("Throttling.Api"), { status: 403 }))
      const error = yield* Effect.flip(Effect.provide(check, over(HttpClient.filterStatusOk(http))))
      assert.deepInclude(error, { _tag: "Throttled", code: "Throttling.Api", httpStatus: 403 })
    })
  )

  it.effect("makes no span of the request, whose query holds ids", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recordingTracer()
      const other = HttpClient.get("https://other.example/").pipe(
        Effect.provideService(HttpClient.HttpClient, answering)
      )
      yield* Effect.andThen(check, other).pipe(
        Effect.provide(over(answering)),
        Effect.provideService(Tracer.Tracer, tracer)
      )
      assert.deepStrictEqual(
        spans.map(({ name }) => name),
        ["Cloudauth.checkResult", "Cloudauth.attempt", "GET"]
      )
    })
  )

  it.effect("sees where a request goes if it prints it, and nothing secret", () =>
    Effect.gen(function* () {
      const requests: Array<unknown> = []
      yield* Effect.provide(check, over(responding(() => new Response(passing()), requests)))
      const [request] = requests
      assert.deepStrictEqual(JSON.parse(JSON.stringify(request)), {
        _id: "HttpClientRequest",
        method: "POST",
        url: "https://cloudauth-intl.cn-hongkong.aliyuncs.com/",
        headers: "<redacted>"
      })
      assert.notMatch(
        inspect(request, { depth: 10 }) + String(request),
        /Signature=|testToken|testNonce|testKeyId|hksb1/
      )
    })
  )

  it.effect("sees the names of the headers if it prints them alone, and no secret value", () =>
    Effect.gen(function* () {
      let printed = ""
      const http = HttpClient.make((request) =>
        Effect.sync(() => {
          printed = inspect(request.headers, { depth: 10 }) + JSON.stringify(request.headers)
          return HttpClientResponse.fromWeb(request, new Response(passing()))
        })
      )
      yield* Effect.provide(check, over(http))
      for (const name of ["x-acs-action", "authorization", "x-acs-accesskey-id", "x-acs-security-token"]) {
        assert.include(printed, name)
      }
      assert.include(printed, "x-acs-signature-nonce")
      assert.notMatch(printed, /Signature=|testToken|testNonce|testKeyId/)
    })
  )

  it.effect.each<[string, HttpClient.HttpClient]>([
    ["dies", HttpClient.make(() => Effect.die(new RangeError("a secret")))],
    [
      "throws",
      HttpClient.makeWith<HttpClientError, never, HttpClientError, never>(() => {
        throw new RangeError("a secret")
      }, Effect.succeed)
    ]
  ])("that %s is a connection that failed, without its text", ([, http]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.provide(check, over(http)))
      assert.deepInclude(error, { _tag: "TransportError", reason: "the connection failed: RangeError" })
      assert.notInclude(inspect(error, { depth: 10 }), "a secret")
    })
  )

  it.effect("that interrupts itself interrupts the call", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Effect.provide(check, over(HttpClient.make(() => Effect.interrupt))))
      assert.isTrue(Exit.hasInterrupts(exit))
    })
  )
})

describe("the time limit", () => {
  it.effect("runs on Effect's clock, and cancels the request to the millisecond", () =>
    Effect.gen(function* () {
      let cancelled = 0
      const http = HttpClient.make(() => Effect.onInterrupt(Effect.never, () => Effect.sync(() => cancelled++)))
      const call = check.pipe(
        Effect.provide(over(http)),
        Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.none, attemptTimeout: "2 seconds" })
      )
      const fiber = yield* Effect.forkChild(Effect.flip(call))
      yield* TestClock.adjust("1999 millis")
      assert.deepStrictEqual([fiber.pollUnsafe(), cancelled], [undefined, 0])
      yield* TestClock.adjust("1 millis")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "CallTimeout", limit: "attempt", after: 2000 })
      assert.strictEqual(cancelled, 1)
    })
  )

  it.effect("takes an answer that is read turn by turn once a late timer has fired", () =>
    Effect.gen(function* () {
      const pieces = Stream.fromIterable(new TextEncoder().encode(passing())).pipe(
        Stream.grouped(20),
        Stream.mapEffect((bytes) => Effect.as(Effect.yieldNow, Uint8Array.from(bytes)))
      )
      const http = HttpClient.make((request) =>
        Effect.succeed(
          HttpClientResponse.fromWeb(request, new Response(Stream.toReadableStream(pieces), { status: 200 }))
        ).pipe(Effect.tap(Effect.yieldNow), Effect.delay("2 seconds"))
      )
      const call = check.pipe(
        Effect.provide(over(http)),
        Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.none, attemptTimeout: "2 seconds" })
      )
      const fiber = yield* Effect.forkChild(call)
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Passed")
    })
  )

  it.effect("covers the body, and the status that had arrived is kept", () =>
    Effect.gen(function* () {
      const http = responding(() => new Response(new ReadableStream({}), { status: 206 }))
      const transport = Layer.provide(HttpTransport.layer, Layer.succeed(HttpClient.HttpClient, http))
      const request = { origin: "https://a.example", path: "/", headers: {}, timeout: 500, maxBodyBytes: 10 }
      const fiber = yield* Transport.Transport.use(({ send }) => Effect.flip(send(request))).pipe(
        Effect.provide(transport),
        Effect.forkChild
      )
      yield* TestClock.adjust("500 millis")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "TimedOut", httpStatus: 206 })
    })
  )
})

describe("the limit of a body", () => {
  const blank = (bytes: number) => () => new Uint8Array(bytes).fill(0x20)

  it.effect("ends the reading there, with a typed error", () =>
    Effect.gen(function* () {
      const { http, isCancelled, pulled } = streaming(blank(1000))
      const error = yield* Effect.flip(Effect.provide(check, over(http, { maxBodyBytes: 10_000 })))
      assert.deepInclude(error, { _tag: "DecodeError", expected: "at most 10000 bytes", attempts: 1, httpStatus: 200 })
      assert.isAtMost(pulled(), 12)
      assert.isTrue(isCancelled())
    })
  )

  it.effect("is 16 MiB by default", () =>
    Effect.gen(function* () {
      const { http, pulled } = streaming(blank(1024 * 1024))
      const error = yield* Effect.flip(Effect.provide(check, over(http)))
      assert.deepInclude(error, { _tag: "DecodeError", expected: "at most 16777216 bytes" })
      assert.isAtMost(pulled(), 18)
    })
  )

  it.effect.each([Number.NaN, Infinity, 0, -1, 1.5])("is refused if it is %d bytes", (maxBodyBytes) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.provide(check, over(answering, { maxBodyBytes })))
      assert.deepInclude(error, { _tag: "InvalidRequest", path: "maxBodyBytes" })
    })
  )

  it.effect("lets a body of exactly that size through", () =>
    Effect.gen(function* () {
      const body = passing()
      const http = responding(() => new Response(body))
      yield* Effect.provide(check, over(http, { maxBodyBytes: body.length }))
      const error = yield* Effect.flip(Effect.provide(check, over(http, { maxBodyBytes: body.length - 1 })))
      assert.strictEqual(error._tag, "DecodeError")
    })
  )

  it.effect("does not matter for a body in many pieces, which is read whole", () =>
    Effect.gen(function* () {
      const bytes = new TextEncoder().encode(success({ ocrIdInfo: { passportNo: "李😀" } }))
      const { http } = streaming((index) =>
        index * 7 < bytes.length ? bytes.slice(index * 7, index * 7 + 7) : undefined
      )
      const request = { merchantBizId: "order1", transactionId: "hksb1", document: Document.GlobalPassport }
      const { ocr } = yield* Effect.provide(Cloudauth.checkResult(request), over(http))
      assert.strictEqual(Document.reveal(ocr)?.passportNo, "李😀")
    })
  )

  it.effect("does not matter for a body that breaks off, which is a failure of the connection", () =>
    Effect.gen(function* () {
      const { http } = streaming(() => {
        throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })
      })
      const error = yield* Effect.flip(Effect.provide(check, over(http)))
      assert.deepInclude(error, { _tag: "TransportError", reason: "the connection failed: ECONNRESET" })
      assert.isTrue(error._tag === "TransportError" && Redacted.isRedacted(error.underlying))
    })
  )
})
