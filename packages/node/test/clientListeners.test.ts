/** What the application's own functions, and the servers around the callback, do wrong: no promise is left to reject alone. */
import { request as send } from "node:http"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type ClientOptions, createClient, DocType, nodeHandler } from "../src/Client.ts"
import { httpServer } from "./support/servers.ts"

const callbackToken = "b7e23ec29af22b0b4e41da31e868d572"
const asked = { merchantBizId: "order1", merchantUserId: "hashedUser", docType: DocType.GlobalPassport }

const optionsOf = ({ accessKeyId, accessKeySecret, url }: Emulator["Service"]): ClientOptions => ({
  url,
  store: "memory",
  credentials: { accessKeyId, accessKeySecret: Redacted.value(accessKeySecret) }
})

const callback = (transactionId: string) =>
  new Request(`https://shop.example/callback?callbackToken=${callbackToken}&transactionId=${transactionId}`)

/** What Node would end the process for. */
const unhandled = async (run: () => Promise<unknown>): Promise<ReadonlyArray<unknown>> => {
  const reasons: Array<unknown> = []
  const note = (reason: unknown) => void reasons.push(reason)
  process.on("unhandledRejection", note)
  await run()
  await new Promise((resolve) => setImmediate(resolve))
  process.off("unhandledRejection", note)
  return reasons
}

describe("a listener that rejects", () => {
  const rejects = async () => Promise.reject(new Error("the application's own"))

  it.live("changes nothing for the call, the wait or the callback", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const reasons = yield* Effect.promise(() =>
        unhandled(async () => {
          await using client = createClient(optionsOf(emulator))
          const request = { merchantBizId: "order1", transactionId: "hksb-pending-three" }
          await client.awaitResult(request, { onResponse: rejects, onProgress: rejects, interval: 10 })
          const handler = client.callbackHandler({ callbackToken, onResult: rejects, onWarning: rejects })
          assert.strictEqual((await handler(callback("hksbUnknown"))).status, 200)
        })
      )
      assert.deepStrictEqual(reasons, [])
    }).pipe(Effect.provide(Emulator.layer()))
  )
})

describe("nodeHandler", () => {
  it.live("leaves an answer alone that was given meanwhile", () =>
    Effect.gen(function* () {
      let handled: Promise<void> | undefined
      const { origin } = yield* httpServer((request, response) => {
        response.writeHead(503).end()
        handled = nodeHandler(async () => new Response())(request, response)
      })
      assert.strictEqual((yield* Effect.promise(() => fetch(origin))).status, 503)
      yield* Effect.promise(async () => handled)
    })
  )

  it.live("answers a method that no Request can have", () =>
    Effect.gen(function* () {
      const { origin } = yield* httpServer((request, response) => {
        void nodeHandler(async () => new Response())(request, response)
      })
      const trace = Promise.withResolvers<number | undefined>()
      const request = send(origin, { method: "TRACE" }, (response) => trace.resolve(response.resume().statusCode))
      request.on("error", trace.reject).end()
      assert.strictEqual(yield* Effect.promise(() => trace.promise), 405)
    })
  )
})

it.live("a callback under way at the close is answered so that the platform calls again", () =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* Effect.promise(async () => {
      const client = createClient({ ...optionsOf(emulator), transport: { drainTimeout: 0 } })
      const { transactionId } = await client.initialize(asked)
      await Effect.runPromise(emulator.completeJourney(transactionId))
      const { promise: reached, resolve } = Promise.withResolvers<void>()
      const handler = client.callbackHandler({
        callbackToken,
        collect: "beforeAnswer",
        drainTimeout: 0,
        onResult: () => {
          resolve()
          return new Promise(() => {})
        }
      })
      const answer = handler(callback(transactionId))
      await reached
      await client.close()
      assert.strictEqual((await answer).status, 503)
    })
  }).pipe(Effect.provide(Emulator.layer({ journeys: { documents: { [DocType.GlobalPassport]: "global-passport" } } })))
)
