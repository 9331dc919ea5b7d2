/** What is written down of an attribute. */
/**
 * A span, event, log line or metric that can have an attribute.
 *
 * @category models
 * @since 0.1.0
 */
export type Signal =
  | "awaitResult"
  | "checkResult"
  | "initialize"
  | "deleteVerifyResult"
  | "checkVerifyLog"
  | "attempt"
  | "refreshCredential"
  | "retry event"
  | "limiter event"
  | "credential event"
  | "log"
  | "metric"

/**
 * What an attribute means, and which signals have it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Definition {
  readonly type: "string" | "int" | "double" | "boolean"
  readonly signals: ReadonlyArray<Signal>
  /** When a signal has it. */
  readonly present: string
  readonly meaning: string
  /** What an on-call engineer does with it. */
  readonly action: string
  /**
   * `stable` or `development` in OpenTelemetry's semantic conventions; `older` if they had it and backends still look at
   * it; `own` or `effect` if they have none.
   */
  readonly source: "stable" | "development" | "older" | "own" | "effect"
}
