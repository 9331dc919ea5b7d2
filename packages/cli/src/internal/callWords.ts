/** Why a call failed, as a sentence that can be translated. An error's own message is in English. */
import * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import * as ResponseCode from "@effect-cloudauth/core/ResponseCode"
import * as Redacted from "effect/Redacted"
import { errorCode } from "./errorCode.ts"
import { list, type Phrase, say, type Value } from "./language/say.ts"

/** The error without its advice. */
export const phraseOf = (error: CloudauthError.CloudauthError): Phrase =>
  say`${error._tag}: ${whatOf(error)} (${list(factsOf(error))}).`

const whatOf = (error: CloudauthError.CloudauthError): Value => {
  switch (error._tag) {
    case "TransportError": {
      const { reason, underlying } = error
      return say`the connection failed: ${errorCode(underlying && Redacted.value(underlying)) ?? reason}`
    }
    case "ProxyRefused":
      return say`the proxy ${error.proxy} refused with status ${error.status}`
    case "CallTimeout":
      return timeout(error)
    case "DecodeError":
      return error.path === ""
        ? say`expected ${error.expected} at the top of the answer`
        : say`expected ${error.expected} at ${error.path}`
    case "CredentialsError":
      return credentials(error.reason)
    case "InvalidRequest":
      return say`${error.path} must be ${error.rule}`
    case "TransactionAbandoned":
      return say`the user did not finish in time`
    case "TransactionExpired":
      return say`the result is no longer kept`
    default:
      return ResponseCode.facts(error.code, error.httpStatus ?? 0).meaning.replace(/\.$/, "")
  }
}

const timeout = ({ after, limit, phase, queue }: CloudauthError.CallTimeout): Phrase =>
  queue !== undefined
    ? say`${queue.waiting} calls wait already, so this one's turn would come in ${Math.round(queue.wait)} ms, after its limit of ${after} ms`
    : limit === "attempt"
      ? say`the attempt took longer than ${after} ms; it was waiting for ${CloudauthError.waits[phase]}`
      : say`the call took longer than ${after} ms; it was waiting for ${CloudauthError.waits[phase]}`

/** Why there is no credential: a line for each source that was asked. */
export const credentials = (reason: string): Value => {
  const [first = "", ...sources] = reason.split("\n").map(source)
  return sources.reduce<Value>((text, line) => say`${text}\n  ${line}`, first)
}

const source = (line: string): Value => {
  const [, names] = /^([A-Z0-9_, ]+) not set$/.exec(line.replace(/^\w+: /, "")) ?? []
  const [, name = "", reason = ""] = /^(\w+): (.*)$/.exec(line) ?? []
  return names !== undefined ? say`${name}: ${names} not set` : name === "" ? line : say`${name}: ${reason}`
}

const factsOf = (error: CloudauthError.CloudauthError): ReadonlyArray<Value> => {
  const { attempts, code, contentType, httpStatus, requestId } = error
  return [
    ...(code === error._tag ? [] : [say`code ${code}`]),
    ...(httpStatus === undefined ? [] : [`HTTP ${httpStatus}`]),
    ...(contentType === undefined || contentType === "application/json" ? [] : [contentType]),
    ...(requestId === undefined ? [] : [say`request ${requestId}`]),
    attempts === 0 ? say`not sent` : attempts === 1 ? say`1 attempt` : say`${attempts} attempts`
  ]
}
