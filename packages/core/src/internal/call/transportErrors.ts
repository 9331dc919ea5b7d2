/** A transport's failure as the error that the caller gets. */
import * as Redacted from "effect/Redacted"
import * as CloudauthError from "../../CloudauthError.ts"
import type * as Transport from "../../Transport.ts"
import { described } from "../decode/serverText.ts"
import { withoutStack } from "../errorClass.ts"
import * as monotonic from "../monotonic.ts"
import type { Call } from "./client.ts"

/** How long a call may take, in milliseconds. */
export interface Limits {
  /** One attempt, from the moment it has a connection. */
  readonly attemptTimeout: number
  /** The whole call. */
  readonly deadline: number
  /** When the whole call must end, on the monotonic clock. */
  readonly end: number
}

/** What is left until the deadline, in milliseconds. */
export const timeLeft = ({ clock }: Call, { end }: Limits): number => end - monotonic.millis(clock)

/** `left` is what the request had left until the deadline when it was handed to the transport, in milliseconds. */
export const toError = (
  failure: Transport.Failure,
  call: Call,
  limits: Limits,
  left: number
): CloudauthError.CloudauthError => {
  switch (failure._tag) {
    case "TimedOut": {
      const isAttempt = isSent(failure) && limits.attemptTimeout <= left
      return callTimeout(call, limits, isAttempt ? "attempt" : "deadline", failure.phase, answerOf(failure))
    }
    case "QueueTooLong":
      return callTimeout(call, limits, "deadline", "queue", {
        queue: { waiting: failure.waiting, wait: failure.wait }
      })
    case "BodyTooLarge":
      return tooLarge(call, answerOf(failure))
    case "ConnectionFailed":
      return transportError(call, answerOf(failure), failure)
    case "ProxyRefused":
      return proxyRefused(call, failure)
    case "UnknownCoding":
      return unknownCoding(call, answerOf(failure), failure)
  }
}

/** Whether a request that failed had been sent. */
export const isSent = (failure: Transport.Failure): boolean => {
  switch (failure._tag) {
    case "QueueTooLong":
    case "ProxyRefused":
      return false
    case "BodyTooLarge":
    case "UnknownCoding":
      return true
    case "TimedOut":
    case "ConnectionFailed":
      return failure.phase !== "queue" && failure.phase !== "connect"
  }
}

/** What an error keeps of an answer. */
interface Answer {
  readonly httpStatus: number | undefined
  readonly requestId: string | undefined
  readonly contentType: string | undefined
}

/** What the headers say of an answer whose body did not arrive whole. */
const answerOf = ({ headers, httpStatus }: Pick<Transport.ConnectionFailed, "headers" | "httpStatus">): Answer => ({
  httpStatus,
  ...described(headers === undefined ? {} : Redacted.value(headers))
})

export const callTimeout = (
  call: Call,
  limits: Limits,
  limit: "attempt" | "deadline",
  phase: CloudauthError.Phase,
  more: Partial<Pick<CloudauthError.CallTimeout, "queue" | keyof Answer>> = {}
): CloudauthError.CallTimeout =>
  CloudauthError.callTimeout({
    limit,
    after: limit === "attempt" ? limits.attemptTimeout : limits.deadline,
    phase,
    attempts: call.attempts,
    ...more
  })

/** Adds the number of attempts, which the source of the credential does not know. */
export const credentialsError = (
  call: Call,
  { advice, code, httpStatus, isTransient, reason, requestId, underlying }: CloudauthError.CredentialsError
): CloudauthError.CredentialsError =>
  withoutStack(
    new CloudauthError.CredentialsError({
      code,
      httpStatus,
      requestId,
      attempts: call.attempts,
      advice,
      reason,
      isTransient,
      underlying
    })
  )

const tooLarge = (call: Call, answer: Answer) =>
  new CloudauthError.DecodeError({
    ...answer,
    code: "DecodeError",
    attempts: call.attempts,
    advice: "Raise maxBodyBytes if the images are that large; the client stopped reading at the limit.",
    path: "",
    expected: `at most ${call.client.maxBodyBytes} bytes`,
    body: Redacted.make("", { label: "body" })
  })

const unknownCoding = (call: Call, answer: Answer, { known }: Transport.UnknownCoding) =>
  new CloudauthError.DecodeError({
    ...answer,
    code: "DecodeError",
    attempts: call.attempts,
    advice: "Look for a proxy that encodes bodies: this client asks for no coding.",
    path: "",
    expected: `a body that is encoded as ${known.join(", ")} or not at all (content-encoding)`,
    body: Redacted.make("", { label: "body" })
  })

const proxyRefused = (call: Call, { proxy, status }: Transport.ProxyRefused) =>
  new CloudauthError.ProxyRefused({
    code: "ProxyRefused",
    httpStatus: undefined,
    requestId: undefined,
    attempts: call.attempts,
    advice: proxyAdvice(status),
    status,
    proxy
  })

const proxyAdvice = (status: number): string =>
  status === 407
    ? "Check the user and the password of the proxy. The client does not try them again."
    : status === 403
      ? "Ask for the proxy to allow CONNECT to the service's host and port."
      : status >= 500
        ? "The proxy can't reach the service: check its own network and name resolution."
        : "Check that the address is that of a proxy that allows CONNECT; the client asks for nothing else, also for http: URLs."

const transportError = (
  call: Call,
  answer: Answer,
  { httpStatus, isReusedConnection, phase, underlying }: Transport.ConnectionFailed
) => {
  const reason = reasonOf(Redacted.value(underlying))
  return new CloudauthError.TransportError({
    ...answer,
    code: "TransportError",
    attempts: call.attempts,
    advice: adviceOf(reason, answer),
    reason,
    phase: httpStatus === undefined ? phase : "body",
    isReusedConnection,
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

const adviceOf = (reason: string, { httpStatus }: Answer): string =>
  reason.endsWith("ERR_REPEATED_ANSWER")
    ? "A response came twice over one connection, so the next request would have got the wrong one: look for a proxy that sends responses twice. A stand-in must give each response its own x-acs-request-id, or none."
    : reason.endsWith("ERR_CONTENT_ENCODING")
      ? "The body is not encoded as its content-encoding says, or was cut short: look for a proxy that changes bodies; the client has retried as its policy says."
      : reason.endsWith("ECONNREFUSED")
        ? "Nothing listens at the endpoint, or at the proxy: start it, or correct its host and port. The client has retried as its policy says."
        : reason.endsWith("ENOTFOUND")
          ? "The endpoint's host name, or the proxy's, is unknown: check the name and DNS, and whether this machine needs a proxy (HTTPS_PROXY)."
          : httpStatus === undefined
            ? "Check the network, the proxy and the endpoint; the client has retried as its policy says."
            : "The answer began and was cut short: look for a proxy or firewall that ends connections, and at the network; the client has retried as its policy says."
