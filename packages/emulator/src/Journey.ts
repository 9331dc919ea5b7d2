/**
 * The operation `Initialize` and the simulated user who follows it: started, completed after a time or by command, then the callback.
 *
 * @example
 * import * as Server from "@effect-cloudauth/emulator/Server"
 * const server = await Server.start({ journeys: { completesAfterMillis: 2000 } })
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as Document from "./Document.ts"
import type * as Scenario from "./Scenario.ts"

/**
 * How long a user has, from Initialize on, in milliseconds: 30 minutes. A journey that is not completed by then is
 * abandoned, and its transaction answers `ProcessNotCompleted` for ever.
 *
 * @category models
 * @since 0.1.0
 */
export const lifeMillis = 30 * 60 * 1000

/**
 * How the callback is sent.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallbackOptions {
  /** The platform's own default is `GET`, with the parameters in the query; `POST` sends them as a form. */
  readonly method?: "GET" | "POST" | undefined
  /** Further attempts after one that ended without a status of 2xx (3). */
  readonly retries?: number | undefined
  /** The pause before the first retry, doubled before each next one, in milliseconds of real time (500). */
  readonly retryAfterMillis?: number | undefined
  /** In milliseconds of real time (5000). */
  readonly timeoutMillis?: number | undefined
  /** Sent this often even when it is accepted at once, as networks sometimes do (1). */
  readonly copies?: number | undefined
  /** The parameter's name: both spellings have been seen. */
  readonly subCodeName?: "subCode" | "subcode" | undefined
  /**
   * Takes each callback in place of HTTP, for a route in the same process. It counts as delivered; losing, delaying and
   * repeating it is up to the function.
   */
  readonly deliver?: ((request: Request) => void) | undefined
}

/**
 * How users behave.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /**
   * How long the user takes, on the emulator's clock; left out: until `complete` is called. A user who takes 30
   * minutes or longer abandons the transaction.
   */
  readonly completesAfterMillis?: number | undefined
  /** What `CheckResult` answers once the user is done. Left out: passed, with the document of `DocType`. */
  readonly scenario?: Scenario.Scenario | undefined
  /** Which document a `DocType` stands for, besides the known codes; any other is taken for the Hong Kong Identity Card. */
  readonly documents?: Readonly<Record<string, Document.Slug>> | undefined
  /**
   * The address that Initialize sends the user to; `host` is the name and port by which Initialize was called. Left
   * out: the server's own page, on which you choose how the journey ends, and without a server an address of no page.
   */
  readonly transactionUrl?: ((transactionId: string, host: string) => string) | undefined
  readonly callback?: CallbackOptions | undefined
}

/**
 * The keys of `Options`.
 *
 * @category models
 * @since 0.1.0
 */
export const keys: { readonly [K in keyof Required<Options>]: unknown } = {
  completesAfterMillis: true,
  scenario: true,
  documents: true,
  transactionUrl: true,
  callback: {
    method: true,
    retries: true,
    retryAfterMillis: true,
    timeoutMillis: true,
    copies: true,
    subCodeName: true,
    deliver: true
  }
}

/**
 * One user's way from `Initialize` to the result.
 *
 * @category models
 * @since 0.1.0
 */
export const Journey = Schema.Struct({
  transactionId: Schema.String,
  /** Milliseconds since 1970. */
  startedAt: Schema.Finite,
  /** `Abandoned`: 30 minutes have passed without completion. */
  state: Schema.Literals(["Underway", "Completed", "Abandoned"]),
  completedAt: Schema.optional(Schema.Finite),
  /** `None` if `Initialize` named no URL. */
  callback: Schema.Literals(["None", "Waiting", "Sending", "Delivered", "Failed"]),
  callbackAttempts: Schema.Int
}).annotate({ identifier: "Journey" })
export type Journey = typeof Journey.Type

/**
 * One callback that was sent: each attempt and each copy has its own. The token and the rest of the URL's query are left out.
 *
 * @category models
 * @since 0.1.0
 */
export const SentCallback = Schema.Struct({
  /** Counts from 1. */
  sequence: Schema.Int,
  transactionId: Schema.String,
  /** Milliseconds since 1970, on the emulator's clock. */
  time: Schema.Finite,
  method: Schema.Literals(["GET", "POST"]),
  /** Origin and path. */
  route: Schema.String,
  passed: Schema.String,
  subCode: Schema.String,
  /** The parameter names that were sent. */
  parameters: Schema.Array(Schema.String),
  /** Counts from 1 for each journey. */
  attempt: Schema.Int,
  /** The answer's HTTP status. */
  status: Schema.optional(Schema.Int),
  /** What came in place of an answer: `timeout`, or a code such as `ECONNREFUSED`. */
  failure: Schema.optional(Schema.String),
  /** Milliseconds of real time until the answer. */
  answeredMillis: Schema.Finite,
  /** `Copy`: sent again although it was accepted. `HandedOver`: given to `deliver`. */
  outcome: Schema.Literals(["Delivered", "Copy", "HandedOver", "Retried", "Failed"]),
  /** The pause before the next attempt, if there is one. */
  retryAfterMillis: Schema.optional(Schema.Finite)
}).annotate({ identifier: "SentCallback" })
export type SentCallback = typeof SentCallback.Type

/**
 * The journeys of one emulator.
 *
 * @category models
 * @since 0.1.0
 */
export interface Journeys {
  /**
   * The user is done now, with the scenario if one is given. `false` if no journey with this id is under way: it is
   * unknown, completed or abandoned.
   */
  readonly complete: (transactionId: string, scenario?: Scenario.Scenario | undefined) => boolean
  readonly all: () => ReadonlyArray<Journey>
  /** What journeys started from now on end with; `undefined`: passed. */
  readonly setScenario: (scenario: Scenario.Scenario | undefined) => void
  /** The last 200 callbacks that were sent, oldest first. */
  readonly callbacks: () => ReadonlyArray<SentCallback>
  /** When no callback is being sent any more. */
  readonly settled: () => Promise<void>
  readonly reset: () => void
}
