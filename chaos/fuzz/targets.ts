/** What is fuzzed. Each target takes bytes and throws where a rule is broken; a crash of the code itself counts, too. */
import assert from "node:assert/strict"
import * as Answer from "@effect-cloudauth/core/Answer"
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import * as CheckResultRequest from "@effect-cloudauth/core/CheckResultRequest"
import * as Document from "@effect-cloudauth/core/Document"
import * as Endpoint from "@effect-cloudauth/core/Endpoint"
import * as Signature from "@effect-cloudauth/core/Signature"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
// What the package keeps to itself is fuzzed, too.
import * as arrived from "../../packages/core/src/internal/answer.ts"
import * as envelope from "../../packages/core/src/internal/envelope.ts"
import * as nestedJson from "../../packages/core/src/internal/nestedJson.ts"
import * as readResult from "../../packages/core/src/internal/readResult.ts"

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

const answer = (status: number, body: ReadonlyArray<Uint8Array>): arrived.Answer => ({
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

/** Small inputs become large ones: each SOH is a photograph's worth of Base64. */
const withPhotographs = (bytes: Uint8Array): Uint8Array =>
  Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\u0001", "QUJD".repeat(1100)), "latin1")

export const targets: Readonly<Record<string, Target>> = {
  decode: (bytes) => {
    const decoded = Answer.decode(bytes)
    assert.equal(Answer.decode(bytes, kinds[bytes.length % kinds.length] ?? Document.GlobalPassport)._tag, decoded._tag)
    if (Result.isFailure(decoded)) {
      assert.equal(typeof decoded.failure.message, "string")
      return
    }
    JSON.stringify(decoded.success)
    if (decoded.success.verdict._tag === "Passed") assert.match(text(bytes), /Y/)
    const again = Result.getOrThrow(Answer.decode(Answer.encode(decoded.success)))
    assert.deepEqual(again.verdict, decoded.success.verdict)
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
    const value = nestedJson.parse(text(bytes))
    if (value._tag !== "Value") return
    assert.ok(nestedJson.isShallow(value.value))
    JSON.stringify(value.value)
    for (const key of Object.keys(value.value)) assert.ok(nestedJson.pick(value.value, key) === value.value[key])
  },

  fastPath: (bytes) => {
    const body = withPhotographs(bytes)
    const chunks = pieces(body)
    const general = envelope.readGeneral([body])
    for (const given of [[body], chunks]) {
      const fast = envelope.read(given)
      assert.equal(fast === undefined, general === undefined)
      if (fast === undefined || general === undefined) continue
      assert.equal(fast.code, general.code)
      assert.equal(fast.requestId, general.requestId)
      const [left, right] = [readResult.fromEnvelope(fast, given), readResult.fromEnvelope(general, [body])]
      assert.equal(left._tag, right._tag)
      if (Result.isSuccess(left) && Result.isSuccess(right)) same(left.success, right.success)
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
    const query = CheckResultRequest.toQuery({ merchantBizId, transactionId, extraImageControlList })
    if (Result.isFailure(query)) {
      assert.equal(query.failure._tag, "InvalidRequest")
      assert.doesNotMatch(query.failure.message, /\p{Cc}/u)
      return
    }
    const written = Signature.canonicalQuery(query.success)
    assert.match(written, /^[A-Za-z0-9=&%._~-]+$/)
    const read = new URLSearchParams(written.replaceAll("+", "%2B"))
    assert.deepEqual(
      [...read],
      query.success
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
