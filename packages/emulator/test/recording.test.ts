import { mkdtempSync, readFileSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import * as Gateway from "../src/Gateway.ts"
import * as Recorder from "../src/Recorder.ts"
import * as Recording from "../src/Recording.ts"
import * as Scenario from "../src/Scenario.ts"
import * as Server from "../src/Server.ts"
import { checkResultQuery, signedHeaders, signedRequest } from "./support.ts"

const call = async (url: string, transactionId: string) => {
  const query = checkResultQuery(transactionId, "IsReturnImage=Y&")
  const response = await fetch(`${url}/?${query}`, {
    method: "POST",
    headers: signedHeaders(query, { host: new URL(url).host })
  })
  return { status: response.status, text: await response.text() }
}

/** A recorder in front of an emulator that stands for the real service, with other keys. */
const recorded = async (ids: ReadonlyArray<string>, reveal: boolean) => {
  const keys = { accessKeyId: "emulator-real-id", accessKeySecret: "real-secret" }
  const real = await Server.start(keys)
  real.gateway.register("t-real", Scenario.passed({ back: true, edited: { englishName: "SECRET NAME" } }))
  const file = join(mkdtempSync(join(tmpdir(), "emulator-recording-")), "answers.jsonl")
  const recorder = await Recorder.start({ upstream: real.url, credentials: keys, file, reveal })
  const answers: Array<{ status: number; text: string }> = []
  for (const id of ids) answers.push(await call(recorder.url, id))
  await recorder.close()
  await real.close()
  return { answers, file, lines: readFileSync(file, "utf8") }
}

const result = (body: string) => JSON.parse(body).Result
const ext = (body: string) => JSON.parse(result(body).ExtIdInfo)

describe("the recorder", () => {
  it("passes answers on as they are, and writes them masked", async () => {
    const { answers, file, lines } = await recorded(["t-real", "hksb-throttled", "nobody"], false)
    const [first, second, third] = answers.map(({ text }) => text)
    const read = JSON.parse(ext(first ?? "").ocrIdInfo)
    assert.strictEqual(JSON.parse(second ?? "").Code, "Throttling.Api")
    assert.strictEqual(JSON.parse(third ?? "").Code, "TransactionIdInvalid")
    assert.strictEqual(statSync(file).mode & 0o777, 0o600)

    for (const value of [read.name, read.englishName, read.idNumber, read.birthDate, "SECRET NAME", "t-real", "biz1"]) {
      assert.notInclude(lines, value)
    }
    for (const secret of ["real-secret", "emulator-access-key-secret", "Signature", "nonce"])
      assert.notInclude(lines, secret)
    const image = ext(first ?? "").idImage
    // The tables at a JPEG's start are the same for all; the picture after them is not.
    assert.notInclude(lines, image.slice(1000))

    const [entry] = Recording.read(lines)
    assert.strictEqual(result(entry?.body ?? "").Passed, "Y")
    const masked = ext(entry?.body ?? "")
    assert.deepStrictEqual(Object.keys(masked), Object.keys(ext(first ?? "")))
    assert.deepStrictEqual(Object.keys(JSON.parse(masked.ocrIdInfo)), Object.keys(read))
    assert.strictEqual(masked.idImage.length, image.length)
  })

  it("writes everything only if it is asked to", async () => {
    const { answers, lines } = await recorded(["t-real"], true)
    const [entry] = Recording.read(lines)
    assert.deepStrictEqual([entry?.masked, entry?.body], [false, answers[0]?.text])
  })

  it("refuses what is not signed with its own keys, and a plain upstream", async () => {
    const { lines } = await recorded([], false)
    assert.strictEqual(lines, "")
    const file = join(mkdtempSync(join(tmpdir(), "emulator-recording-")), "answers.jsonl")
    const options = { credentials: { accessKeyId: "a", accessKeySecret: "b" }, file }
    await Recorder.start({ ...options, upstream: "http://example.com" }).then(
      () => assert.fail("a plain upstream was taken"),
      (error: unknown) => assert.instanceOf(error, TypeError)
    )
    const recorder = await Recorder.start({ ...options, upstream: "http://127.0.0.1:1" })
    assert.strictEqual((await fetch(recorder.url, { method: "POST" })).status, 400)
    assert.strictEqual((await call(recorder.url, "t")).status, 502)
    await recorder.close()
  })
})

describe("replay", () => {
  it("answers as recorded, in turn, under the masked id", async () => {
    const { lines } = await recorded(["hksb-throttled-twice", "hksb-throttled-twice", "hksb-throttled-twice"], false)
    const scenarios = Recording.scenarios(lines)
    const id = Recording.maskTransactionId("hksb-throttled-twice")
    assert.deepStrictEqual([...scenarios.keys()], [id])
    const gateway = Gateway.make()
    for (const [transactionId, scenario] of scenarios) gateway.register(transactionId, scenario)
    const again = () => gateway.handle(signedRequest(checkResultQuery(id))).response
    assert.deepStrictEqual([again().status, again().status, again().status], [403, 403, 200])
    assert.deepInclude(again().headers, ["content-type", "application/json;charset=utf-8"])
  })

  it("says which line is none", () => {
    const line = (lines: string) => {
      try {
        Recording.read(lines)
      } catch (error) {
        return error instanceof Recording.RecordingError ? [error.line, error.problem] : error
      }
      return undefined
    }
    assert.deepStrictEqual(line("\n{"), [2, "not JSON"])
    assert.deepStrictEqual(line("{}"), [1, "not an entry of this format"])
    assert.strictEqual(line("\n\n"), undefined)
  })
})

describe("masking", () => {
  it("leaves no letter or digit of any value, at any depth", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 5 }), fc.constantFrom(0, 1, 2), (text, depth) => {
        let value: unknown = { name: `${text}Q7漢é` }
        for (let level = 0; level < depth; level++) value = { ExtIdInfo: JSON.stringify(value) }
        const masked = Recording.maskBody(JSON.stringify({ Result: value }))
        assert.notMatch(masked, /Q7|漢|é/)
      })
    )
  })

  it("keeps what says how a call went, and hides what is no JSON", () => {
    assert.deepStrictEqual(JSON.parse(Recording.maskBody('{"Code":"Success","Result":{"SubCode":"200","n":12.5}}')), {
      Code: "Success",
      Result: { SubCode: "200", n: 0 }
    })
    assert.strictEqual(Recording.maskBody("Name: 李四"), "x".repeat(12))
  })
})
