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
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as SchemaIssue from "effect/SchemaIssue"
import * as CloudauthError from "./CloudauthError.ts"
import * as monotonic from "./internal/monotonic.ts"
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

const isHeaderSafe = (secret: Redacted.Redacted): boolean => /^[\x21-\x7e]+$/.test(Redacted.value(secret))

/** Refuses what would break a header or sign with an empty key, naming the part and never its value. */
const validate = (credential: Credential): Effect.Effect<Credential, CloudauthError.CredentialsError> => {
  const wrong = !isHeaderSafe(credential.accessKeyId)
    ? "accessKeyId"
    : !isHeaderSafe(credential.accessKeySecret)
      ? "accessKeySecret"
      : credential.securityToken !== undefined && !isHeaderSafe(credential.securityToken)
        ? "securityToken"
        : undefined
  return wrong === undefined
    ? Effect.succeed(credential)
    : Effect.fail(
        CloudauthError.credentialsError(`${wrong} is empty or has white space, control or non-ASCII characters`)
      )
}

/**
 * How refreshing credentials are kept fresh.
 *
 * @category models
 * @since 0.1.0
 */
export interface RefreshOptions<E, R> {
  /** Fetches a credential. Called by one fiber at a time, however many calls wait for it. */
  readonly load: Effect.Effect<Input, E, R>
  /** How long a fetch may take before all who wait get an error. Default 30 seconds. */
  readonly loadTimeout?: Duration.Input | undefined
  /** How long before its expiry a credential is replaced. Default 5 minutes. */
  readonly refreshAhead?: Duration.Input | undefined
  /** How long after a failed refresh the old credential serves, while valid, before the next try. Default 10 seconds. */
  readonly retryAfterFailure?: Duration.Input | undefined
}

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
    config: Config.Wrap<Input> = environment
  ): Layer.Layer<Credentials, CloudauthError.CredentialsError> =>
    Layer.unwrap(
      Config.unwrap(config).pipe(Effect.mapBoth({ onFailure: unreadable, onSuccess: Credentials.layerStatic }))
    )

  /**
   * Credentials that expire and are fetched again, ahead of time, once for all callers that wait (single flight). A
   * refresh that fails leaves the old credential in service while it is valid.
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

/** The vendor's names. */
const environment: Config.Wrap<Input> = {
  accessKeyId: Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_ID"),
  accessKeySecret: Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
  securityToken: Config.withDefault(Config.Redacted("ALIBABA_CLOUD_SECURITY_TOKEN"), undefined)
}

const listIssues = SchemaIssue.makeFormatterStandardSchemaV1()

/** Names the setting that is missing or wrong, never its value. */
const unreadable = ({ cause }: Config.ConfigError): CloudauthError.CredentialsError => {
  const path = cause._tag === "SchemaError" ? listIssues(cause.issue).issues[0]?.path : undefined
  return CloudauthError.credentialsError(
    path === undefined
      ? "the configuration could not be read"
      : `${path.map(String).join(".")} is missing. Set it, or provide another layer of Credentials`,
    cause
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

const refreshing = Effect.fnUntraced(function* <E, R>(options: RefreshOptions<E, R>) {
  const context = yield* Effect.context<R>()
  const clock = yield* Clock.Clock
  const ahead = Duration.toMillis(options.refreshAhead ?? Duration.minutes(5))
  const pause = Duration.toMillis(options.retryAfterFailure ?? Duration.seconds(10))
  const scope = yield* Effect.scope
  let current: Credential | undefined
  let flight: Deferred.Deferred<Credential, CloudauthError.CredentialsError> | undefined
  /** When a refresh may be tried again, on the monotonic clock. */
  let notBefore = -Infinity
  let isClosed = false
  yield* Effect.addFinalizer(() => {
    isClosed = true
    return flight === undefined ? Effect.void : Deferred.fail(flight, closed())
  })

  const now = () => clock.currentTimeMillisUnsafe()
  const isValid = (credential: Credential, at: number) =>
    credential.expiresAt === undefined || at < credential.expiresAt
  const isFresh = (credential: Credential, at: number) =>
    credential.expiresAt === undefined || at < credential.expiresAt - ahead
  const usable = (): Credential | undefined => {
    const at = now()
    if (current === undefined) return undefined
    if (isFresh(current, at)) return current
    return monotonic.millis(clock) < notBefore && isValid(current, at) ? current : undefined
  }

  const load = options.load.pipe(
    // Effect's HTTP span would record the request that fetches the key.
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
    Effect.provide(context),
    Effect.timeoutOrElse({
      duration: options.loadTimeout ?? Duration.seconds(30),
      orElse: () => Effect.fail(CloudauthError.credentialsError("fetching the credential took too long"))
    }),
    // A defect's text may quote a secret: as a typed error it stays `Redacted`.
    Effect.catchDefect((defect) => Effect.fail(defect)),
    Effect.mapError((cause) =>
      CloudauthError.isCredentialsError(cause)
        ? cause
        : CloudauthError.credentialsError("the credential could not be fetched", cause)
    ),
    Effect.flatMap((input) => validate(make(input))),
    Effect.filterOrFail(
      (credential) => isValid(credential, now()),
      () => CloudauthError.credentialsError("the credential had expired before it came")
    ),
    Effect.tapError((error) => Effect.annotateCurrentSpan(Telemetry.Attribute.errorType, error._tag)),
    Effect.withSpan(Telemetry.SpanName.refreshCredential, {}, { captureStackTrace: false }),
    observedRefresh,
    Effect.tap((credential) =>
      Effect.sync(() => {
        current = credential
      })
    ),
    Effect.catch((error) =>
      Effect.suspend(() => {
        if (current === undefined || !isValid(current, now())) return Effect.fail(error)
        notBefore = monotonic.millis(clock) + pause
        return Effect.succeed(current)
      })
    )
  )

  // In a fiber of the layer: it goes on for the others where the caller that began it is interrupted.
  const takeOff = Effect.suspend(() => {
    if (isClosed) return Effect.fail(closed())
    const landing = Deferred.makeUnsafe<Credential, CloudauthError.CredentialsError>()
    const landed = Effect.onExit(load, (exit) => {
      // Nothing interrupts it but the end of the layer, which says so to those who wait.
      if (Exit.hasInterrupts(exit)) return Effect.void
      flight = undefined
      return Deferred.done(landing, exit)
    })
    // Between the note and the fork nothing may come: a flight that never started would never land.
    const start = Effect.suspend(() => {
      flight = landing
      return Effect.forkIn(Effect.interruptible(landed), scope)
    })
    return Effect.andThen(Effect.uninterruptible(start), Deferred.await(landing))
  })

  const get = Effect.suspend(() => {
    const ready = usable()
    if (ready !== undefined) return Effect.succeed(ready)
    if (flight === undefined) return takeOff
    const since = monotonic.millis(clock)
    return Effect.tap(Deferred.await(flight), () => Telemetry.credentialWaited(monotonic.millis(clock) - since))
  })

  return Credentials.of({
    get,
    invalidate: (stale) =>
      Effect.sync(() => {
        if (current === stale) {
          current = undefined
          notBefore = -Infinity
        }
      })
  })
})

/** Tells the observer, if there is one, how long a refresh took and how it ended. */
const observedRefresh = <A, E, R>(refresh: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Telemetry.Observer, (observer) => {
    if (observer === undefined) return refresh
    return Effect.clockWith((clock) => {
      const started = monotonic.millis(clock)
      return Effect.onExit(refresh, (exit) =>
        Effect.sync(() => observer.credentialRefreshed(monotonic.millis(clock) - started, exit._tag === "Success"))
      )
    })
  })
