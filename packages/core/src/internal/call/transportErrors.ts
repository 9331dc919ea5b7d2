/** A transport's failure as the error that the caller gets. */
import * as Redacted from "effect/Redacted"
import * as CloudauthError from "../../CloudauthError.ts"
import type * as Transport from "../../Transport.ts"
import type { Call } from "./client.ts"
import type { TimeLimit } from "./retry.ts"

export const toError = (failure: Transport.Failure, call: Call, limit: TimeLimit): CloudauthError.CloudauthError => {
  switch (failure._tag) {
    case "TimedOut":
    case "QueueTooLong":
      return callTimeout(call, limit)
    case "BodyTooLarge":
      return tooLarge(call, failure.httpStatus)
    case "ConnectionFailed":
      return transportError(call, failure.underlying)
  }
}

export const callTimeout = (call: Call, limit: TimeLimit) =>
  new CloudauthError.CallTimeout({
    code: "CallTimeout",
    httpStatus: undefined,
    requestId: undefined,
    attempts: call.attempts,
    advice: "Try again later, or raise attemptTimeout and deadline in the retry policy.",
    limit: limit.name,
    after: limit.limit
  })

const tooLarge = (call: Call, httpStatus: number) =>
  new CloudauthError.DecodeError({
    code: "DecodeError",
    httpStatus,
    requestId: undefined,
    attempts: call.attempts,
    advice: "Raise maxBodyBytes if the images are that large; the client stopped reading at the limit.",
    path: "",
    expected: `at most ${call.client.maxBodyBytes} bytes`,
    body: Redacted.make("", { label: "body" })
  })

const transportError = (call: Call, underlying: Redacted.Redacted<unknown>) => {
  const reason = reasonOf(Redacted.value(underlying))
  return new CloudauthError.TransportError({
    code: "TransportError",
    httpStatus: undefined,
    requestId: undefined,
    attempts: call.attempts,
    advice: adviceOf(reason),
    reason,
    underlying
  })
}

/** Names a failure by its code or its class alone: the runtime's own text can quote the request. */
const reasonOf = (underlying: unknown): string => {
  const names: Array<string> = []
  let cause = underlying
  for (let depth = 0; depth < 6 && typeof cause === "object" && cause !== null; depth++) {
    const { code, name } = cause as { readonly code?: unknown; readonly name?: unknown } // any value can be a cause
    if (typeof code === "string" && /^[A-Z0-9_]{2,40}$/.test(code)) return `the connection failed: ${code}`
    if (typeof name === "string" && /^[A-Za-z]{2,40}$/.test(name)) names.push(name)
    cause = (cause as { readonly cause?: unknown }).cause
  }
  return `the connection failed: ${names.at(-1) ?? "unknown cause"}`
}

const adviceOf = (reason: string): string =>
  reason.endsWith("ERR_REPEATED_ANSWER")
    ? "A response came twice over one connection, so the next request would have got the wrong one: look for a proxy that sends responses twice. A stand-in for the service must give each response its own x-acs-request-id, or none."
    : "Check the network, the proxy and the endpoint; the client has retried as its policy says."
