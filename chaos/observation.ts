/** What the client's side saw of one call. */
import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import type * as Document from "@effect-cloudauth/core/Document"
import type * as Telemetry from "@effect-cloudauth/core/Telemetry"
import type * as Exit from "effect/Exit"

export type Result = CheckResult<Document.Reading>

export class Observation implements Telemetry.Observer {
  readonly attempts: Array<Telemetry.AttemptFacts> = []
  readonly retries: Array<Telemetry.RetryFacts> = []
  /** The nonce of each request that was handed to the transport. */
  readonly nonces: Array<string> = []
  started = 0
  ended = 0
  exit: Exit.Exit<Result, CloudauthError> | undefined
  /** Milliseconds. */
  duration = 0
  /** Whether the campaign ended it from outside. */
  wasInterrupted = false

  operationStarted = (): void => void this.started++
  operationEnded = (): void => void this.ended++
  attemptEnded = (facts: Telemetry.AttemptFacts): void => void this.attempts.push(facts)
  retryScheduled = (facts: Telemetry.RetryFacts): void => void this.retries.push(facts)
  decoded = (): void => {}
  quotaTaken = (): void => {}
  limiterWaited = (): void => {}
  credentialRefreshed = (): void => {}
}
