/** The options of the default credential chain. */
import type { RefreshOptions } from "@effect-cloudauth/core/Credentials"

/**
 * Where a key can come from: the table above says what each source reads.
 *
 * @category models
 * @since 0.1.0
 */
export type Source = "environment" | "oidc" | "cliProfile" | "credentialsFile" | "instanceRole" | "credentialsUri"

/**
 * A role to assume with the credential that the chain finds.
 *
 * @category models
 * @since 0.1.0
 */
export interface AssumeRole {
  /** `acs:ram::<account>:role/<name>`. */
  readonly roleArn: string
  /** Default: a name with the time. */
  readonly sessionName?: string | undefined
  /** What the role's trust policy may ask for. */
  readonly externalId?: string | undefined
  /** A policy, as JSON, that narrows the role further. */
  readonly policy?: string | undefined
  /** How long the credential lives, in seconds, 900 or more. Default 3600. */
  readonly durationSeconds?: number | undefined
}

/**
 * What can be set.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Pick<RefreshOptions<never, never>, "refreshAhead" | "retryAfterFailure"> {
  /** Which sources to ask, in this order. Default: all, in the vendor's order. */
  readonly sources?: ReadonlyArray<Source> | undefined
  /** Assume this role with the credential found. */
  readonly assumeRole?: AssumeRole | undefined
  /** The host of the Security Token Service. Default: by `ALIBABA_CLOUD_STS_REGION`, else `sts.aliyuncs.com`. */
  readonly stsEndpoint?: string | undefined
}
