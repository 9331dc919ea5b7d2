/** One run of a world: its event loop, its lots, its log, and what was found wrong. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import * as EffectRandom from "effect/Random"
import * as References from "effect/References"
import * as Scheduler from "effect/Scheduler"
import * as Random from "../random.ts"
import * as MachineClock from "./clock.ts"
import * as EventLoop from "./eventLoop.ts"
import * as EventLog from "./log.ts"

export interface Simulation {
  readonly seed: string
  readonly loop: EventLoop.EventLoop
  readonly log: EventLog.EventLog
  /** Lots of their own for each purpose, so that one more in one place changes none in another. */
  readonly lots: (purpose: string) => Random.Random
  /** Notes what is not as it must be. */
  readonly violated: (what: string) => void
  /** Notes `what` unless `isTrue`. */
  readonly must: (isTrue: boolean, what: string) => void
}

/** A measured figure, for a report. */
export type Figures = Readonly<Record<string, number | string>>

/** How large a world is: 1 as the tests' reader thinks of it, less for a quick look. */
export interface Size {
  readonly scale: number
}

/** A situation in which all must hold that its program checks. */
export interface World {
  readonly name: string
  /** What happens, and what must hold. */
  readonly about: string
  readonly run: (simulation: Simulation, size: Size) => Effect.Effect<Figures>
}

export interface Outcome {
  readonly world: string
  readonly seed: string
  readonly figures: Figures
  readonly violations: ReadonlyArray<string>
  readonly log: EventLog.EventLog
  /** How long the world took, in milliseconds of its own time. */
  readonly simulated: number
}

/** Puts fibers that are ready into the loop's next turn, as Effect's own scheduler does with `setImmediate`. */
const schedulerOver = (loop: EventLoop.EventLoop): Scheduler.Scheduler => ({
  executionMode: "async",
  shouldYield: (fiber) => fiber.currentOpCount >= fiber.cache.maxOpsBeforeYield,
  makeDispatcher: () => ({
    scheduleTask: loop.soon,
    flush: () => {
      throw new Error("A simulation runs no effect synchronously")
    }
  })
})

const randomOver = (lots: Random.Random): Context.Service.Shape<typeof EffectRandom.Random> => ({
  nextDoubleUnsafe: lots.float,
  nextIntUnsafe: () => lots.below(2 ** 53) - 2 ** 52
})

/** Runs a world by a seed. The same seed gives the same log, in the same order. */
export const run = async (world: World, seed: string, size: Size = { scale: 1 }): Promise<Outcome> => {
  const lots = (purpose: string) => Random.make(`${seed}:${purpose}`)
  const loop = EventLoop.make(lots("order"))
  const log = EventLog.make(loop.now)
  const violations: Array<string> = []
  const violated = (what: string) => {
    violations.push(what)
    log.add(`violated: ${what}`)
  }
  const simulation: Simulation = {
    seed,
    loop,
    log,
    lots,
    violated,
    must: (isTrue, what) => {
      if (!isTrue) violated(what)
    }
  }
  const context = Context.empty().pipe(
    Context.add(Scheduler.Scheduler, schedulerOver(loop)),
    Context.add(Clock.Clock, MachineClock.make(loop, 0)),
    Context.add(References.MinimumLogLevel, "None"),
    Context.add(EffectRandom.Random, randomOver(lots("program")))
  )
  const fiber = Effect.runForkWith(context)(world.run(simulation, size))
  await loop.run(() => fiber.pollUnsafe() !== undefined)
  const exit = fiber.pollUnsafe()
  if (exit === undefined || Exit.isFailure(exit)) {
    violated(`the world's program ended with ${exit === undefined ? "nothing" : Cause.pretty(exit.cause)}`)
  }
  const figures = exit !== undefined && Exit.isSuccess(exit) ? exit.value : {}
  return { world: world.name, seed, figures, violations, log, simulated: loop.now() }
}
