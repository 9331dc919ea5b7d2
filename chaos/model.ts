/**
 * What must come out: from what the emulator did to each request, and nothing of the client's own tables. Where the wire
 * leaves several endings open (a reset may overtake the bytes before it), each of them is allowed.
 */
import * as Person from "@effect-cloudauth/emulator/Person"
import type * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Faults from "./faults.ts"
import * as Plan from "./plan.ts"
import type { Sent } from "./protocol.ts"

/** How an attempt or a call ended: `Success`, or the error's tag. */
export type Ending = string

export type RetryClass = "transient" | "throttle" | "clock" | "credentials" | "never"

/** By the vendor's page and the gateway's known codes: the error of each, and whether asking again can help. */
const codes: Readonly<Record<string, readonly [Ending, RetryClass]>> = {
  MissingParameter: ["MissingParameter", "never"],
  InvalidParameter: ["InvalidParameter", "never"],
  TransactionIdInvalid: ["TransactionIdInvalid", "never"],
  "Forbidden.RAMUserAccessDenied": ["RamUserAccessDenied", "never"],
  "Forbidden.AccountAccessDenied": ["AccountAccessDenied", "never"],
  "Throttling.Api": ["Throttled", "throttle"],
  Throttling: ["Throttled", "throttle"],
  "Throttling.User": ["Throttled", "throttle"],
  ProcessNotCompleted: ["ProcessNotCompleted", "never"],
  InternalError: ["ServiceFailed", "transient"],
  ServiceUnavailable: ["ServiceDown", "transient"],
  SignatureDoesNotMatch: ["SignatureRejected", "never"],
  IncompleteSignature: ["SignatureRejected", "never"],
  SignatureNonceUsed: ["SignatureRejected", "transient"],
  "InvalidTimeStamp.Expired": ["ClockSkewed", "clock"],
  IllegalTimestamp: ["ClockSkewed", "clock"],
  "InvalidAccessKeyId.NotFound": ["InvalidAccessKey", "never"],
  "InvalidAccessKeyId.Inactive": ["InvalidAccessKey", "never"],
  "InvalidSecurityToken.Expired": ["SecurityTokenExpired", "credentials"],
  "InvalidSecurityToken.Malformed": ["InvalidAccessKey", "never"],
  "InvalidAction.NotFound": ["InvalidParameter", "never"],
  InvalidVersion: ["InvalidParameter", "never"],
  UnsupportedHTTPMethod: ["InvalidParameter", "never"]
}

/** The class of an ending, by the code that the error carries. */
export const retryClass = (ending: Ending, code: string | undefined): RetryClass => {
  if (ending === "TransportError" || ending === "CallTimeout" || ending === "ServiceDown") return "transient"
  if (ending === "Throttled") return "throttle"
  if (ending === "DecodeError" || ending === "UnknownResponseCode") return "never"
  return codes[code ?? ""]?.[1] ?? "never"
}

/** A body without a readable code is judged by its status. */
const ofStatus = (status: number): Ending => {
  if (status === 429) return "Throttled"
  if (status >= 500) return "ServiceDown"
  return status >= 200 && status < 300 ? "DecodeError" : "UnknownResponseCode"
}

const ofContent = (sent: Sent, plan: Plan.Plan): Ending => {
  if (sent.code === "Success") return "Success"
  if (sent.code === "(raw)") return plan.rawTag ?? "?"
  return codes[sent.code]?.[0] ?? "UnknownResponseCode"
}

const hasNoBody = (scenario: Scenario.Scenario): boolean => scenario._tag === "Raw" && scenario.body === ""

/** Whether a fault puts a body into an answer without one: HTTP has none with status 204. */
const isFilled = (scenario: Scenario.Scenario, struck: ReadonlySet<string>): boolean =>
  scenario._tag === "Raw" && scenario.status !== 204 && (struck.has("HugeBody") || struck.has("Garbage"))

/** The endings that one request may have. `CallTimeout` is judged by the clock, elsewhere. */
export const endings = (sent: Sent, plan: Plan.Plan): ReadonlySet<Ending> => {
  const struck = new Set<string>(sent.faults)
  const content = ofContent(sent, plan)
  const unreadable = ofStatus(sent.status)
  if (struck.has("DroppedAnswer")) return new Set()
  // Nothing can be cut off a body that is empty: its answer is whole before the connection breaks.
  if (hasNoBody(plan.scenario) && sent.code === "(raw)" && !isFilled(plan.scenario, struck)) {
    return new Set(["TransportError", content, unreadable])
  }
  // Node's own HTTP client leaves a body coded.
  const isCoded = struck.has("Gzip") && plan.client === "node-http"
  const isHuge = struck.has("HugeBody") && !isCoded
  // A body that declares too much is refused at its headers, before it can break.
  const tooLarge = isHuge ? ["DecodeError"] : []
  if (struck.has("Reset") || struck.has("TruncatedBody")) return new Set(["TransportError", ...tooLarge])
  if (struck.has("WrongContentLength")) {
    const isXml = plan.scenario._tag === "ErrorCode" && plan.scenario.format === "xml"
    return new Set(["TransportError", unreadable, ...tooLarge, ...(isXml ? [content] : [])])
  }
  if (isHuge) return new Set(tooLarge)
  if (struck.has("Garbage") || isCoded) return new Set([unreadable])
  if (struck.has("WrongCharset")) return new Set([content, unreadable])
  return new Set([content])
}

/** `Passed` only if the server said so, fields were read, and nothing else in its answer speaks against it. */
const verdict = (step: Scenario.Verdict, isRead: boolean): "Passed" | "Rejected" | "Inconclusive" => {
  if (step.passed === "N") return step.subCode === "200" ? "Inconclusive" : "Rejected"
  const isClear = step.spoof?.result !== "Y" && step.spoofBack?.result !== "Y"
  return step.passed === "Y" && step.subCode === "200" && step.ocrIdPassed !== "N" && isClear && isRead
    ? "Passed"
    : "Inconclusive"
}

export interface Expected {
  /** Whether only the verdict is known: fields of an answer that contradicts itself may be read or not. */
  readonly isDoubtful: boolean
  readonly verdict: "Passed" | "Rejected" | "Inconclusive"
  /** The fields of the person that this transaction is about; `undefined` if none were read. */
  readonly fields: Readonly<Record<string, string>> | undefined
  /** The seed of the person who is on the images, if there are any. */
  readonly images: { readonly seed: string; readonly document: Scenario.Verdict["document"] } | undefined
}

/** The result of a plan whose last attempt succeeded. */
export const result = (seed: string, plan: Plan.Plan): Expected | undefined => {
  const step = Plan.verdictOf(plan.scenario)
  if (step === undefined) return undefined
  const person = `${seed}:${step.personPerTransaction === true ? plan.transactionId : (step.person ?? "1")}`
  const form = step.nesting?.ocrIdInfo
  const isRead =
    step.read !== false && (form === undefined || form === "string" || form === "object" || form === "double")
  return {
    verdict: plan.isDoubtful ? "Inconclusive" : verdict(step, isRead),
    isDoubtful: plan.isDoubtful,
    fields: isRead ? Person.read(Person.make(person), step.document, step.sexSpelling) : undefined,
    images: plan.isReturnImage ? { seed: person, document: step.document } : undefined
  }
}

/** The longest wait before the n-th retry of a class, counted from 0, in milliseconds. */
export const longestDelay = (retry: RetryClass, n: number, retryAfter: number | undefined): number => {
  if (retry !== "throttle" && retry !== "transient") return 0
  const { base, cap } = Faults.limits[retry]
  const backoff = Math.min(cap, base * 2 ** n)
  // The server's hint is at least the backoff and at most 5 s more.
  return retry === "throttle" && retryAfter !== undefined
    ? Math.min(Math.max(retryAfter, backoff), backoff + 5000)
    : backoff
}

/** How often a class is retried. */
export const times = (retry: RetryClass): number =>
  retry === "never" ? 0 : retry === "transient" || retry === "throttle" ? Faults.limits[retry].times : 1
