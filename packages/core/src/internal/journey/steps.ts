/** The steps of a user's way, each noted in the store and counted once, whatever asks and however often. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CheckResult } from "../../CheckResult.ts"
import type * as Decision from "../../Decision.ts"
import type * as Document from "../../Document.ts"
import { documentOf } from "../../Expectation.ts"
import * as Telemetry from "../../Telemetry.ts"
import type { Ending, Step, Store, StoredTransaction } from "./store.ts"

type Later = Exclude<Step, "begun">

const undecided = ["begun", "abandoned", "expired"] as const
const known = [...undecided, "finished"] as const

/** What each step can follow. A callback can come after the user was given up; a decision can be revised. */
export const before: Readonly<Record<Later, ReadonlyArray<Step>>> = {
  abandoned: ["begun"],
  expired: ["begun"],
  finished: undecided,
  passed: [...known, "retaken", "reviewed", "declined"],
  retaken: [...known, "passed", "reviewed", "declined"],
  reviewed: [...known, "passed", "retaken", "declined"],
  declined: [...known, "passed", "retaken", "reviewed"]
}

/** Whether a step is news. */
export const precedes = (last: Step | undefined, step: Later): boolean =>
  last !== undefined && before[step].includes(last)

type Known = Pick<StoredTransaction, "expectation" | "step" | "transactionId">

/** Tells the observer of a step. */
export const tell = (
  { expectation }: Pick<StoredTransaction, "expectation">,
  step: Step,
  age: number,
  result?: CheckResult<Document.Reading>
): Effect.Effect<void> =>
  Telemetry.journeyStepped({
    step,
    age,
    region: expectation.region,
    document: documentOf(expectation),
    result
  })

/** Notes a step and tells the observer, if it is news. A store that fails loses a count, and nothing else. */
export const reach = (
  store: Store,
  transaction: Known,
  step: Later,
  result?: CheckResult<Document.Reading>
): Effect.Effect<void> =>
  precedes(transaction.step, step)
    ? store.reached(transaction.transactionId, step).pipe(
        Effect.flatMap((age) => (Option.isNone(age) ? Effect.void : tell(transaction, step, age.value, result))),
        Effect.catchCause(() => Effect.void)
      )
    : Effect.void

/** Why no result will come, if an error says so. */
export const endingOf = (
  { notifiedAt }: Pick<StoredTransaction, "notifiedAt">,
  error: { readonly _tag: string }
): Ending | undefined => {
  if (error._tag === "TransactionExpired") return "Expired"
  // The platform has said that the user of a notified one is done: its result is late.
  return error._tag === "TransactionAbandoned" && notifiedAt === undefined ? "Abandoned" : undefined
}

const ofEnding = { Abandoned: "abandoned", Expired: "expired" } as const

/** The step of a transaction that ends without a result. */
export const ended = (store: Store, transaction: Known, ending: Ending): Effect.Effect<void> =>
  reach(store, transaction, ofEnding[ending])

/** Notes what a call says of a transaction: its result, or that there will be none. */
export const followed = <R extends CheckResult<Document.Reading>, E extends { readonly _tag: string }, Q>(
  store: Store,
  transaction: StoredTransaction,
  call: Effect.Effect<R, E, Q>
): Effect.Effect<R, E, Q> =>
  call.pipe(
    Effect.tap((result) => reach(store, transaction, "finished", result)),
    Effect.tapError((error) => {
      const ending = endingOf(transaction, error)
      return ending === undefined ? Effect.void : ended(store, transaction, ending)
    })
  )

const ofDecision = { accept: "passed", retake: "retaken", review: "reviewed", decline: "declined" } as const

/** Notes what was decided on a transaction's result. */
export const decided = (
  store: Store,
  transactionId: string | undefined,
  { _tag }: Pick<Decision.Decision, "_tag">
): Effect.Effect<void> =>
  transactionId === undefined
    ? Effect.void
    : Effect.matchEffect(store.get(transactionId), {
        onSuccess: (transaction) => reach(store, transaction, ofDecision[_tag]),
        onFailure: () => Effect.void
      })
