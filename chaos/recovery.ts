/** Whether every client works again at once when the faults end. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Effect from "effect/Effect"
import type * as ManagedRuntime from "effect/ManagedRuntime"
import * as Faults from "./faults.ts"
import type { ClientName } from "./plan.ts"

type Runtime = ManagedRuntime.ManagedRuntime<Cloudauth, unknown>

export interface Recovery {
  readonly violations: ReadonlyArray<string>
  /** The longest of the calls, in milliseconds. */
  readonly longest: number
}

/** Asks once over each client, with nothing in its way. `id` is of no plan. */
export const probe = async (
  runtimes: ReadonlyMap<ClientName, Runtime>,
  id: string,
  limit: number = Faults.limits.attemptTimeout
): Promise<Recovery> => {
  const violations: Array<string> = []
  let longest = 0
  await Promise.all(
    [...runtimes].map(async ([name, runtime]) => {
      const began = performance.now()
      const ending = await runtime.runPromise(
        Cloudauth.checkResult({ merchantBizId: "recovery", transactionId: `${id}${name}` }).pipe(
          Effect.match({ onFailure: (error) => error._tag, onSuccess: ({ verdict }) => verdict._tag })
        )
      )
      const took = performance.now() - began
      longest = Math.max(longest, took)
      if (ending !== "Passed") violations.push(`${name} was not well when the faults ended: ${ending}`)
      else if (took > limit) violations.push(`${name} took ${took.toFixed(0)} ms when the faults had ended`)
    })
  )
  return { violations, longest }
}
