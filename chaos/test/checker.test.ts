/** The checker sees what it is there for: each kind of wrong, made by hand. */
import { CheckResult } from "@effect-cloudauth/core/CheckResult"
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import * as Person from "@effect-cloudauth/emulator/Person"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Checker from "../checker.ts"
import { Observation } from "../observation.ts"
import type * as Plan from "../plan.ts"
import type { Sent } from "../protocol.ts"

const plan: Plan.Plan = {
  index: 0,
  client: "undici",
  transactionId: "chaos1",
  merchantBizId: "m",
  isReturnImage: false,
  scenario: Scenario.passed({ document: "global-passport", personPerTransaction: true }),
  rawTag: undefined,
  isDoubtful: false,
  askedFor: undefined,
  interrupt: undefined
}

const requestId = "R1"

/** What every attempt of these calls has. */
const asked = { action: "CheckResult", region: undefined, exchange: 5 } as const

const answerOf = (transactionId: string, passed = "Y"): string =>
  JSON.stringify({
    RequestId: requestId,
    Code: "Success",
    Result: {
      Passed: passed,
      SubCode: passed === "Y" ? "200" : "212",
      ExtIdInfo: JSON.stringify({ ocrIdInfo: Person.read(Person.make(`seed:${transactionId}`), "global-passport") })
    }
  })

const sentAs = (more: Partial<Sent> = {}): Sent => ({
  transactionId: "chaos1",
  nonce: "n1",
  requestId,
  signature: "Verified",
  code: "Success",
  status: 200,
  passed: "Y",
  faults: [],
  answeredMillis: 1,
  ...more
})

const seenAs = (answer: string, change: (seen: Observation) => void = () => {}): Observation => {
  const seen = new Observation()
  seen.started = seen.ended = 1
  seen.nonces.push("n1")
  seen.attempts.push({
    ...asked,
    attempt: 1,
    isSent: true,
    duration: 5,
    httpStatus: 200,
    responseBytes: 100,
    error: undefined
  })
  seen.exit = Exit.succeed(Result.getOrThrow(CheckResult.fromBody(answer)))
  change(seen)
  return seen
}

const violations = (seen: Observation, sent: ReadonlyArray<Sent> = [sentAs()]): string =>
  Checker.check("seed", plan, seen, new Map(sent.map((one) => [one.nonce, one])), 0).violations.join("; ")

const fields = { code: "InvalidParameter", httpStatus: 400, requestId, attempts: 1, advice: "" }
const refused = new CloudauthError.InvalidParameter({ ...fields, serverMessage: Redacted.make("") })

const lateWait = CloudauthError.callTimeout({ limit: "deadline", after: 4000, phase: "backoff", attempts: 1 })

/** A call that ended within a wait, after so many milliseconds. */
const waited = (duration: number): Observation =>
  seenAs(answerOf("chaos1"), (seen) => {
    seen.attempts[0] = {
      ...asked,
      attempt: 1,
      isSent: true,
      duration: 5,
      httpStatus: 503,
      responseBytes: 9,
      error: unavailable
    }
    seen.duration = duration
    seen.exit = Exit.fail(lateWait)
  })

const unavailable = new CloudauthError.ServiceDown({
  ...fields,
  code: "ServiceUnavailable",
  httpStatus: 503,
  serverMessage: Redacted.make("")
})

describe("the checker", () => {
  it("is content with what is right", () => {
    assert.strictEqual(violations(seenAs(answerOf("chaos1"))), "")
    assert.strictEqual(violations(waited(4100), [sentAs({ code: "ServiceUnavailable", status: 503 })]), "")
  })

  it.each<readonly [string, Observation, ReadonlyArray<Sent> | undefined, RegExp]>([
    ["another person", seenAs(answerOf("chaos2")), undefined, /another person/],
    ["another verdict", seenAs(answerOf("chaos1", "N")), undefined, /Rejected, but Passed/],
    ["the answer to another request", seenAs(answerOf("chaos1")), [sentAs({ requestId: "R2" })], /another request/],
    ["Passed where the server did not say so", seenAs(answerOf("chaos1")), [sentAs({ passed: "N" })], /did not say so/],
    ["a success out of garbage", seenAs(answerOf("chaos1")), [sentAs({ faults: ["Garbage"] })], /allowed: DecodeError/],
    ["a success out of nothing", seenAs(answerOf("chaos1")), [], /did not arrive/],
    ["a refused signature", seenAs(answerOf("chaos1")), [sentAs({ signature: "Refused" })], /signature was refused/],
    ["no end", seenAs(answerOf("chaos1"), (seen) => void (seen.exit = undefined)), undefined, /never ended/],
    ["a defect", seenAs(answerOf("chaos1"), (seen) => void (seen.exit = Exit.die("x"))), undefined, /a defect/],
    [
      "a wait that ends before the deadline",
      waited(3800),
      [sentAs({ code: "ServiceUnavailable", status: 503 })],
      /its last attempt did not/
    ],
    ["being late", seenAs(answerOf("chaos1"), (seen) => void (seen.duration = 9000)), undefined, /past the deadline/],
    [
      "an operation that is open",
      seenAs(answerOf("chaos1"), (seen) => void (seen.ended = 0)),
      undefined,
      /never ended/
    ],
    [
      "a nonce twice",
      seenAs(answerOf("chaos1"), (seen) => {
        seen.nonces.push("n1")
        seen.attempts.push(...seen.attempts)
      }),
      undefined,
      /a nonce twice/
    ],
    [
      "a retry of what must not be retried",
      seenAs(answerOf("chaos1"), (seen) => {
        seen.nonces.unshift("n0")
        seen.attempts.unshift({
          ...asked,
          attempt: 1,
          isSent: true,
          duration: 5,
          httpStatus: 400,
          responseBytes: 9,
          error: refused
        })
      }),
      [sentAs({ nonce: "n0", code: "InvalidParameter", status: 400 }), sentAs()],
      /was retried/
    ],
    [
      "giving up too early",
      seenAs(answerOf("chaos1"), (seen) => {
        seen.attempts[0] = {
          ...asked,
          attempt: 1,
          isSent: true,
          duration: 5,
          httpStatus: 503,
          responseBytes: 9,
          error: unavailable
        }
        seen.exit = Exit.fail(unavailable)
      }),
      [sentAs({ code: "ServiceUnavailable", status: 503 })],
      /gave up/
    ]
  ])("sees %s", (_, seen, sent, expected) => {
    assert.match(violations(seen, sent), expected)
  })
})
