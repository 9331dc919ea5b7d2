/**
 * How the command ends, for scripts: every outcome has a code of its own, in one table.
 *
 * @example
 * import * as ExitCode from "@effect-cloudauth/cli/ExitCode"
 *
 * ExitCode.table.Rejected.code // => 10
 *
 * @since 0.1.0
 */
import type { Finding } from "@effect-cloudauth/core/Assessment"
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import type { Verdict } from "@effect-cloudauth/core/Verdict"

interface Entry {
  readonly code: number
  readonly meaning: string
}

/**
 * Name → code and meaning, in the order of the codes.
 *
 * @category models
 * @since 0.1.0
 */
export const table = {
  Success: { code: 0, meaning: "passed, or done as asked" },
  Unexpected: { code: 1, meaning: "a fault of this program, or of the machine" },
  Usage: { code: 2, meaning: "the command line, the configuration or the input is wrong" },
  Rejected: { code: 10, meaning: "the verdict is a rejection" },
  Inconclusive: {
    code: 11,
    meaning: "the answer is incomplete, contradicts itself or is about something else; let a person decide"
  },
  NotCompleted: { code: 12, meaning: "the user has not finished" },
  UnknownTransaction: { code: 13, meaning: "the service does not know the transaction id, or no longer" },
  Review: { code: 14, meaning: "passed, but a finding speaks against the document; let a person decide" },
  InvalidRequest: { code: 20, meaning: "a parameter is refused, here or by the service" },
  Credentials: { code: 21, meaning: "no access key, or one that the service does not accept" },
  Denied: { code: 22, meaning: "the account or the RAM user may not use ID Verification" },
  ClockSkewed: { code: 23, meaning: "this machine's clock is off" },
  Throttled: { code: 30, meaning: "above the account's quota, after all retries" },
  Timeout: { code: 31, meaning: "no answer in time" },
  Transport: { code: 32, meaning: "the service cannot be reached" },
  Unavailable: { code: 33, meaning: "the service has failed" },
  Unreadable: { code: 34, meaning: "an answer that is not as documented" },
  Incomplete: {
    code: 40,
    meaning:
      "some ids have no result: the file of failed ids has those that failed, the next run asks for the pending ones"
  },
  Due: { code: 41, meaning: "results will be deleted by the vendor and are not collected" },
  NotDeleted: { code: 42, meaning: "the vendor did not confirm some deletions; run it again" },
  Storage: { code: 50, meaning: "the store, or a file, cannot be read or written" },
  Interrupted: { code: 130, meaning: "ended by a signal; what was stored stays, run it again to go on" }
} as const satisfies Record<string, Entry>

/**
 * The name of an outcome.
 *
 * @category models
 * @since 0.1.0
 */
export type Name = keyof typeof table

/**
 * The names, in the order of the codes.
 *
 * @category models
 * @since 0.1.0
 */
export const names: ReadonlyArray<Name> = Object.keys(table).filter((name): name is Name => Object.hasOwn(table, name))

/**
 * The outcome of a check: a pass is a success only if no finding says to do something about the document. What says to change
 * the request does not count: this command knows nothing of what Initialize asked for.
 *
 * @category getters
 * @since 0.1.0
 */
export const ofCheck = (verdict: Verdict["_tag"], findings: ReadonlyArray<Finding>): Name => {
  if (verdict !== "Passed") return verdict
  return findings.every(({ nextStep }) => nextStep === "None" || nextStep === "ChangeRequest") ? "Success" : "Review"
}

/**
 * The outcome of a call that failed.
 *
 * @category getters
 * @since 0.1.0
 */
export const ofError = (error: CloudauthError): Name => byTag[error._tag]

const byTag: Readonly<Record<CloudauthError["_tag"], Name>> = {
  MissingParameter: "InvalidRequest",
  InvalidParameter: "InvalidRequest",
  InvalidRequest: "InvalidRequest",
  TransactionIdInvalid: "UnknownTransaction",
  RamUserAccessDenied: "Denied",
  AccountAccessDenied: "Denied",
  Throttled: "Throttled",
  TransactionAbandoned: "NotCompleted",
  TransactionExpired: "UnknownTransaction",
  ProcessNotCompleted: "NotCompleted",
  ServiceFailed: "Unavailable",
  ServiceDown: "Unavailable",
  SignatureRejected: "Credentials",
  InvalidAccessKey: "Credentials",
  SecurityTokenExpired: "Credentials",
  CredentialsError: "Credentials",
  ClockSkewed: "ClockSkewed",
  TransportError: "Transport",
  ProxyRefused: "Transport",
  CallTimeout: "Timeout",
  DecodeError: "Unreadable",
  UnknownResponseCode: "Unreadable"
}

/**
 * A part of the table as text, for `--help`.
 *
 * @category operations
 * @since 0.1.0
 */
export const help = (...outcomes: ReadonlyArray<Name>): string =>
  [
    "Exit codes:",
    ...outcomes.map((name) => `  ${String(table[name].code).padStart(3)}  ${name}: ${table[name].meaning}`)
  ].join("\n")

/**
 * How any call to the service can fail.
 *
 * @category models
 * @since 0.1.0
 */
export const ofCalls = [
  "InvalidRequest",
  "Credentials",
  "Denied",
  "ClockSkewed",
  "Throttled",
  "Timeout",
  "Transport",
  "Unavailable",
  "Unreadable"
] as const satisfies ReadonlyArray<Name>
