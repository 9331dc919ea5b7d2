import { execFile } from "node:child_process"
import * as path from "node:path"
import { promisify } from "node:util"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import {
  type Client,
  ClientClosed,
  type ClientOptions,
  createClient,
  CredentialsError,
  InvalidRequest,
  ProcessNotCompleted,
  reveal,
  Throttled,
  TransactionIdInvalid,
  TransportError,
  WaitTimedOut
} from "../src/Client.ts"
import { eventually, httpServer, withEnvironment } from "./support/servers.ts"

const request = { merchantBizId: "order1", transactionId: "hksb1" } as const

/** A client of an emulator, in plain promises. */
const withClient = (
  options: ClientOptions,
  scenario: Scenario.Scenario,
  use: (client: Client, emulator: Emulator["Service"]) => Promise<void>
) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* emulator.register("hksb1", scenario)
    yield* Effect.promise(async () => {
      await using client = createClient({
        url: emulator.url,
        credentials: {
          accessKeyId: emulator.accessKeyId,
          accessKeySecret: Redacted.value(emulator.accessKeySecret)
        },
        ...options
      })
      await use(client, emulator)
    })
  }).pipe(Effect.provide(Emulator.layer()))

const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error("it was not rejected")
}

const thrown = (evaluate: () => unknown): unknown => {
  try {
    evaluate()
  } catch (error) {
    return error
  }
  throw new Error("nothing was thrown")
}

describe("createClient", () => {
  it.live("asks, and reveals by plain functions", () =>
    withClient({}, Scenario.passed({ document: "global-passport" }), async (client) => {
      const result = await client.checkResult({ ...request, isReturnImage: true, document: "GlobalPassport" })
      assert.strictEqual(result.verdict._tag, "Passed")
      const passportNo: string | undefined = reveal(result.ocr)?.passportNo
      assert.isString(passportNo)
      const bytes = reveal(result.images.front)
      assert.strictEqual(bytes?.byteLength, result.images.front?.size)
      assert.isUndefined(reveal(result.images.back))
      assert.notInclude(JSON.stringify(result), passportNo ?? "?")
      const inferred = await client.checkResult(request)
      assert.strictEqual(inferred.ocr._tag, "Read")
    })
  )

  it.live("holds the result against what was asked for", () =>
    withClient({}, Scenario.passed({ document: "global-passport" }), async (client) => {
      const expect = { document: "GlobalPassport", idSpoof: true } as const
      const result = await client.checkResult({ ...request, expect })
      assert.strictEqual(result.spoof.front._tag, "Clear")
      assert.deepStrictEqual(result.expectation, { documents: ["GlobalPassport"], idSpoof: true })
      const error = await rejection(client.checkResult({ ...request, expect: { ...expect, idSpof: true } as never }))
      assert.deepInclude(error, { _tag: "InvalidRequest", path: "expect.idSpof", nearest: "idSpoof" })
    })
  )

  it.live("rejects with classes that narrow by instanceof, _tag and code", () =>
    withClient({}, Scenario.errorCode("TransactionIdInvalid"), async (client) => {
      const error = await rejection(client.checkResult(request))
      assert.instanceOf(error, TransactionIdInvalid)
      assert.instanceOf(error, Error)
      assert.strictEqual(error._tag, "TransactionIdInvalid")
      assert.strictEqual(error.code, "TransactionIdInvalid")
      assert.isString(reveal(error.serverMessage))
      assert.isString(error.stack)
    })
  )

  it.live("waits for the user", () =>
    withClient(
      {},
      Scenario.sequence([Scenario.notCompleted, Scenario.notCompleted, Scenario.rejected("212")]),
      async (client, emulator) => {
        assert.instanceOf(await rejection(client.checkResult(request)), ProcessNotCompleted)
        const result = await client.awaitResult(request, { interval: 5 })
        assert.strictEqual(result.verdict._tag, "Rejected")
        assert.strictEqual((await Effect.runPromise(emulator.callsOf("hksb1"))).length, 3)
      }
    )
  )

  it.live("gives up waiting after its timeout, and goes on when it is resumed", () =>
    withClient({}, Scenario.notCompleted, async (client, emulator) => {
      const error = await rejection(client.awaitResult(request, { interval: 5, timeout: 50 }))
      assert.instanceOf(error, WaitTimedOut)
      const before = (await Effect.runPromise(emulator.callsOf("hksb1"))).length
      // Without an interval of its own the first wait is longer than this.
      assert.instanceOf(await rejection(client.awaitResult(request, { timeout: 50 })), WaitTimedOut)
      assert.isAtMost((await Effect.runPromise(emulator.callsOf("hksb1"))).length, before + 2)
      const pending = reveal(error.pending)
      if (pending === undefined) return assert.fail("no pending wait")
      await Effect.runPromise(emulator.register("hksb1", Scenario.rejected("212")))
      assert.strictEqual((await client.resume(pending, { timeout: 60_000 })).verdict._tag, "Rejected")
    })
  )

  it.live("retries as told", () =>
    withClient({ retry: false }, Scenario.throttled({ retryAfterMillis: 1 }), async (client, emulator) => {
      assert.instanceOf(await rejection(client.checkResult(request)), Throttled)
      assert.strictEqual((await Effect.runPromise(emulator.callsOf("hksb1"))).length, 1)
      await using patient = createClient({
        url: emulator.url,
        credentials: { accessKeyId: emulator.accessKeyId, accessKeySecret: Redacted.value(emulator.accessKeySecret) },
        retry: { throttle: 2 }
      })
      const error = await rejection(patient.checkResult(request))
      assert.instanceOf(error, Throttled)
      assert.strictEqual(error.attempts, 3)
    })
  )

  it.live("an aborted signal ends the call and its connection", () =>
    Effect.gen(function* () {
      let asked = 0
      const server = yield* httpServer(() => void asked++)
      const client = createClient({
        url: server.origin,
        credentials: { accessKeyId: "id", accessKeySecret: "secret" }
      })
      const controller = new AbortController()
      const promise = rejection(client.checkResult(request, { signal: controller.signal }))
      yield* eventually("the call arrives", () => asked === 1)
      const reason = new Error("the user left")
      controller.abort(reason)
      assert.strictEqual(yield* Effect.promise(() => promise), reason)
      yield* eventually("the connection is closed", () => server.open() === 0)
      const before = yield* Effect.promise(() =>
        rejection(client.checkResult(request, { signal: AbortSignal.abort(reason) }))
      )
      assert.strictEqual(before, reason)
      assert.strictEqual(asked, 1)
      const late = yield* Effect.promise(() =>
        rejection(client.awaitResult(request, { signal: AbortSignal.timeout(30) }))
      )
      assert.strictEqual((late as Error).name, "TimeoutError") // a DOMException, of the signal
      yield* Effect.promise(() => client.close())
    })
  )

  it.live("close lets calls under way end, then refuses further ones", () =>
    Effect.gen(function* () {
      let asked = 0
      const server = yield* httpServer((_, response) => {
        asked++
        setTimeout(() => {
          response.end(
            JSON.stringify({
              RequestId: "R-1",
              Code: "Success",
              Result: { Passed: "Y", SubCode: "200", ExtIdInfo: '{"ocrIdInfo":{"passportNo":"P1"}}' }
            })
          )
        }, 100)
      })
      const client = createClient({
        url: server.origin,
        credentials: { accessKeyId: "id", accessKeySecret: "secret" }
      })
      const call = client.checkResult(request)
      yield* eventually("the call arrives", () => asked === 1)
      const closing = client.close()
      assert.strictEqual((yield* Effect.promise(() => call)).verdict._tag, "Passed")
      yield* Effect.promise(() => closing)
      yield* Effect.promise(() => client.close())
      const error = yield* Effect.promise(() => rejection(client.checkResult(request)))
      assert.instanceOf(error, ClientClosed)
      assert.strictEqual(error.code, "ClientClosed")
      yield* eventually("no connection is left", () => server.open() === 0)
    })
  )

  it.live("close does not wait for ever", () =>
    Effect.gen(function* () {
      let asked = 0
      const server = yield* httpServer(() => void asked++)
      const client = createClient({
        url: server.origin,
        credentials: { accessKeyId: "id", accessKeySecret: "secret" },
        transport: { drainTimeout: 50 }
      })
      const call = rejection(client.checkResult(request))
      yield* eventually("the call arrives", () => asked === 1)
      yield* Effect.promise(() => client.close())
      assert.instanceOf(yield* Effect.promise(() => call), ClientClosed)
      yield* eventually("the connection is closed", () => server.open() === 0)
    })
  )

  it.live("takes a key from a function, once for many calls", () =>
    withClient({}, Scenario.passed(), async (_, emulator) => {
      let asked = 0
      await using client = createClient({
        url: emulator.url,
        credentials: async () => {
          asked++
          return {
            accessKeyId: emulator.accessKeyId,
            accessKeySecret: Redacted.value(emulator.accessKeySecret),
            expiresAt: Date.now() + 3_600_000
          }
        }
      })
      const results = await Promise.all(Array.from({ length: 100 }, () => client.checkResult(request)))
      assert.isTrue(results.every((result) => result.verdict._tag === "Passed"))
      assert.strictEqual(asked, 1)
      await using broken = createClient({
        url: emulator.url,
        credentials: () => Promise.reject(new Error("the vault said my-secret"))
      })
      const error = await rejection(broken.checkResult(request))
      assert.instanceOf(error, CredentialsError)
      assert.notInclude(`${error.message} ${JSON.stringify(error)}`, "my-secret")
      const key = { accessKeyId: "my-id", accessKeySecret: "my-secret" }
      const odd = [
        [{ accessKeyId: "my-id" }, "accessKeySecret is missing or no text"],
        [{ accessKeySecret: "my-secret" }, "accessKeyId is missing or no text"],
        [{ ...key, accessKeyId: 5 }, "accessKeyId is missing or no text"],
        [{ ...key, securityToken: "" }, "securityToken is empty or no text"],
        [{ ...key, expiresAt: Number.NaN }, "expiresAt is no number of milliseconds"],
        [undefined, "an object with accessKeyId"]
      ] as const
      for (const [given, reason] of odd) {
        await using wrong = createClient({
          url: emulator.url,
          credentials: () => given as { accessKeyId: string; accessKeySecret: string } // as plain JavaScript could
        })
        const refused = await rejection(wrong.checkResult(request))
        assert.instanceOf(refused, CredentialsError)
        assert.include(refused.reason, reason)
        assert.notMatch(`${refused.message} ${JSON.stringify(refused)}`, /my-(id|secret)/)
      }
    })
  )

  it.live("keeps the account's quota", () =>
    withClient({ quota: 1000, account: "kyc" }, Scenario.passed(), async (client) => {
      const results = await Promise.all(Array.from({ length: 20 }, () => client.checkResult(request)))
      assert.strictEqual(results.length, 20)
    })
  )

  it.live("says what is missing in the environment", () =>
    Effect.promise(async () => {
      await using client = createClient({ url: "http://127.0.0.1:9" })
      const error = await rejection(client.checkResult(request))
      assert.instanceOf(error, CredentialsError)
      assert.include(error.message, "ALIBABA_CLOUD_ACCESS_KEY_ID")
    }).pipe(withEnvironment({ ALIBABA_CLOUD_ACCESS_KEY_ID: undefined, ALIBABA_CLOUD_ACCESS_KEY_SECRET: undefined }))
  )

  it.live("takes the vendor's chain of sources on request", () =>
    withClient({}, Scenario.passed(), (_, emulator) =>
      Effect.runPromise(
        Effect.promise(async () => {
          await using client = createClient({ url: emulator.url, credentials: "default" })
          assert.strictEqual((await client.checkResult(request)).verdict._tag, "Passed")
        }).pipe(
          withEnvironment({
            ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: Redacted.value(emulator.accessKeySecret),
            ALIBABA_CLOUD_SECURITY_TOKEN: undefined
          })
        )
      )
    )
  )

  it("throws clear errors for wrong options at once", () => {
    const message = (options: unknown) => {
      const error = thrown(() => createClient(options as ClientOptions)) // as plain JavaScript could
      assert.instanceOf(error, Error)
      assert.isTrue(error instanceof InvalidRequest || error instanceof CredentialsError)
      return error.message
    }
    assert.include(message({ region: "Hong Kong" }), "region must be one of cn-hongkong")
    assert.include(message({ url: "http://example.com" }), "url must be https:")
    assert.include(message({ network: "lan" }), "network must be public or vpc")
    assert.include(message({ acessKey: 1 }), "acessKey must be left out")
    assert.include(message({ credentials: "env" }), "credentials must be")
    assert.include(message({ credentials: { accessKeyId: "id" } }), "accessKeySecret is missing")
    assert.include(message({ credentials: 5 }), "credentials must be")
    assert.include(message({ retry: { transient: -1 } }), "retry.transient must be")
    assert.include(message({ retry: 3 }), "retry must be")
    assert.include(message({ quota: 0 }), "quota must be")
    assert.include(message({ quota: { persecond: 5 } }), "Did you mean perSecond?")
    assert.include(message({ quota: "none", account: "kyc" }), "account must be left out")
    assert.include(message({ maxBodyBytes: "big" }), "maxBodyBytes must be")
    assert.include(message({ transport: { connections: 0 } }), "connections must be")
    assert.include(message({ transport: { tls: { rejectUnauthorized: false } } }), "tls.rejectUnauthorized")
    assert.include(message(null), "options must be an object")
  })

  it("rejects wrong requests before anything is sent", async () => {
    await using client = createClient({
      url: "http://127.0.0.1:9",
      credentials: { accessKeyId: "id", accessKeySecret: "secret" }
    })
    const path = async (wrong: unknown) => {
      const error = await rejection(client.checkResult(wrong as typeof request)) // as plain JavaScript could
      assert.instanceOf(error, InvalidRequest)
      return error.path
    }
    assert.strictEqual(await path({ merchantBizId: "no spaces", transactionId: "x" }), "merchantBizId")
    assert.strictEqual(await path({ ...request, document: "Passport" }), "document")
    assert.strictEqual(await path(undefined), "request")
    const interval = await rejection(client.awaitResult(request, { interval: Number.NaN }))
    assert.instanceOf(interval, InvalidRequest)
    const refused = await rejection(client.checkResult(request))
    assert.instanceOf(refused, TransportError)
  })
})

const run = promisify(execFile)

/** Plain JavaScript in a process of its own, as a consumer would write it. */
const script = (load: string) => `
${load}
const client = createClient({ region: "cn-hongkong", url: process.env.ENDPOINT })
const main = async () => {
  try {
    const result = await client.checkResult({ merchantBizId: "order1", transactionId: "hksb1", document: "GlobalPassport" })
    console.log(result.verdict._tag, typeof reveal(result.ocr).passportNo)
    await client.checkResult({ merchantBizId: "order1", transactionId: "hksb2" })
  } catch (error) {
    console.log(error instanceof TransactionIdInvalid, error.code)
  } finally {
    await client.close()
  }
}
main()
`

describe("from plain JavaScript", () => {
  const modules = {
    module: 'import { createClient, reveal, TransactionIdInvalid } from "@effect-cloudauth/node/Client"',
    commonjs: 'const { createClient, reveal, TransactionIdInvalid } = require("@effect-cloudauth/node/Client")'
  }

  it.live.each(Object.entries(modules))("%s", ([type, load]) =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("hksb1", Scenario.passed({ document: "global-passport" }))
      const { stderr, stdout } = yield* Effect.promise(() =>
        run(process.execPath, [`--input-type=${type}`, "--no-warnings", "-e", script(load)], {
          cwd: path.resolve(import.meta.dirname, ".."),
          env: {
            PATH: process.env["PATH"],
            NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
            ENDPOINT: emulator.url,
            ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: Redacted.value(emulator.accessKeySecret)
          }
        })
      )
      assert.strictEqual(stderr, "")
      assert.deepStrictEqual(stdout.trim().split("\n"), ["Passed string", "true TransactionIdInvalid"])
    }).pipe(Effect.provide(Emulator.layer()))
  )
})
