import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Document from "@effect-cloudauth/core/Document"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as NodeCloudauth from "../src/NodeCloudauth.ts"
import { authority, eventually, httpServer } from "./support/servers.ts"
import { transports } from "./support/transports.ts"

const request = { merchantBizId: "order1", transactionId: "hksb1" } as const

const keyOf = (emulator: Emulator["Service"]) =>
  Credentials.layerStatic({ accessKeyId: emulator.accessKeyId, accessKeySecret: emulator.accessKeySecret })

describe.each(Object.entries(transports))("over %s", (_, transport) => {
  const live = Layer.unwrap(
    Effect.map(Emulator, (emulator) =>
      NodeCloudauth.layer({ url: emulator.url, credentials: keyOf(emulator), transport })
    )
  ).pipe(Layer.provideMerge(Emulator.layer()), Layer.orDie)

  it.live("a signed call becomes a typed result, images included", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("hksb1", Scenario.passed({ document: "global-passport" }))
      const result = yield* Cloudauth.checkResult({
        ...request,
        isReturnImage: true,
        document: Document.GlobalPassport
      })
      assert.strictEqual(result.verdict._tag, "Passed")
      assert.isString(Document.reveal(result.ocr)?.passportNo)
      const image = result.images.front
      assert.strictEqual(image && Redacted.value(image.bytes).byteLength, image?.size)
    }).pipe(Effect.provide(live))
  )

  it.live("a throttled call recovers, each attempt with a nonce of its own", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register(
        "hksb1",
        Scenario.sequence([
          Scenario.throttled({ retryAfterMillis: 5 }),
          Scenario.throttled({ retryAfterMillis: 5 }),
          Scenario.passed()
        ])
      )
      assert.strictEqual((yield* Cloudauth.checkResult(request)).verdict._tag, "Passed")
      assert.strictEqual((yield* emulator.callsOf("hksb1")).length, 3)
    }).pipe(Effect.provide(live))
  )

  it.live("a response code becomes its error", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("hksb1", Scenario.errorCode("TransactionIdInvalid"))
      const error = yield* Effect.flip(Cloudauth.checkResult(request))
      assert.strictEqual(error._tag, "TransactionIdInvalid")
    }).pipe(Effect.provide(live))
  )
})

describe("NodeCloudauth", () => {
  it.live("speaks TLS with an authority of one's own", () =>
    Effect.gen(function* () {
      const { cert: ca, issue } = yield* authority
      const { cert, key } = yield* Effect.promise(() => issue("127.0.0.1"))
      yield* Effect.gen(function* () {
        const emulator = yield* Emulator
        yield* emulator.register("hksb1", Scenario.passed())
        const live = NodeCloudauth.layer({
          url: emulator.url,
          credentials: keyOf(emulator),
          transport: { tls: { ca } }
        })
        const result = yield* Effect.provide(Cloudauth.checkResult(request), live)
        assert.strictEqual(result.verdict._tag, "Passed")
      }).pipe(Effect.provide(Emulator.layer({ tls: { cert, key } })))
    })
  )

  it.live("takes its key from the environment unless told otherwise", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("hksb1", Scenario.passed())
      const environment = ConfigProvider.layer(
        ConfigProvider.fromUnknown({
          ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
          ALIBABA_CLOUD_ACCESS_KEY_SECRET: Redacted.value(emulator.accessKeySecret)
        })
      )
      const live = NodeCloudauth.layer({ url: emulator.url }).pipe(Layer.provide(environment))
      assert.strictEqual((yield* Effect.provide(Cloudauth.checkResult(request), live)).verdict._tag, "Passed")
      const without = NodeCloudauth.layer({ url: emulator.url }).pipe(
        Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({})))
      )
      const error = yield* Effect.flip(Effect.provide(Cloudauth.checkResult(request), without))
      assert.strictEqual(error._tag, "CredentialsError")
    }).pipe(Effect.provide(Emulator.layer()))
  )

  it.live("refuses an answer that is too large, and ends its connection", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((_, response) => {
        const timer = setInterval(() => response.write(" ".repeat(10_000)), 1)
        response.on("close", () => clearInterval(timer))
      })
      const live = NodeCloudauth.layer({
        url: server.origin,
        maxBodyBytes: 50_000,
        credentials: Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" })
      })
      yield* Effect.gen(function* () {
        const error = yield* Effect.flip(Cloudauth.checkResult(request))
        assert.strictEqual(error._tag, "DecodeError")
        yield* eventually("the connection is closed", () => server.open() === 0)
      }).pipe(Effect.provide(live))
    })
  )

  it.live("an attempt that takes too long, and an interrupted call, end their connections", () =>
    Effect.gen(function* () {
      let asked = 0
      const server = yield* httpServer(() => void asked++)
      const live = NodeCloudauth.layer({
        url: server.origin,
        credentials: Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" })
      })
      yield* Effect.gen(function* () {
        const error = yield* Effect.flip(
          Cloudauth.checkResult(request, { retry: { ...RetryPolicy.none, attemptTimeout: "50 millis" } })
        )
        assert.strictEqual(error._tag, "CallTimeout")
        yield* eventually("the connection is closed", () => server.open() === 0)
        const before = asked
        const fiber = yield* Effect.forkChild(Cloudauth.checkResult(request), { startImmediately: true })
        yield* eventually("the call arrives", () => asked > before)
        yield* Fiber.interrupt(fiber)
        yield* eventually("the connection is closed", () => server.open() === 0)
      }).pipe(Effect.provide(live))
    })
  )

  it.live("no error and no message holds the ids, the key or the signature", () =>
    Effect.gen(function* () {
      const server = yield* Effect.scoped(httpServer(() => {}))
      const live = NodeCloudauth.layer({
        url: server.origin,
        credentials: Credentials.layerStatic({ accessKeyId: "LTAI-my-id", accessKeySecret: "my-secret" })
      })
      const error = yield* Cloudauth.checkResult(
        { merchantBizId: "secretorder", transactionId: "hksb-secret" },
        { retry: { transient: Schedule.recurs(1) } }
      ).pipe(Effect.flip, Effect.provide(live))
      const shown = `${error.message} ${String(error)} ${JSON.stringify(error)}`
      assert.include(shown, "ECONNREFUSED")
      for (const secret of ["secretorder", "hksb-secret", "LTAI-my-id", "my-secret", "Signature="]) {
        assert.notInclude(shown, secret)
      }
    })
  )

  it.live("the account's quota counts retries, too", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register(
        "hksb1",
        Scenario.sequence([Scenario.throttled({ retryAfterMillis: 0 }), Scenario.passed()])
      )
      const quota = { perSecond: 10, margin: 0 }
      const live = NodeCloudauth.layer({ url: emulator.url, credentials: keyOf(emulator), quota })
      const started = performance.now()
      yield* Effect.provide(Cloudauth.checkResult(request), live)
      assert.isAtLeast(performance.now() - started, 99)
      assert.strictEqual((yield* emulator.callsOf("hksb1")).length, 2)
    }).pipe(Effect.provide(Emulator.layer()))
  )
})
