/**
 * Access keys: their sources, and how they stay fresh. Every secret is `Redacted` from the moment it is read.
 *
 * @example
 * import * as Credentials from "@effect-cloudauth/core/Credentials"
 *
 * // ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN
 * const layer = Credentials.Credentials.layerConfig
 */
import * as Clock from "effect/Clock"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as CloudauthError from "./CloudauthError.ts"
import * as fromConfig from "./internal/fromConfig.ts"
import * as monotonic from "./internal/monotonic.ts"
import * as otherCopy from "./internal/otherCopy.ts"
import { quietly } from "./internal/quietly.ts"
import { within } from "./internal/timeLimit.ts"
import * as Options from "./Options.ts"
import * as Telemetry from "./Telemetry.ts"

/**
 * An access key, with a security token if it is temporary.
 *
 * @category models
 * @since 0.1.0
 */
export interface Credential {
  readonly accessKeyId: Redacted.Redacted
  readonly accessKeySecret: Redacted.Redacted
  readonly securityToken: Redacted.Redacted | undefined
  /** When it expires, in milliseconds since 1970; `undefined` for keys that don't. */
  readonly expiresAt: number | undefined
}

/**
 * The parts of a credential, as text or already redacted.
 *
 * @category models
 * @since 0.1.0
 */
export interface Input {
  readonly accessKeyId: string | Redacted.Redacted
  readonly accessKeySecret: string | Redacted.Redacted
  readonly securityToken?: string | Redacted.Redacted | undefined
  readonly expiresAt?: number | undefined
}

const hide = (secret: string | Redacted.Redacted, label: string): Redacted.Redacted =>
  typeof secret === "string" ? Redacted.make(secret, { label }) : secret

/**
 * A credential; text becomes `Redacted`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (input: Input): Credential => {
  const { accessKeyId, accessKeySecret, expiresAt, securityToken } = Options.ownData(input)
  return {
    accessKeyId: hide(accessKeyId, "accessKeyId"),
    accessKeySecret: hide(accessKeySecret, "accessKeySecret"),
    securityToken: securityToken === undefined ? undefined : hide(securityToken, "securityToken"),
    expiresAt
  }
}

/**
 * The keys of `Input`.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys: Options.Keys<Input> = {
  accessKeyId: true,
  accessKeySecret: true,
  securityToken: true,
  expiresAt: true
}

const parts = ["accessKeyId", "accessKeySecret", "securityToken"] as const

const isHeaderSafe = (secret: Redacted.Redacted): boolean => /^[\x21-\x7e]+$/.test(Redacted.value(secret))

/** Refuses what would break a header or sign with an empty key, naming the part and never its value. */
const validate = (credential: Credential): Effect.Effect<Credential, CloudauthError.CredentialsError> => {
  const unreadable = parts.find((part) => {
    const secret = credential[part]
    return secret !== undefined && !otherCopy.isReadable(secret)
  })
  if (unreadable !== undefined) {
    return Effect.fail(
      CloudauthError.credentialsError(`${unreadable} is a Redacted that can't be read. ${otherCopy.whatToDo}`)
    )
  }
  const wrong = !isHeaderSafe(credential.accessKeyId)
    ? "accessKeyId"
    : !isHeaderSafe(credential.accessKeySecret)
      ? "accessKeySecret"
      : credential.securityToken !== undefined && !isHeaderSafe(credential.securityToken)
        ? "securityToken"
        : undefined
  if (wrong !== undefined) {
    return Effect.fail(
      CloudauthError.credentialsError(`${wrong} is empty or has white space, control or non-ASCII characters`)
    )
  }
  const quoted = quotedPart(credential)
  return quoted === undefined
    ? Effect.succeed(credential)
    : Effect.fail(CloudauthError.credentialsError(`${quoted} is in quotes, which an env file keeps: remove the quotes`))
}

/** No key of the vendor's begins or ends with a quote: docker, for one, does not take off those of an env file. */
const quotedPart = (credential: Credential): (typeof parts)[number] | undefined =>
  parts.find((part) => {
    const secret = credential[part]
    return secret !== undefined && /^["'`]|["'`]$/.test(Redacted.value(secret))
  })

/**
 * How refreshing credentials are kept fresh.
 *
 * @category models
 * @since 0.1.0
 */
export interface RefreshOptions<E, R> {
  /**
   * Fetches a credential. Called by one fiber at a time, however many calls wait for it. A failure passes, as a rule: a wait
   * for a result goes on. Fail with `CloudauthError.credentialsError` if someone must set something right.
   */
  readonly load: Effect.Effect<Input, E, R>
  /** How long a fetch may take before all who wait get an error. Default 30 seconds. */
  readonly loadTimeout?: Duration.Input | undefined
  /** How long before its expiry a credential is replaced, in the background. Default 5 minutes. */
  readonly refreshAhead?: Duration.Input | undefined
  /**
   * How long after a failed fetch the source is left alone. Default 10 seconds. Without a valid credential, when calls
   * fail meanwhile, the pause is shorter at first: 1 second, then twice as long after each failure, up to this.
   */
  readonly retryAfterFailure?: Duration.Input | undefined
}

/**
 * The server's clock minus this machine's, in milliseconds, as the client knows it while it asks for a credential: key
 * expiry is judged by the server's time. `undefined` before an answer has told: then a key that was just fetched is
 * used even if it seems to have expired, because this machine's clock may be wrong. Default 0.
 *
 * @category services
 * @since 0.1.0
 */
export const ServerClockOffset = Context.Reference<number | undefined>(
  "@effect-cloudauth/core/Credentials/ServerClockOffset",
  { defaultValue: () => 0 }
)

/**
 * The source of credentials. The client asks it at every attempt.
 *
 * @category services
 * @since 0.1.0
 */
export class Credentials extends Context.Service<
  Credentials,
  {
    /** A credential that is valid now. */
    readonly get: Effect.Effect<Credential, CloudauthError.CredentialsError>
    /**
     * Called when the server says that this credential has expired: the next `get` must not return it again where
     * another can be had.
     */
    readonly invalidate: (stale: Credential) => Effect.Effect<void>
  }
>()("@effect-cloudauth/core/Credentials") {
  /** A key that never changes. */
  static readonly layerStatic = (input: Input): Layer.Layer<Credentials> => {
    const credential = validate(make(input))
    return Layer.succeed(Credentials, { get: credential, invalidate: () => Effect.void })
  }

  /**
   * The key from Effect's `Config`. Default: the vendor's environment names, `ALIBABA_CLOUD_ACCESS_KEY_ID`,
   * `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for temporary keys, `ALIBABA_CLOUD_SECURITY_TOKEN`. Fails with a
   * `CredentialsError` that names the variable if one is missing.
   */
  static readonly layerConfig = (
    config: Config.Wrap<Input> = fromConfig.accessKey
  ): Layer.Layer<Credentials, CloudauthError.CredentialsError> =>
    Layer.unwrap(
      fromConfig.read(config).pipe(Effect.mapBoth({ onFailure: unreadable, onSuccess: Credentials.layerStatic }))
    )

  /**
   * Credentials that expire and are fetched again. Ahead of the expiry that happens in the background: no call waits
   * while the old credential is valid, however long the fetch takes. There is one fetch at a time, for all callers, and
   * a pause after one that failed.
   *
   * @example
   * import { Credentials } from "@effect-cloudauth/core/Credentials"
   * import * as Effect from "effect/Effect"
   *
   * declare const readVault: Effect.Effect<{ id: string; secret: string; token: string; until: number }>
   *
   * const layer = Credentials.layerRefreshing({
   *   load: Effect.map(readVault, (key) => ({
   *     accessKeyId: key.id,
   *     accessKeySecret: key.secret,
   *     securityToken: key.token,
   *     expiresAt: key.until
   *   }))
   * })
   */
  static readonly layerRefreshing = <E, R>(options: RefreshOptions<E, R>): Layer.Layer<Credentials, never, R> =>
    Result.match(Options.own<RefreshOptions<E, R>>(refreshKeys, options), {
      onFailure: (error) =>
        Layer.succeed(Credentials, { get: Effect.fail(refused(error)), invalidate: () => Effect.void }),
      onSuccess: (own) => Layer.effect(Credentials, refreshing(own))
    })
}

/** Names the setting that is missing or wrong, never its value. */
const unreadable = (error: Config.ConfigError): CloudauthError.CredentialsError => {
  const name = fromConfig.nameOf(error)
  return CloudauthError.credentialsError(
    name === undefined ? "the configuration could not be read" : `${name} is missing`,
    error.cause
  )
}

const refreshKeys: Options.Keys<RefreshOptions<unknown, unknown>> = {
  load: true,
  loadTimeout: true,
  refreshAhead: true,
  retryAfterFailure: true
}

/** No call can be signed with what an unknown key stands in for. */
const refused = ({ path, rule }: CloudauthError.InvalidRequest) =>
  CloudauthError.credentialsError(`${path} must be ${rule}`)

const closed = () => CloudauthError.credentialsError("the layer of the credentials has closed")

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

const refreshing = Effect.fnUntraced(function* <E, R>(options: RefreshOptions<E, R>) {
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

  return Credentials.of({
    get,
    invalidate: (stale) =>
      Effect.sync(() => {
        if (state.current !== stale) return
        state.current = undefined
        state.refused = stale
      })
  })
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
