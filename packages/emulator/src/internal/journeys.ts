/** The operation `Initialize`, and the users who follow it. */
import * as Document from "../Document.ts"
import type * as Journey from "../Journey.ts"
import * as Scenario from "../Scenario.ts"
import * as Callback from "./callback.ts"
import * as CheckResult from "./checkResult.ts"
import { confidential } from "./loopback.ts"
import type * as Seeded from "./seeded.ts"
import type * as Transactions from "./transactions.ts"

interface Running extends Journey.Journeys {
  readonly initialize: (parameters: CheckResult.Parameters) => CheckResult.Answer
  /** Completes what is due; to be called whenever time has passed. */
  readonly tick: () => void
}

interface Underway {
  readonly transactionId: string
  readonly startedAt: number
  readonly due: number
  readonly scenario: Scenario.Scenario
  readonly notice: { readonly url: string; readonly token: string | undefined } | undefined
  completedAt: number | undefined
  callback: Journey.Journey["callback"]
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
  return callback === "" || confidential(callback) !== undefined ? undefined : CheckResult.invalid("CallbackUrl")
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
  options: Journey.Options & { readonly now: () => number; readonly seeded: Seeded.Seeded }
): Running => {
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
