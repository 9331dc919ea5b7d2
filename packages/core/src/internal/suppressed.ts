/** Hides what runs from the process's OpenTelemetry, by the API's own global registry: no dependency on it. */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import { contextManager } from "./openTelemetryApi.ts"

/** The key under which OpenTelemetry's SDKs look whether a context is to be traced: `suppressTracing` sets it. */
const suppressKey = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING")

/** Runs a function in a context that OpenTelemetry neither traces nor propagates. */
export const suppressed = <A>(run: () => A): A => {
  const manager = contextManager()
  return manager === undefined ? run() : manager.with(manager.active().setValue(suppressKey, true), run)
}

/**
 * Runs an effect in such a context. What follows it is in the caller's context again: an effect goes on in the context of
 * whatever resumes it, so this one runs on a fiber of its own, and a promise of the caller's context brings its exit.
 */
export const suppressing = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.contextWith((context) => {
    if (contextManager() === undefined) return effect
    return Effect.callback<A, E>((resume) => {
      const { promise, resolve } = Promise.withResolvers<Exit.Exit<A, E>>()
      void promise.then(resume)
      const fiber = suppressed(() => Effect.runForkWith(context)(withoutContext(effect)))
      fiber.addObserver(resolve)
      return Fiber.interrupt(fiber)
    })
  })

/** A tracer can enter the context of its spans at each step: that would be traced again. */
const withoutContext = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.tracer, (tracer) =>
    Effect.provideService(effect, Tracer.Tracer, Tracer.make({ span: (options) => tracer.span(options) }))
  )
