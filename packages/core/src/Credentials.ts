/**
 * Access keys: their sources, and how they stay fresh. Every secret is `Redacted` from the moment it is read.
 *
 * @example
 * import * as Credentials from "@effect-cloudauth/core/Credentials"
 *
 * // ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN
 * const layer = Credentials.Credentials.layerConfig
 */
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as CloudauthError from "./CloudauthError.ts"
import { type Credential, type Input, make, type RefreshOptions, validate } from "./internal/credential/model.ts"
import { refreshing } from "./internal/credential/refreshing.ts"
import * as fromConfig from "./internal/fromConfig.ts"
import * as Options from "./Options.ts"

export {
  type Credential,
  type Input,
  make,
  type RefreshOptions,
  ServerClockOffset
} from "./internal/credential/model.ts"

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
     * The client calls it when the server says that this credential has expired. The next `get` must return another one, if
     * there is one.
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
    config: Config.Wrap<Input> = fromConfig.accessKey()
  ): Layer.Layer<Credentials, CloudauthError.CredentialsError> =>
    Layer.unwrap(
      fromConfig.read(config).pipe(Effect.mapBoth({ onFailure: unreadable, onSuccess: Credentials.layerStatic }))
    )

  /**
   * Credentials that expire and are fetched again. The fetch runs in the background, before the expiry: no call waits while the
   * old credential is valid. There is one fetch at a time for all callers, and a pause after a failed one.
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

/** An unknown option, as the error of every call: a misspelled one would go unnoticed. */
const refused = ({ path, rule }: CloudauthError.InvalidRequest) =>
  CloudauthError.credentialsError(`${path} must be ${rule}`)
