/** Runs effects as promises, until the client is closed. */
import { setTimeout } from "node:timers/promises"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import type { Telemetry } from "./clientTelemetry.ts"
import { isRegistered } from "./openTelemetryRegistry.ts"

/**
 * The client was closed before the call, or the call did not end in time at the close.
 *
 * @category errors
 * @since 0.1.0
 */
export class ClientClosed extends Error {
  readonly _tag = "ClientClosed"
  readonly code = "ClientClosed"
  override readonly name = "ClientClosed"
  constructor() {
    super("The client is closed. Create a client once, and close it at the end.")
  }
}

export interface ClientRuntime<R> {
  /** Rejects with the effect's error, the reason of the signal, or `ClientClosed`. */
  readonly run: <A, E>(effect: Effect.Effect<A, E, R>, signal?: AbortSignal) => Promise<A>
  /** Runs what lives until the client is closed. */
  readonly start: <A, E>(effect: Effect.Effect<A, E, R | Scope.Scope>) => Promise<A>
  readonly isClosing: () => boolean
  readonly close: () => Promise<void>
}

interface Options {
  /** How long the close waits for the calls under way, in milliseconds. */
  readonly drainTimeout: number
  /** Whether OpenTelemetry gets spans and metrics. */
  readonly isObserved: boolean
}

export const make = <R>(layer: Layer.Layer<R, unknown>, { drainTimeout, isObserved }: Options): ClientRuntime<R> => {
  const runtime = ManagedRuntime.make(layer)
  const lasting = Scope.makeUnsafe()
  const underWay = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  // Most programs have no OpenTelemetry: its part is loaded when a provider is registered.
  let telemetry: Promise<Telemetry> | undefined
  const observed = async <A, E>(effect: Effect.Effect<A, E, R>, where: keyof Telemetry) => {
    if (!isObserved || !isRegistered()) return effect
    telemetry ??= import("./clientTelemetry.ts").then(({ make }) => make())
    return (await telemetry)[where](effect)
  }

  const settle = async <A, E>(
    effect: Effect.Effect<A, E, R>,
    where: keyof Telemetry,
    signal?: AbortSignal
  ): Promise<A> => {
    if (closing !== undefined) throw new ClientClosed()
    signal?.throwIfAborted()
    const call = observed(effect, where).then((observed) =>
      runtime.runPromiseExit(observed, signal === undefined ? undefined : { signal })
    )
    underWay.add(call)
    const exit = await call.finally(() => underWay.delete(call))
    if (Exit.isSuccess(exit)) return exit.value
    if (Cause.hasInterruptsOnly(exit.cause)) {
      signal?.throwIfAborted()
      throw new ClientClosed()
    }
    throw Cause.squash(exit.cause)
  }

  const drain = async (): Promise<void> => {
    const late = new AbortController()
    await Promise.race([
      Promise.allSettled(underWay),
      // Rejected when it is not needed any more.
      setTimeout(drainTimeout, undefined, { signal: late.signal }).catch(() => undefined)
    ])
    late.abort()
  }

  const shutDown = async (): Promise<void> => {
    await Promise.all([drain(), Effect.runPromise(Scope.close(lasting, Exit.void))])
    await runtime.dispose()
  }

  return {
    run: (effect, signal) => settle(effect, "belowCaller", signal),
    start: (effect) => settle(Scope.provide(effect, lasting), "detached"),
    isClosing: () => closing !== undefined,
    close: () => (closing ??= shutDown())
  }
}
