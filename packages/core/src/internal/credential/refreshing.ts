/** A credential that is fetched again before it expires. */
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as CloudauthError from "../../CloudauthError.ts"
import * as Telemetry from "../../Telemetry.ts"
import * as monotonic from "../monotonic.ts"
import { quietly } from "../quietly.ts"
import { within } from "../timeLimit.ts"
import { type Credential, make, type RefreshOptions, ServerClockOffset, validate } from "./model.ts"

/** What a source of refreshing credentials knows. */
interface State {
  current: Credential | undefined
  /** What the service refused as expired. */
  refused: Credential | undefined
  /** See `ServerClockOffset`. */
  offset: number | undefined
  /** The last fetch's failure, how many there were in a row, and when it came, on the monotonic clock. */
  failure: { readonly error: CloudauthError.CredentialsError; readonly count: number; readonly at: number } | undefined
  /** When a valid credential may be refreshed again, on the monotonic clock. */
  refreshAfter: number
}

/**
 * Credentials that expire and are fetched again. Ahead of the expiry that happens in the background: no call waits
 * while the old credential is valid, however long the fetch takes. There is one fetch at a time, for all callers, and
 * a pause after one that failed.
 */
export const refreshing = Effect.fnUntraced(function* <E, R>(options: RefreshOptions<E, R>) {
  const clock = yield* Clock.Clock
  const ahead = Duration.toMillis(options.refreshAhead ?? Duration.minutes(5))
  const pause = Duration.toMillis(options.retryAfterFailure ?? Duration.seconds(10))
  const state: State = {
    current: undefined,
    refused: undefined,
    offset: 0,
    failure: undefined,
    refreshAfter: -Infinity
  }
  const now = () => monotonic.millis(clock)
  const left = ({ expiresAt }: Credential) =>
    (expiresAt ?? Infinity) - clock.currentTimeMillisUnsafe() - (state.offset ?? 0)
  const isValid = (credential: Credential) => state.offset === undefined || left(credential) > 0

  const isAcceptable = (credential: Credential) =>
    isValid(credential) || clock.currentTimeMillisUnsafe() < (credential.expiresAt ?? Infinity)
  const land = (credential: Credential) => {
    const isRefresh = state.current !== undefined
    state.current = credential
    state.failure = undefined
    // A source that gives keys of a shorter life than `refreshAhead` must not be asked for each call.
    if (isRefresh && left(credential) <= ahead) state.refreshAfter = now() + pause
  }
  const crash = (error: CloudauthError.CredentialsError) => {
    state.failure = { error, count: (state.failure?.count ?? 0) + 1, at: now() }
    state.refreshAfter = now() + pause
  }
  const flight = yield* singleFlight(
    loading(options, yield* Effect.context<R>(), isAcceptable).pipe(
      Effect.tap((credential) => refuseAgain(state, credential)),
      Effect.tap((credential) => Effect.sync(() => land(credential))),
      Effect.tapError((error) => Effect.sync(() => crash(error)))
    )
  )

  const get = Effect.flatMap(ServerClockOffset, (offset) => {
    state.offset = offset
    const { current, failure, refreshAfter } = state
    if (current !== undefined && isValid(current)) {
      const isDue = left(current) <= ahead && now() >= refreshAfter
      return isDue ? Effect.map(flight.begin, () => state.current ?? current) : Effect.succeed(current)
    }
    if (failure !== undefined && now() < failure.at + Math.min(pause, 1000 * 2 ** (failure.count - 1))) {
      return Effect.fail(failure.error)
    }
    return flight.join
  })

  return {
    get,
    invalidate: (stale: Credential) =>
      Effect.sync(() => {
        if (state.current !== stale) return
        state.current = undefined
        state.refused = stale
      })
  }
})

/** Fails for the key that the service refused as expired: once only, because after the pause it is tried again. */
const refuseAgain = (state: State, credential: Credential): Effect.Effect<void, CloudauthError.CredentialsError> => {
  const { refused } = state
  state.refused = undefined
  return refused !== undefined && isSame(refused, credential)
    ? Effect.fail(
        CloudauthError.credentialsUnavailable("the source still gives the key that the service refused as expired")
      )
    : Effect.void
}

const isSame = (one: Credential, other: Credential): boolean =>
  secretOf(one.accessKeyId) === secretOf(other.accessKeyId) &&
  secretOf(one.securityToken) === secretOf(other.securityToken)

const secretOf = (secret: Redacted.Redacted | undefined) => secret && Redacted.value(secret)

/** One fetch: traced, limited in time, and with typed errors alone. */
const loading = <E, R>(
  options: RefreshOptions<E, R>,
  context: Context.Context<R>,
  isAcceptable: (credential: Credential) => boolean
): Effect.Effect<Credential, CloudauthError.CredentialsError> =>
  options.load.pipe(
    // Effect's HTTP span would record the request that fetches the key.
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
    Effect.provide(context),
    (load) =>
      within(load, {
        millis: Duration.toMillis(options.loadTimeout ?? Duration.seconds(30)),
        orElse: () => Effect.fail(CloudauthError.credentialsUnavailable("fetching the credential took too long"))
      }),
    // A defect's text may quote a secret: as a typed error it stays `Redacted`.
    Effect.catchDefect((defect) => Effect.fail(defect)),
    Effect.mapError((cause) =>
      CloudauthError.isCredentialsError(cause)
        ? cause
        : CloudauthError.credentialsUnavailable("the credential could not be fetched", cause)
    ),
    Effect.flatMap((input) => validate(make(input))),
    Effect.filterOrFail(isAcceptable, () =>
      CloudauthError.credentialsUnavailable("the credential had expired before it came")
    ),
    Effect.tapError((error) => Effect.annotateCurrentSpan(Telemetry.Attribute.errorType, error._tag)),
    Effect.withSpan(Telemetry.SpanName.refreshCredential, {}, { captureStackTrace: false }),
    observedRefresh
  )

/**
 * Runs `load` once for all who ask for it meanwhile, in a fiber of the layer: it goes on for the others if the caller
 * that began it is interrupted, and ends with the layer.
 */
const singleFlight = Effect.fnUntraced(function* (load: Effect.Effect<Credential, CloudauthError.CredentialsError>) {
  const clock = yield* Clock.Clock
  const scope = yield* Effect.scope
  let flight: Deferred.Deferred<Credential, CloudauthError.CredentialsError> | undefined
  let isClosed = false
  yield* Effect.addFinalizer(() => {
    isClosed = true
    return flight === undefined ? Effect.void : Deferred.fail(flight, closed())
  })

  const takeOff = (options: { readonly startImmediately: boolean }) =>
    // Between the note and the fork nothing may come: a flight that never started would never land.
    Effect.uninterruptible(
      Effect.suspend(() => {
        const landing = Deferred.makeUnsafe<Credential, CloudauthError.CredentialsError>()
        flight = landing
        const landed = Effect.onExit(load, (exit) => {
          // Nothing interrupts it but the end of the layer, which says so to those who wait.
          if (Exit.hasInterrupts(exit)) return Effect.void
          flight = undefined
          return Deferred.done(landing, exit)
        })
        return Effect.as(Effect.forkIn(Effect.interruptible(landed), scope, options), landing)
      })
    )

  return {
    /** Begins a flight if none is under way, and does not wait for it. What a source has at hand is there at once. */
    begin: Effect.suspend(() =>
      flight !== undefined || isClosed ? Effect.void : Effect.asVoid(takeOff({ startImmediately: true }))
    ),
    join: Effect.suspend(() => {
      if (isClosed) return Effect.fail(closed())
      if (flight === undefined) return Effect.flatMap(takeOff({ startImmediately: false }), Deferred.await)
      const since = monotonic.millis(clock)
      return Effect.tap(Deferred.await(flight), () => Telemetry.credentialWaited(monotonic.millis(clock) - since))
    })
  }
})

/** Tells the observer, if there is one, how long a refresh took and how it ended. */
const observedRefresh = <A, E, R>(refresh: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Telemetry.Observer, (observer) => {
    if (observer === undefined) return refresh
    return Effect.withFiber((fiber) => {
      const clock = fiber.getRef(Clock.Clock)
      const started = monotonic.millis(clock)
      return Effect.onExit(refresh, (exit) =>
        Effect.sync(() =>
          quietly(() =>
            observer.credentialRefreshed(monotonic.millis(clock) - started, exit._tag === "Success", fiber.context)
          )
        )
      )
    })
  })

const closed = () => CloudauthError.credentialsError("the layer of the credentials has closed")
