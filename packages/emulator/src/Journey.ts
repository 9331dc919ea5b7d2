/**
 * The operation `Initialize` and the simulated user who follows it: started, completed after a time or by command, then the callback.
 *
 * @example
 * import * as Server from "@effect-cloudauth/emulator/Server"
 * const server = await Server.start({ journeys: { completesAfterMillis: 2000 } })
 */
import * as Schema from "effect/Schema"
import * as Document from "./Document.ts"
import * as Callback from "./internal/callback.ts"
import * as CheckResult from "./internal/checkResult.ts"
import type * as Seeded from "./internal/seeded.ts"
import type * as Transactions from "./internal/transactions.ts"
import * as Scenario from "./Scenario.ts"

export type CallbackOptions = Callback.Options

export interface Options {
  /** How long the user takes, on the emulator's clock; left out: until `complete` is called. */
  readonly completesAfterMillis?: number | undefined
  /** What `CheckResult` answers once the user is done. Left out: passed, with the document of `DocType`. */
  readonly scenario?: Scenario.Scenario | undefined
  /** Which document a `DocType` stands for, besides the known codes; any other is taken for the Hong Kong Identity Card. */
  readonly documents?: Readonly<Record<string, Document.Slug>> | undefined
  readonly callback?: CallbackOptions | undefined
}

/** One user's way from `Initialize` to the result. */
export const Journey = Schema.Struct({
  transactionId: Schema.String,
  /** Milliseconds since 1970. */
  startedAt: Schema.Finite,
  completedAt: Schema.optional(Schema.Finite),
  /** `None` where `Initialize` named no URL. */
  callback: Schema.Literals(["None", "Waiting", "Sending", "Delivered", "Failed"]),
  callbackAttempts: Schema.Int
}).annotate({ identifier: "Journey" })
export type Journey = typeof Journey.Type

export interface Journeys {
  readonly initialize: (parameters: CheckResult.Parameters) => CheckResult.Answer
  /** The user is done now. `false` where no journey with this id is under way. */
  readonly complete: (transactionId: string) => boolean
  readonly all: () => ReadonlyArray<Journey>
  /** What journeys started from now on end with; `undefined`: passed. */
  readonly setScenario: (scenario: Scenario.Scenario | undefined) => void
  /** Completes what is due; to be called whenever time has passed. */
  readonly tick: () => void
  /** When no callback is being sent any more. */
  readonly settled: () => Promise<void>
  readonly reset: () => void
}

interface Underway {
  readonly transactionId: string
  readonly startedAt: number
  readonly due: number
  readonly scenario: Scenario.Scenario
  readonly notice: { readonly url: string; readonly token: string | undefined } | undefined
  completedAt: number | undefined
  callback: Journey["callback"]
  callbackAttempts: number
}

const productCodes = ["ID_OCR", "OCR_GLOBAL", "IDR_GLOBAL"]

const rules: ReadonlyArray<readonly [name: string, required: boolean, valid: (value: string) => boolean]> = [
  ["ProductCode", true, (value) => productCodes.includes(value)],
  ["MerchantBizId", true, (value) => /^[A-Za-z0-9]{1,32}$/.test(value)],
  ["MerchantUserId", true, () => true],
  ["DocType", true, (value) => /^[A-Za-z0-9]{8}$/.test(value)],
  ["Pages", false, (value) => value === "01" || value === "01,02"],
  ["IdSpoof", false, (value) => value === "Y" || value === "N"],
  ["SceneCode", false, (value) => value.length <= 10]
]

const check = (parameters: CheckResult.Parameters): CheckResult.Answer | undefined => {
  for (const [name, required, valid] of rules) {
    const value = parameters.get(name) ?? ""
    if (value === "" && required) return CheckResult.missing(name)
    if (value !== "" && !valid(value)) return CheckResult.invalid(name)
  }
  const callback = parameters.get("CallbackUrl") ?? ""
  return callback === "" || Callback.isAllowed(callback) ? undefined : CheckResult.invalid("CallbackUrl")
}

/** The codes that the vendor's pages print beside a document. */
const knownDocTypes: Readonly<Record<string, Document.Slug>> = {
  "00000006": "hong-kong-identity-card",
  "00000007": "exit-entry-permit-hong-kong-macao",
  "00000008": "hong-kong-identity-card",
  "00000009": "mainland-travel-permit-hong-kong-macao",
  "00000012": "mainland-travel-permit-taiwan",
  "01000000": "global-passport",
  GLB03002: "global-passport"
}

export const make = (
  transactions: Transactions.Transactions,
  options: Options & { readonly now: () => number; readonly seeded: Seeded.Seeded }
): Journeys => {
  const journeys = new Map<string, Underway>()
  const waiting = new Set<Underway>()
  const timers = new Set<NodeJS.Timeout>()
  const sender = Callback.make(options.callback ?? {})
  let scenario = options.scenario

  const scenarioFor = (parameters: CheckResult.Parameters): Scenario.Scenario => {
    if (scenario !== undefined) return scenario
    const docType = parameters.get("DocType") ?? ""
    const documents: Readonly<Record<string, Document.Slug>> = { ...knownDocTypes, ...options.documents }
    return Scenario.passed({
      document: documents[docType] ?? Document.slugs[0],
      personPerTransaction: true,
      back: parameters.get("Pages") === "01,02"
    })
  }

  const finish = (journey: Underway, at: number): void => {
    waiting.delete(journey)
    journey.completedAt = at
    transactions.register(journey.transactionId, journey.scenario, at)
    if (journey.notice === undefined) return
    journey.callback = "Sending"
    const outcome = Callback.outcomeOf(journey.scenario)
    sender.send(journey.notice, { transactionId: journey.transactionId, ...outcome }, (state, attempts) => {
      journey.callback = state
      journey.callbackAttempts = attempts
    })
  }

  const tick = (): void => {
    const now = options.now()
    for (const journey of waiting) if (now >= journey.due) finish(journey, journey.due)
  }

  const start = (parameters: CheckResult.Parameters): CheckResult.Answer => {
    const now = options.now()
    const transactionId = `hksb${options.seeded.bytes(16).toString("hex")}`
    const url = parameters.get("CallbackUrl") ?? ""
    const journey: Underway = {
      transactionId,
      startedAt: now,
      due: options.completesAfterMillis === undefined ? Infinity : now + options.completesAfterMillis,
      scenario: scenarioFor(parameters),
      notice: url === "" ? undefined : { url, token: parameters.get("CallbackToken") },
      completedAt: undefined,
      callback: url === "" ? "None" : "Waiting",
      callbackAttempts: 0
    }
    journeys.set(transactionId, journey)
    waiting.add(journey)
    transactions.register(transactionId, journey.scenario, Infinity)
    if (options.completesAfterMillis !== undefined) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        tick()
      }, options.completesAfterMillis)
      timers.add(timer.unref())
    }
    const result = {
      TransactionId: transactionId,
      TransactionUrl: `https://journey.example/start?transactionId=${transactionId}`,
      Protocol: options.seeded.bytes(24).toString("base64")
    }
    return { result: Buffer.from(JSON.stringify(result)) }
  }

  return {
    initialize: (parameters) => check(parameters) ?? start(parameters),
    complete: (transactionId) => {
      const journey = journeys.get(transactionId)
      if (journey === undefined || !waiting.has(journey)) return false
      finish(journey, options.now())
      return true
    },
    all: () =>
      [...journeys.values()].map(({ transactionId, startedAt, completedAt, callback, callbackAttempts }) => ({
        transactionId,
        startedAt,
        completedAt,
        callback,
        callbackAttempts
      })),
    setScenario: (next) => {
      scenario = next
    },
    tick,
    settled: sender.settled,
    reset: () => {
      sender.stop()
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      journeys.clear()
      waiting.clear()
      scenario = options.scenario
    }
  }
}
