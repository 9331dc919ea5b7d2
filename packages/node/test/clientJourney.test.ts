/** A user's whole way in plain promises: begin, callback, decision. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import {
  type CallbackOptions,
  type Client,
  type ClientOptions,
  type Collected,
  createClient,
  type Database,
  Decision,
  DecisionPolicy,
  DocType,
  InvalidRequest,
  MerchantBizIdTaken,
  nodeHandler,
  ProcessNotCompleted,
  type RawResponse,
  reveal,
  TransactionNotStored,
  TransactionStoreError,
  type Waiting,
  WaitTimedOut
} from "../src/Client.ts"
import { httpServer } from "./support/servers.ts"

const token = "b7e23ec29af22b0b4e41da31e868d572"
const path = "/cloudauth/callback"
const stored = { merchantBizId: "order1" } as const
const asked = { ...stored, merchantUserId: "hashedUser", docType: DocType.GlobalPassport, idSpoof: true } as const

/** The emulator's people hold specimens, which the standard policy leaves to a reviewer. */
const acceptsSpecimens = DecisionPolicy.make({
  ...DecisionPolicy.standard,
  version: "test",
  findings: { ...DecisionPolicy.standard.findings, SpecimenDocument: "accept" }
})

const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => assert.fail("it was not rejected"),
    (error: unknown) => error
  )

const optionsOf = ({ accessKeyId, accessKeySecret, url }: Emulator["Service"]): ClientOptions => ({
  url,
  store: "memory",
  credentials: { accessKeyId, accessKeySecret: Redacted.value(accessKeySecret) }
})

/** A client of an emulator whose users hold passports. */
const withClient = (
  options: ClientOptions,
  use: (client: Client, emulator: Emulator["Service"]) => Promise<void>,
  scenario?: Scenario.Scenario
) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* Effect.promise(async () => {
      await using client = createClient({ ...optionsOf(emulator), ...options })
      await use(client, emulator)
    })
  }).pipe(
    Effect.provide(
      Emulator.layer({
        journeys: {
          documents: { [DocType.GlobalPassport]: "global-passport" },
          ...(scenario === undefined ? {} : { scenario })
        }
      })
    )
  )

const done = (emulator: Emulator["Service"], transactionId: string) =>
  Effect.runPromise(Effect.andThen(emulator.completeJourney(transactionId), emulator.callbacksSettled))

/** What `onResult` was given, and the first of it as a promise. */
const collecting = () => {
  const first = Promise.withResolvers<Collected>()
  const all: Array<Collected> = []
  return {
    all,
    first: first.promise,
    onResult: (collected: Collected) => {
      all.push(collected)
      first.resolve(collected)
    }
  }
}

const genuine = (transactionId: string, init?: RequestInit) =>
  new Request(`https://shop.example${path}?${new URLSearchParams({ callbackToken: token, transactionId })}`, init)

/** The table in a file. */
const sqlite = (file: string, onQuery: () => void = () => {}): Database & Disposable => {
  const database = new DatabaseSync(file)
  return {
    dialect: "sqlite",
    query: (sql, parameters) => {
      onQuery()
      return database.prepare(sql).all(...parameters)
    },
    [Symbol.dispose]: () => database.close()
  }
}

const temporaryFile = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "cloudauth-client-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
  ),
  (folder) => join(folder, "store.sqlite")
)

describe("a user's way", () => {
  it.live("begins, receives the callback, and ends in a decision", () =>
    Effect.gen(function* () {
      const results = collecting()
      let handler: ReturnType<typeof nodeHandler> | undefined
      const server = yield* httpServer((request, response) => void handler?.(request, response))
      yield* withClient({}, async (client, emulator) => {
        handler = nodeHandler(client.callbackHandler({ callbackToken: token, onResult: results.onResult }))
        const { transactionId, transactionUrl } = await client.initialize({
          ...asked,
          callbackUrl: `${server.origin}${path}`,
          callbackToken: token
        })
        assert.match(reveal(transactionUrl) ?? "", /^http/)
        assert.instanceOf(await rejection(client.checkStored(stored)), ProcessNotCompleted)
        const waiting = client.awaitStored(stored)
        await done(emulator, transactionId)
        const { result, transaction } = await results.first
        assert.strictEqual(transaction.merchantBizId, "order1")
        assert.strictEqual(Decision.of(acceptsSpecimens, result)._tag, "accept")
        assert.deepStrictEqual(await client.decide(acceptsSpecimens, result), Decision.of(acceptsSpecimens, result))
        assert.strictEqual((await waiting).verdict._tag, "Passed")
        const named = await client.checkStored({ ...stored, document: "GlobalPassport" })
        const passportNo: string | undefined = reveal(named.ocr)?.passportNo
        assert.isString(passportNo)
        assert.strictEqual(results.all.length, 1)
      })
    })
  )

  it.live("keeps transactions in a database, which another client shares", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      yield* withClient({}, async (_, emulator) => {
        using database = sqlite(file)
        await using first = createClient({ ...optionsOf(emulator), store: database })
        await using second = createClient({
          ...optionsOf(emulator),
          store: { dialect: "sqlite", query: async (sql, parameters) => ({ rows: database.query(sql, parameters) }) }
        })
        const { transactionId } = await first.initialize(asked, { owner: "user7" })
        assert.instanceOf(
          await rejection(second.initialize({ ...asked, merchantUserId: "another" })),
          MerchantBizIdTaken
        )
        await done(emulator, transactionId)
        assert.strictEqual((await second.checkStored(stored)).verdict._tag, "Passed")
      })
    })
  )

  it.live("survives a database that is down for a while", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      yield* withClient({}, async (_, emulator) => {
        let isDown = true
        using database = sqlite(file, () => {
          if (isDown) throw new Error("the database is down, says hksb1")
        })
        await using client = createClient({ ...optionsOf(emulator), store: database })
        const error = await rejection(client.initialize(asked))
        assert.instanceOf(error, TransactionStoreError)
        assert.notInclude(JSON.stringify(error) + error.message, "hksb1")
        isDown = false
        const { transactionId } = await client.initialize(asked)
        await done(emulator, transactionId)
        assert.strictEqual((await client.checkStored(stored)).verdict._tag, "Passed")
      })
    })
  )

  it.live("asks for nothing that was not stored, and needs a store", () =>
    withClient({}, async (client, emulator) => {
      assert.instanceOf(await rejection(client.checkStored(stored)), TransactionNotStored)
      assert.instanceOf(await rejection(client.awaitStored({ transactionId: "hksbOfADevice" })), TransactionNotStored)
      assert.deepStrictEqual(await Effect.runPromise(emulator.calls), [])
      await using without = createClient({ ...optionsOf(emulator), store: undefined })
      const error = await rejection(without.initialize(asked))
      assert.instanceOf(error, InvalidRequest)
      assert.strictEqual(error.path, "store")
    })
  )

  it.live("waits as data: resumed from JSON by another client", () =>
    withClient({}, async (client, emulator) => {
      const { transactionId } = await client.initialize(asked)
      const controller = new AbortController()
      // The reason of the first poll ends the wait.
      const onProgress = ({ reason }: Waiting) => controller.abort(reason)
      const ended = await rejection(client.awaitStored(stored, { onProgress, signal: controller.signal }))
      assert.strictEqual(ended, "ProcessNotCompleted")
      const error = await rejection(client.awaitStored(stored, { timeout: 1 }))
      assert.instanceOf(error, WaitTimedOut)
      const text = JSON.stringify([reveal(error.pending), await client.pendingResult(stored)])
      await done(emulator, transactionId)
      for (const pending of JSON.parse(text)) {
        assert.strictEqual((await client.resumeStored(pending, { timeout: 60_000 })).verdict._tag, "Passed")
        await using other = createClient({ ...optionsOf(emulator), store: undefined })
        assert.strictEqual((await other.resume(pending, { timeout: 60_000 })).verdict._tag, "Passed")
      }
    })
  )

  it.live("sets a call's time and retries, and shows its responses", () =>
    withClient({}, async (client, emulator) => {
      await Effect.runPromise(emulator.register("hksb1", Scenario.throttled({ retryAfterMillis: 1 })))
      const request = { ...stored, transactionId: "hksb1" }
      const responses: Array<RawResponse> = []
      const onResponse = (response: RawResponse) => void responses.push(response)
      await rejection(client.checkResult(request, { retry: false, onResponse }))
      assert.strictEqual(responses.length, 1)
      await rejection(client.checkResult(request, { retry: { throttle: 1 }, timeout: 20_000, onResponse }))
      assert.strictEqual(responses.length, 3)
      assert.include(new TextDecoder().decode(responses[0]?.body), "Throttling")
      assert.isDefined(responses[0]?.headers["content-type"])
      const wrong = await rejection(client.checkResult(request, { timeout: 0 }))
      assert.deepInclude(wrong, { _tag: "InvalidRequest", path: "timeout" })
    })
  )
})

describe("callbackHandler", () => {
  const handled = async (client: Client, emulator: Emulator["Service"], options: Partial<CallbackOptions>) => {
    const results = collecting()
    const handler = client.callbackHandler({ callbackToken: token, onResult: results.onResult, ...options })
    const { transactionId } = await client.initialize(asked)
    await done(emulator, transactionId)
    return { handler, results, transactionId }
  }

  it.live("takes queries and forms, and hands over once", () =>
    withClient({}, async (client, emulator) => {
      const { handler, results, transactionId } = await handled(client, emulator, {})
      const form = new Request(`https://shop.example${path}`, {
        method: "POST",
        body: new URLSearchParams({ callbackToken: token, transactionId })
      })
      assert.strictEqual((await handler(form)).status, 200)
      assert.strictEqual((await handler(genuine(transactionId))).status, 200)
      assert.strictEqual((await handler(new Request(`https://shop.example${path}`, { method: "PUT" }))).status, 405)
      await results.first
      assert.strictEqual((await handler(genuine(transactionId))).status, 200)
      assert.strictEqual(results.all.length, 1)
    })
  )

  it.live("answers a stranger as it answers the platform, and asks for nothing", () =>
    withClient({}, async (client, emulator) => {
      const { handler, results, transactionId } = await handled(client, emulator, {})
      const forged = genuine(transactionId).url.replace(token, "0".repeat(32))
      const large = new Request(`https://shop.example${path}`, { method: "POST", body: "x".repeat(100_000) })
      for (const request of [new Request(forged), genuine("hksbUnknown"), large]) {
        const response = await handler(request)
        assert.deepStrictEqual([response.status, await response.text()], [200, ""])
      }
      assert.deepStrictEqual(results.all, [])
    })
  )

  it.live("collects before it answers on request, and asks for another call if that fails", () =>
    withClient({}, async (client, emulator) => {
      const warnings: Array<string> = []
      let fails = true
      const results = collecting()
      const { handler, transactionId } = await handled(client, emulator, {
        collect: "beforeAnswer",
        onWarning: (message) => void warnings.push(message),
        onResult: (collected) => {
          if (fails) throw new Error(`the queue is down, says ${collected.transaction.transactionId}`)
          results.onResult(collected)
        }
      })
      assert.strictEqual((await handler(genuine(transactionId))).status, 503)
      assert.match(warnings.join(), /could not be collected.*Error/)
      assert.notInclude(warnings.join(), transactionId)
      fails = false
      const second = await handled(client, emulator, { collect: "beforeAnswer", onResult: results.onResult })
      assert.strictEqual((await second.handler(genuine(second.transactionId))).status, 200)
      assert.strictEqual(results.all.length, 1)
    })
  )

  it.live("asks to be called again once the client is closed", () =>
    withClient({}, async (client) => {
      const handler = client.callbackHandler({ callbackToken: token, onResult: () => {} })
      await client.close()
      assert.strictEqual((await handler(genuine("hksb1"))).status, 503)
    })
  )

  it.live("refuses wrong options at once", () =>
    withClient({}, async (client, emulator) => {
      const refused = (options: unknown) => {
        try {
          client.callbackHandler(options as CallbackOptions) // as plain JavaScript could
        } catch (error) {
          return error
        }
        return assert.fail("nothing was thrown")
      }
      const onResult = () => {}
      assert.deepInclude(refused({ onResult, callbackToken: "short" }), { path: "callbackToken" })
      assert.deepInclude(refused({ onResult }), { path: "callbackToken" })
      assert.deepInclude(refused({ callbackToken: token }), { path: "onResult" })
      assert.deepInclude(refused({ callbackToken: token, onResult, sweepEvery: -1 }), { path: "sweepEvery" })
      assert.deepInclude(refused({ callbackToken: token, onResult, colect: "x" }), { nearest: "collect" })
      const options = { callbackToken: token, onResult }
      assert.throws(() => createClient({ ...optionsOf(emulator), store: undefined }).callbackHandler(options), /store/)
    })
  )
})
