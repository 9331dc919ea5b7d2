/** What worlds have in common: users' transactions, and how calls end. */
import type * as CloudauthError from "@effect-cloudauth/core/CloudauthError"
import * as EmulatorScenario from "@effect-cloudauth/emulator/Scenario"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Service } from "./service.ts"
import type { Simulation } from "./simulation.ts"

/** One scenario for all: the emulator renders its result once. */
const passed = EmulatorScenario.passed({ document: "global-passport" })

/** Transactions whose users are done. */
export const finished = ({ gateway }: Service, count: number): ReadonlyArray<string> => {
  const ids = Array.from({ length: count }, (_, index) => `emulator-user${index}`)
  for (const id of ids) gateway.register(id, passed)
  return ids
}

export const requestOf = (transactionId: string) => ({ merchantBizId: "order1", transactionId })

/** How a call ended, and when. */
export interface Ending {
  readonly id: string
  readonly at: number
  readonly exit: Exit.Exit<unknown, { readonly _tag: string }>
}

export const isAnswered = ({ exit }: Ending): boolean => Exit.isSuccess(exit)

/** The name of an error, or of a defect. */
export const endOf = ({ exit }: Pick<Ending, "exit">): string => {
  if (Exit.isSuccess(exit)) return "answered"
  const [reason] = exit.cause.reasons
  return reason?._tag === "Fail" ? reason.error._tag : (reason?._tag ?? "nothing")
}

export const errorsOf = (endings: ReadonlyArray<Ending>): ReadonlyArray<CloudauthError.CloudauthError> =>
  endings.flatMap(({ exit }) =>
    Exit.isFailure(exit)
      ? // Calls fail with the client's errors alone.
        exit.cause.reasons.flatMap((reason) =>
          reason._tag === "Fail" ? [reason.error as CloudauthError.CloudauthError] : []
        )
      : []
  )

/** Runs a call for each id at once, and notes how each ends. */
export const allAtOnce = <E extends { readonly _tag: string }, R>(
  { log, loop }: Simulation,
  ids: ReadonlyArray<string>,
  call: (id: string) => Effect.Effect<unknown, E, R>
): Effect.Effect<ReadonlyArray<Ending>, never, R> =>
  Effect.forEach(
    ids,
    (id) =>
      Effect.map(Effect.exit(call(id)), (exit): Ending => {
        const ending = { id, at: loop.now(), exit }
        log.add(`${id} ended: ${endOf(ending)}`)
        return ending
      }),
    { concurrency: "unbounded" }
  )

/** Endings by their names, for a violation's text. */
export const summary = (endings: ReadonlyArray<Ending>): string => {
  const counts = new Map<string, number>()
  for (const ending of endings) counts.set(endOf(ending), (counts.get(endOf(ending)) ?? 0) + 1)
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ")
}
