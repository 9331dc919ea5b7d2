/** What is fuzzed. Each target takes bytes and throws if a rule is broken; a crash of the code itself counts, too. */
import assert from "node:assert/strict"
import { CheckResult } from "@effect-cloudauth/core/CheckResult"
import * as CheckResultRequest from "@effect-cloudauth/core/CheckResultRequest"
import * as Document from "@effect-cloudauth/core/Document"
import * as Endpoint from "@effect-cloudauth/core/Endpoint"
import { PersonalData } from "@effect-cloudauth/core/PersonalData"
import * as Wire from "@effect-cloudauth/core/Wire"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
// What the package keeps to itself is fuzzed, too.
import { canonicalQuery } from "../../packages/core/src/internal/call/canonicalRequest.ts"
import * as arrived from "../../packages/core/src/internal/decode/classify.ts"
import { read, readWhole } from "../../packages/core/src/internal/decode/body.ts"
import { readResult } from "../../packages/core/src/internal/checkResult/readResult.ts"

type Target = (bytes: Uint8Array) => void

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8")

const kinds = Object.values(Document.kinds)

/** The bytes in pieces, cut where the bytes themselves say. */
const pieces = (bytes: Uint8Array): ReadonlyArray<Uint8Array> => {
  const cut: Array<Uint8Array> = []
  let from = 0
  let step = 1 + ((bytes[bytes.length >> 1] ?? 0) % 61)
  while (from < bytes.length) {
    cut.push(bytes.subarray(from, from + step))
    from += step
    step = step * 3 + 1
  }
  return cut
}

const answer = (status: number, body: ReadonlyArray<Uint8Array>): arrived.Received => ({
  status,
  headers: {},
  body,
  receivedAt: 0,
  attempt: 1
})

const same = (one: CheckResult<Document.Reading>, other: CheckResult<Document.Reading>): void => {
  assert.deepEqual(one.verdict, other.verdict)
  assert.equal(one.requestId, other.requestId)
  assert.deepEqual(Redacted.value(one.raw), Redacted.value(other.raw))
  for (const side of ["front", "back"] as const) {
    const [left, right] = [one.images[side], other.images[side]]
    assert.equal(left === undefined, right === undefined)
    if (left !== undefined && right !== undefined)
      assert.deepEqual(Redacted.value(left.bytes), Redacted.value(right.bytes))
  }
  assert.deepEqual(
    one.warnings.map(({ expected, path }) => [path, expected]),
    other.warnings.map(({ expected, path }) => [path, expected])
  )
}

/** Small inputs become large ones: each SOH is a image's worth of Base64. */
const withPhotographs = (bytes: Uint8Array): Uint8Array =>
  Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\u0001", "QUJD".repeat(1100)), "latin1")

const granted = PersonalData.layer({ actor: "fuzz", purpose: "fuzz", audit: () => Effect.void })

/** A result, encoded as the vendor's answer and decoded again. */
const throughWire = (result: CheckResult<Document.Reading>): CheckResult<Document.Reading> => {
  const encoded = Effect.runSync(Effect.provide(Schema.encodeUnknownEffect(CheckResult.Wire)(result), granted))
  return Schema.decodeUnknownSync(CheckResult.Wire)(JSON.parse(JSON.stringify(encoded)))
}

const NestedValue = Schema.Struct({ value: Wire.NestedJson(Wire.object({ Passed: Wire.Text, SubCode: Wire.Text })) })

const nothingAsked = { transactionId: undefined, merchantBizId: undefined, expectation: {} }

export const targets: Readonly<Record<string, Target>> = {
  decode: (bytes) => {
    const decoded = CheckResult.fromBody(bytes)
    const document = kinds[bytes.length % kinds.length] ?? Document.GlobalPassport
    assert.equal(CheckResult.fromBody(bytes, { document })._tag, decoded._tag)
    if (Result.isFailure(decoded)) {
      assert.equal(typeof decoded.failure.message, "string")
      return
    }
    const view = CheckResult.view(decoded.success)
    assert.deepEqual(Schema.decodeUnknownSync(CheckResult.View)(Schema.encodeSync(CheckResult.View)(view)), view)
    if (decoded.success.verdict._tag === "Passed") assert.match(text(bytes), /Y|\\u0059/)
    same(throughWire(throughWire(decoded.success)), throughWire(decoded.success))
  },

  classify: (bytes) => {
    const statuses = [200, 204, 302, 400, 403, 404, 429, 500, 503]
    const status = statuses[(bytes[0] ?? 0) % statuses.length] ?? 200
    const body = bytes.subarray(1)
    const whole = arrived.classify(answer(status, [body]))
    const cut = arrived.classify(answer(status, pieces(body)))
    assert.equal(whole._tag, cut._tag)
    if (Result.isFailure(whole) && Result.isFailure(cut)) {
      assert.equal(whole.failure._tag, cut.failure._tag)
      assert.equal(whole.failure.message, cut.failure.message)
      // A message holds nothing that could break a line or a terminal.
      assert.doesNotMatch(whole.failure.message, /\p{Cc}/u)
    }
  },

  nestedJson: (bytes) => {
    const { value } = Schema.decodeUnknownSync(NestedValue)({ value: text(bytes) })
    if (value === undefined || Wire.isUnreadable(value)) return
    const again = Schema.decodeUnknownSync(NestedValue)({ value: JSON.stringify(value.source.raw) })
    assert.deepEqual(Wire.readable(again.value)?.source, value.source)
  },

  fastPath: (bytes) => {
    const body = withPhotographs(bytes)
    const general = readWhole([body])
    for (const given of [[body], pieces(body)]) {
      const fast = read(given)
      assert.equal(fast === undefined, general === undefined)
      if (fast === undefined || general === undefined) continue
      const results = [fast, general].map((read) =>
        readResult(
          {
            body: read,
            envelope: arrived.decodeEnvelope(read.json),
            requestId: undefined,
            hasOtherId: false,
            received: answer(200, given)
          },
          nothingAsked
        )
      )
      const [left, right] = results
      assert.equal(left?._tag, right?._tag)
      if (left !== undefined && right !== undefined && Result.isSuccess(left) && Result.isSuccess(right)) {
        same(left.success, right.success)
      }
    }
  },

  endpoint: (bytes) => {
    const url = text(bytes)
    const endpoint = Endpoint.fromUrl(url)
    if (Result.isFailure(endpoint)) return assert.equal(endpoint.failure._tag, "InvalidRequest")
    const { host, hostname, origin, port } = endpoint.success
    assert.match(url, /^https?:\/\/[A-Za-z0-9.\-:[\]]+\/?$/)
    assert.equal(new URL(origin).host, host)
    assert.equal(new URL(origin).hostname, hostname)
    assert.ok(port > 0 && port < 65_536)
    if (origin.startsWith("http:")) assert.match(hostname, /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/)
  },

  request: (bytes) => {
    const [merchantBizId = "", transactionId = "", extraImageControlList = ""] = text(bytes).split("\u0001")
    const asked = CheckResultRequest.check({ merchantBizId, transactionId, extraImageControlList })
    if (Result.isFailure(asked)) {
      assert.equal(asked.failure._tag, "InvalidRequest")
      assert.doesNotMatch(asked.failure.message, /\p{Cc}/u)
      return
    }
    const { query } = asked.success
    const written = canonicalQuery(query)
    assert.match(written, /^[A-Za-z0-9=&%._~-]+$/)
    const read = new URLSearchParams(written.replaceAll("+", "%2B"))
    assert.deepEqual(
      [...read],
      query
        .map(([name, value]) => [name, value.toWellFormed()])
        .toSorted(([a], [b]) => ((a ?? "") < (b ?? "") ? -1 : 1))
    )
  }
}

/** What a fuzzer calls. */
export const fuzz: Target = (bytes) => {
  const target = targets[process.env["FUZZ_TARGET"] ?? "decode"]
  if (target === undefined) throw new Error(`FUZZ_TARGET is one of ${Object.keys(targets).join(", ")}`)
  target(bytes)
}
