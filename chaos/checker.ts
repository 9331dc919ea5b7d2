/** Holds one call against the model. */
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import * as Specimen from "@effect-cloudauth/emulator/Specimen"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Faults from "./faults.ts"
import * as Model from "./model.ts"
import type { Observation, Result } from "./observation.ts"
import type * as Plan from "./plan.ts"
import type { Sent } from "./protocol.ts"

export interface Verdict {
  readonly violations: ReadonlyArray<string>
  /** How each attempt ended, and what had been done to it; `undefined` if it never arrived. */
  readonly attempts: ReadonlyArray<{ readonly ending: Model.Ending; readonly sent: Sent | undefined }>
  /** Attempts that failed in transport though nothing was done to them: their connection had been spoilt before. */
  readonly collateral: number
  /** Attempts that timed out though nothing slowed them: this machine did. */
  readonly slow: number
}

const slowing: ReadonlySet<string> = new Set(["Delay", "SlowBody", "DroppedAnswer", "HugeBody", "TruncatedBody"])

const images = new Map<string, Buffer>()
const draw = (seed: string, document: Model.Expected["images"] & {}, side: "front" | "back"): Buffer => {
  const key = `${side}:${document.document}:${seed}`
  const known = images.get(key)
  if (known !== undefined) return known
  const drawn = Specimen.draw({ document: document.document, side, format: "jpeg", seed })
  images.set(key, drawn)
  return drawn
}

const sameFields = (result: Result, fields: Readonly<Record<string, string>>): boolean => {
  if (result.ocr._tag !== "Read" && result.ocr._tag !== "Ambiguous") return false
  const read = Redacted.value(result.ocr.raw)
  const names = Object.keys(read)
  return names.length === Object.keys(fields).length && names.every((name) => read[name] === fields[name])
}

const checkResult = (result: Result, expected: Model.Expected, sent: Sent): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  // A lossy charset can break the evidence for a pass, and nothing else.
  const isDoubted = sent.faults.includes("WrongCharset") && result.verdict._tag === "Inconclusive"
  if (result.verdict._tag !== expected.verdict && !isDoubted) {
    wrong.push(`the verdict is ${result.verdict._tag}, but ${expected.verdict} was due`)
  }
  if (result.verdict._tag === "Passed" && sent.passed !== "Y") wrong.push("Passed, but the server did not say so")
  if (result.requestId !== sent.requestId) wrong.push("the answer to another request")
  // It changes letters, too.
  if (sent.faults.includes("WrongCharset")) return wrong
  if (expected.isDoubtful) return wrong
  if (expected.fields === undefined) {
    const isRead = result.ocr._tag === "Read" || result.ocr._tag === "Ambiguous"
    if (isRead) wrong.push("fields although none were sent")
  } else if (!sameFields(result, expected.fields)) wrong.push("another person's fields, or changed ones")
  if (expected.images !== undefined) {
    for (const side of ["front", "back"] as const) {
      const image = result.images[side]
      const due = draw(expected.images.seed, expected.images, side)
      if (image === undefined || !due.equals(Redacted.value(image.bytes))) wrong.push(`another ${side} image`)
    }
  }
  return wrong
}

const requestIdOf = (error: CloudauthError | undefined): string | undefined => error?.requestId

const isStale = (error: CloudauthError): boolean =>
  error._tag === "TransportError" && error.isReusedConnection && error.phase === "headers"

/** `lag`: the longest pause of this process's event loop while the calls ran, in milliseconds. */
export const check = (
  seed: string,
  plan: Plan.Plan,
  seen: Observation,
  sentByNonce: ReadonlyMap<string, Sent>,
  lag: number
): Verdict => {
  const slack = 300 + 3 * lag
  const violations: Array<string> = []
  const { attempts, exit, nonces } = seen
  const { deadline } = Faults.limits
  let collateral = 0
  let slow = 0

  if (seen.duration > deadline + slack) violations.push(`took ${Math.round(seen.duration)} ms, past the deadline`)
  if (seen.started !== seen.ended) violations.push("an operation that began and never ended")
  if (new Set(nonces).size !== nonces.length) violations.push("a nonce twice in one call")
  if (nonces.length > attempts.length) violations.push(`${nonces.length} requests in ${attempts.length} attempts`)

  const judged = attempts.map((attempt, index) => {
    const nonce = nonces[index]
    const sent = nonce === undefined ? undefined : sentByNonce.get(nonce)
    const isCutOff = seen.wasInterrupted && index === attempts.length - 1 && attempt.error === undefined
    const ending =
      isCutOff && !(exit !== undefined && Exit.isSuccess(exit)) ? "(interrupted)" : (attempt.error?._tag ?? "Success")
    const where = `attempt ${index + 1} (${sent === undefined ? "did not arrive" : [sent.code, ...sent.faults].join(", ")})`
    if (sent !== undefined && sent.transactionId !== plan.transactionId)
      violations.push(`${where}: of another transaction`)
    if (sent?.signature === "Refused" && !/imestamp/i.test(sent.code))
      violations.push(`${where}: a signature was refused`)
    if (ending === "(interrupted)") return { ending, sent }
    if (attempt.error?._tag === "CallTimeout") {
      const { after, limit } = attempt.error
      const took = limit === "attempt" ? attempt.duration : seen.duration
      if (took < after - 5) violations.push(`${where}: timed out after ${took} ms of ${after}`)
      if (sent?.faults.some((kind) => slowing.has(kind)) !== true) slow++
      const answered = sent?.answeredMillis
      if (limit === "attempt" && answered !== undefined && answered + slack < after && sent?.faults.length === 0) {
        violations.push(`${where}: timed out though it was answered after ${answered.toFixed(0)} ms`)
      }
    } else if (sent === undefined) {
      if (ending !== "TransportError") violations.push(`${where}: ended as ${ending}`)
    } else if (ending === "Success" && plan.rawTag === "DecodeError" && sent.code === "(raw)") {
      // Its code says success, and what is wrong is found by reading it: the call must end as DecodeError.
    } else if (!Model.endings(sent, plan).has(ending)) {
      if (ending === "TransportError") collateral++
      else violations.push(`${where}: ended as ${ending}, allowed: ${[...Model.endings(sent, plan)].join(", ")}`)
    }
    const requestId = requestIdOf(attempt.error)
    if (requestId !== undefined && sent !== undefined && requestId !== sent.requestId) {
      violations.push(`${where}: got the answer to another request`)
    }
    return { ending, sent }
  })

  // Retries: only what may be retried, and as often as the policy says, no more and no less.
  const used = new Map<Model.RetryClass, number>()
  let isFreeRetryUsed = false
  for (const [index, attempt] of attempts.entries()) {
    if (attempt.error === undefined) continue
    // A connection that the server had closed while it was idle: once, and beside the schedule.
    if (!isFreeRetryUsed && index < attempts.length - 1 && isStale(attempt.error)) {
      isFreeRetryUsed = true
      continue
    }
    const retry = Model.retryClass(attempt.error._tag, attempt.error.code)
    const before = used.get(retry) ?? 0
    const isLast = index === attempts.length - 1
    const limit = attempt.error._tag === "CallTimeout" && attempt.error.limit === "deadline" ? 0 : Model.times(retry)
    if (isLast) {
      const retryAfter = attempt.error._tag === "Throttled" ? attempt.error.retryAfter : undefined
      const wait = Model.longestDelay(retry, before, retryAfter)
      const isLate = seen.duration + wait >= deadline - slack
      if (before < limit && !isLate && !seen.wasInterrupted) {
        violations.push(`gave up after ${attempts.length} attempts though ${attempt.error._tag} may be retried`)
      }
    } else {
      if (before >= limit)
        violations.push(`${attempt.error._tag} (${attempt.error.code}) was retried, ${before + 1} times`)
      const scheduled = seen.retries[index]
      const longest = Model.longestDelay(
        retry,
        before,
        scheduled?.error._tag === "Throttled" ? scheduled.error.retryAfter : undefined
      )
      if (scheduled === undefined || scheduled.delay > longest) violations.push(`a retry waited ${scheduled?.delay} ms`)
    }
    used.set(retry, before + 1)
  }

  if (exit === undefined) violations.push("never ended")
  else if (Exit.isFailure(exit)) {
    const error = Option.getOrUndefined(Exit.findErrorOption(exit))
    if (exit.cause.reasons.some((reason) => reason._tag === "Die")) violations.push("a defect")
    else if (error === undefined && !seen.wasInterrupted) violations.push("interrupted by itself")
    else if (error !== undefined) {
      const last = attempts.at(-1)?.error
      const isUndecodable = last === undefined && error._tag === "DecodeError" && plan.rawTag === "DecodeError"
      // A process that is busy or blocked ends a wait after the deadline: then no attempt follows.
      const isLateWait = error._tag === "CallTimeout" && error.phase === "backoff" && seen.duration >= deadline - 5
      if (last !== error && !isUndecodable && !isLateWait)
        violations.push(`ended as ${error._tag}, but its last attempt did not`)
    }
  } else {
    const expected = Model.result(seed, plan)
    const sent = judged.at(-1)?.sent
    if (expected === undefined || sent === undefined) violations.push("a result where the server gave none")
    else violations.push(...checkResult(exit.value, expected, sent))
  }
  return { violations, attempts: judged, collateral, slow }
}
