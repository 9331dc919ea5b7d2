/** Credentials: what they are, and what is refused. */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as CloudauthError from "../../CloudauthError.ts"
import * as Options from "../../Options.ts"
import * as otherCopy from "../otherCopy.ts"

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
 * expiry is judged by the server's time. `undefined` before the first answer: then a key that was just fetched is
 * used even if it seems to have expired, because this machine's clock may be wrong. Default 0.
 *
 * @category services
 * @since 0.1.0
 */
export const ServerClockOffset = Context.Reference<number | undefined>(
  "@effect-cloudauth/core/Credentials/ServerClockOffset",
  { defaultValue: () => 0 }
)

const parts = ["accessKeyId", "accessKeySecret", "securityToken"] as const

const isHeaderSafe = (secret: Redacted.Redacted): boolean => /^[\x21-\x7e]+$/.test(Redacted.value(secret))

/** Refuses what would break a header or sign with an empty key, naming the part and never its value. */
export const validate = (credential: Credential): Effect.Effect<Credential, CloudauthError.CredentialsError> => {
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
