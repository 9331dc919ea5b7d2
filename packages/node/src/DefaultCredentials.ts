/**
 * The vendor's default credential chain, on the vendor's own library `@alicloud/credentials`, which is loaded when the
 * layer is built and not before.
 *
 * | source | reads |
 * |---|---|
 * | `environment` | `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, `ALIBABA_CLOUD_SECURITY_TOKEN` |
 * | `oidc` | `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`, `ALIBABA_CLOUD_OIDC_TOKEN_FILE` |
 * | `cliProfile` | `~/.aliyun/config.json`, `ALIBABA_CLOUD_PROFILE` |
 * | `credentialsFile` | `~/.alibabacloud/credentials`, or `ALIBABA_CLOUD_CREDENTIALS_FILE` |
 * | `instanceRole` | the metadata service of the machine, `ALIBABA_CLOUD_ECS_METADATA` for the role's name |
 * | `credentialsUri` | `ALIBABA_CLOUD_CREDENTIALS_URI` |
 *
 * The first source that serves is kept: refreshes ask it alone, so that the identity never changes by itself.
 *
 * @example
 * import * as DefaultCredentials from "@effect-cloudauth/node/DefaultCredentials"
 * import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
 *
 * const live = NodeCloudauth.layer({ region: "cn-hongkong", credentials: DefaultCredentials.layer() })
 *
 * @source https://www.alibabacloud.com/help/en/sdk/developer-reference/v2-manage-node-js-access-credentials
 *
 * @since 0.1.0
 */
import { credentialsError, credentialsUnavailable } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as chain from "./internal/credentialChain.ts"
import { NoCredential } from "./internal/credentialReasons.ts"
import { outside } from "./internal/outside.ts"
import type { Options, Source } from "./internal/credentialOptions.ts"

export type { AssumeRole, Options, Source } from "./internal/credentialOptions.ts"

/**
 * The sources in the order in which they are asked.
 *
 * @category models
 * @since 0.1.0
 */
export const sources: ReadonlyArray<Source> = chain.sources

/**
 * The chain as refreshing credentials: refreshed ahead of expiry, once for all callers that wait; a refresh that fails
 * leaves the old credential in service while it is valid. The `CredentialsError` names every source that was asked and
 * why it did not serve, never a secret. It is transient if the source has served before.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<Credentials> =>
  Result.match(OwnOptions.own(keys, options), {
    onFailure: (error) =>
      Layer.succeed(Credentials, {
        get: credentialsError(`${error.path} must be ${error.rule}`),
        invalidate: () => Effect.void
      }),
    onSuccess: chained
  })

const keys: OwnOptions.Keys<Options> = {
  sources: true,
  assumeRole: { roleArn: true, sessionName: true, externalId: true, policy: true, durationSeconds: true },
  stsEndpoint: true,
  refreshAhead: true,
  retryAfterFailure: true
}

/** `options` are own properties. */
const chained = (options: Options): Layer.Layer<Credentials> =>
  Layer.unwrap(
    Effect.map(
      Effect.promise(() => import("@alicloud/credentials")),
      (library) => {
        const load = chain.loader(library, options)
        return Credentials.layerRefreshing({
          load: Effect.tryPromise({
            // Requests to STS carry the key's id and a signature in their URLs.
            try: () => outside(load),
            catch: failed
          }),
          refreshAhead: options.refreshAhead,
          retryAfterFailure: options.retryAfterFailure
        })
      }
    )
  )

/** What has served before is down; what has not is not set up. */
const failed = (cause: unknown) =>
  // Every other error's words may hold what was read: only the chain's own reach the message.
  !(cause instanceof NoCredential)
    ? credentialsUnavailable("the credential could not be fetched", cause)
    : (cause.hasServed ? credentialsUnavailable : credentialsError)(cause.message, cause)
