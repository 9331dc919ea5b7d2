/** Each option with values of a wrong type, as plain JavaScript could give them: refused by name, and nothing is sent. */
import { assert, describe, it } from "@effect/vitest"
import { type CallbackOptions, type ClientOptions, createClient, DocType, InvalidRequest } from "../src/Client.ts"

const settings = {
  url: "http://127.0.0.1:9",
  credentials: { accessKeyId: "id", accessKeySecret: "secret" },
  store: "memory"
} as const satisfies ClientOptions

const functions = [null, 5, "", {}]
const truths = [null, "yes", 0, 1]
const times = [null, Number.NaN, -1, "soon", Infinity]

/** The path that the error names. */
const refusedBy = async (call: () => unknown): Promise<unknown> => {
  try {
    await call()
  } catch (error) {
    assert.instanceOf(error, InvalidRequest)
    return error.path
  }
  return "nothing"
}

const everyValue = async (
  table: Readonly<Record<string, ReadonlyArray<unknown>>>,
  call: (name: string, value: unknown) => unknown
) => {
  for (const [name, values] of Object.entries(table)) {
    for (const value of values) {
      assert.strictEqual(await refusedBy(() => call(name, value)), name, `${name}: ${String(value)}`)
    }
  }
}

describe("an option of a wrong type is refused by its name", () => {
  it("of createClient", async () => {
    const wrong = {
      credentials: [null, 5, "env"],
      maxBodyBytes: [null, "5", 1.5],
      quota: [null, true, "10", Number.NaN],
      retry: [null, true, 5],
      store: [null, 5, "sqlite"],
      strictRequestId: truths,
      telemetry: truths,
      transport: [null, 5, "http"]
    }
    const region = { region: "cn-hongkong", credentials: settings.credentials } as const
    await everyValue(wrong, (name, value) => createClient({ ...region, [name]: value }))
    const parts = { connectTimeout: times, drainTimeout: times, keepAlive: times, tls: [null, 5, ""] }
    await everyValue(parts, (name, value) => createClient({ ...region, transport: { [name]: value } }))
    for (const part of ["perSecond", "margin"]) {
      for (const value of [null, Number.NaN, -1, "5"]) {
        const refused = await refusedBy(() => createClient({ ...region, quota: { [part]: value } }))
        assert.strictEqual(refused, `quota.${part}`)
      }
    }
  })

  it("of callbackHandler", async () => {
    await using client = createClient(settings)
    const options: CallbackOptions = { callbackToken: "b7e23ec29af22b0b4e41da31e868d572", onResult: () => {} }
    const wrong = {
      capacity: [null, 0, "5"],
      collect: [null, "later"],
      collectTimeout: [0, ...times],
      concurrency: [null, 0, 1.5],
      drainTimeout: times,
      isReturnImage: truths,
      onEnded: functions,
      onResult: [undefined, ...functions],
      onWarning: functions,
      sweepEvery: [0, ...times]
    }
    await everyValue(wrong, (name, value) => client.callbackHandler({ ...options, [name]: value }))
  })

  it("of a call and of a wait", async () => {
    await using client = createClient(settings)
    const request = { merchantBizId: "order1", transactionId: "hksb1" }
    const anyCall = { signal: [null, 5, {}], onResponse: functions, priority: [null, "high"], retry: [null, true] }
    await everyValue(anyCall, (name, value) => client.checkResult(request, { [name]: value }))
    const wait = { ...anyCall, onProgress: functions, initialDelay: times, timeout: times, interval: [0, ...times] }
    await everyValue(wait, (name, value) => client.awaitResult(request, { [name]: value }))
    const asked = { merchantBizId: "order1", merchantUserId: "hashedUser", docType: DocType.GlobalPassport }
    await everyValue({ owner: [null, 5, {}] }, (name, value) => client.initialize(asked, { [name]: value }))
  })
})

it("an expectation of a wrong type is refused: nothing would be compared with it", async () => {
  await using client = createClient(settings)
  const request = { merchantBizId: "order1", transactionId: "hksb1" }
  for (const wrong of [null, 5, "", false, true, [], ["GlobalPassport"], () => {}]) {
    const given = { ...request, expect: wrong as never }
    for (const call of [client.checkResult, client.awaitResult, client.checkStored, client.pendingResult]) {
      assert.strictEqual(await refusedBy(() => call(given)), "expect", `${call.name}: ${String(wrong)}`)
    }
  }
  for (const wrong of [null, undefined, 5]) {
    assert.strictEqual(await refusedBy(() => client.resumeStored(wrong as never)), "pending")
  }
})
