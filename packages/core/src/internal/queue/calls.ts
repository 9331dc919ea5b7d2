/** The calls of a run: each hands its outcome to the writer. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Telemetry from "../../Telemetry.ts"
import type { Leased } from "./model.ts"
import type { Collected, RunOptions } from "./options.ts"
import { persistently, type Run } from "./state.ts"
import * as work from "./work.ts"

/** Asks for one id, and hands the outcome to the writer. A failure with `E` ends the run. */
export const oneId = <P, E, R>(run: Run<P, E, R>, item: Leased): Effect.Effect<void, never, R> => {
  const { arrived, client, options } = run
  const worn = work.worn(item)
  const finished =
    worn === undefined
      ? Effect.matchEffect(work.ask(client, item, options), {
          onFailure: (error) => Effect.andThen(run.health.failed(error), work.failed(item, error, options)),
          onSuccess: (collected) => {
            run.health.answered()
            return Effect.map(persistently(prepare(options, collected)), (prepared): work.Finished<P> => ({
              _tag: "Collected",
              item,
              collected,
              prepared
            }))
          }
        })
      : Effect.succeed<work.Finished<P>>(worn)
  return finished.pipe(
    Effect.flatMap((finished) => Queue.offer(arrived, finished)),
    Effect.asVoid,
    Effect.catchCause((cause) => Effect.asVoid(Deferred.failCause(run.failed, cause))),
    observed(run)
  )
}

const prepare = <P, E, R>({ prepare }: RunOptions<P, E, R>, collected: Collected) =>
  prepare === undefined
    ? Effect.succeed(undefined as P) // without `prepare` nothing says what P is
    : prepare(collected)

/** Counts throttled and repeated attempts, beside what an observer in context does. */
const observed =
  <P, E, R>({ health, options: { onEvent } }: Run<P, E, R>) =>
  <A, E2, R2>(effect: Effect.Effect<A, E2, R2>): Effect.Effect<A, E2, R2> =>
    Effect.gen(function* () {
      const outer = (yield* Telemetry.Observer) ?? Telemetry.makeObserver({})
      const observer: Telemetry.Observer = {
        ...outer,
        attemptEnded: (facts, context) => {
          if (facts.error?._tag === "Throttled") onEvent?.({ _tag: "Throttled" })
          outer.attemptEnded(facts, context)
        },
        retryScheduled: (facts, context) => {
          onEvent?.({ _tag: "Retried" })
          // The server asked one call to wait: it would ask the others, too.
          if (facts.class === "throttle") health.wait(facts.delay)
          outer.retryScheduled(facts, context)
        }
      }
      return yield* Effect.provideService(effect, Telemetry.Observer, observer)
    })
