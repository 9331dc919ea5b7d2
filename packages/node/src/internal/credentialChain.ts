/**
 * Walks the sources of the vendor's library one by one. The library's own chain keeps its last source even if that
 * one failed, serves expired credentials when a refresh fails, and quotes what it read in its errors; its sources are
 * used, its chain is not.
 */
import type * as Library from "@alicloud/credentials"
import type { Input } from "@effect-cloudauth/core/Credentials"
import type { AssumeRole, Options, Source } from "./credentialOptions.ts"

type Provider = Library.CredentialsProvider

export const sources: ReadonlyArray<Source> = [
  "environment",
  "oidc",
  "cliProfile",
  "credentialsFile",
  "instanceRole",
  "credentialsUri"
]

/** No source served. The message names each one and why; it holds nothing that was read from them. */
export class NoCredential extends Error {
  override readonly name = "NoCredential"
}

const isTrue = (name: string): boolean => process.env[name]?.toLowerCase() === "true"

const missing = (...names: ReadonlyArray<string>): string | undefined => {
  const absent = names.filter((name) => !process.env[name])
  return absent.length === 0 ? undefined : `${absent.join(", ")} not set`
}

interface Step {
  /** Why this source is not asked; `undefined` if it is asked. */
  readonly unconfigured: () => string | undefined
  readonly provider: (library: typeof Library, options: Options) => Provider
}

const steps: Record<Source, Step> = {
  environment: {
    unconfigured: () => missing("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    provider: (library) => library.EnvironmentVariableCredentialsProvider.builder().build()
  },
  oidc: {
    unconfigured: () =>
      missing("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
    provider: (library, { stsEndpoint }) => {
      const builder = library.OIDCRoleArnCredentialsProvider.builder()
      return (stsEndpoint === undefined ? builder : builder.withStsEndpoint(stsEndpoint)).build()
    }
  },
  cliProfile: {
    unconfigured: () =>
      isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") ? "ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true" : undefined,
    provider: (library) => library.CLIProfileCredentialsProvider.builder().build()
  },
  credentialsFile: {
    unconfigured: () => undefined,
    provider: (library) => library.ProfileCredentialsProvider.builder().build()
  },
  instanceRole: {
    unconfigured: () =>
      isTrue("ALIBABA_CLOUD_ECS_METADATA_DISABLED") ? "ALIBABA_CLOUD_ECS_METADATA_DISABLED is true" : undefined,
    provider: (library) => library.ECSRAMRoleCredentialsProvider.builder().build()
  },
  credentialsUri: {
    unconfigured: () => missing("ALIBABA_CLOUD_CREDENTIALS_URI"),
    provider: (library) => library.URICredentialsProvider.builder().build()
  }
}

// The library's words, and what may be told of them: most quote a path, a profile's text or a whole answer.
const known: ReadonlyArray<readonly [RegExp, string]> = [
  [/^reading aliyun cli config/, "~/.aliyun/config.json cannot be read"],
  [/^parse aliyun cli config/, "~/.aliyun/config.json is not JSON"],
  [/^no any configured profiles/, "~/.aliyun/config.json has no profiles"],
  [/^unable to get profile/, "~/.aliyun/config.json does not have the profile"],
  [/^unsupported profile mode/, "the profile's mode is not supported"],
  [/^Can not find credential type/, "the profile is missing, or has no type"],
  [/^Invalid type option/, "the profile's type is not supported"],
  [/^cannot found home dir/, "the home directory is unknown"],
  [/^the access key id is empty$/, "the access key id is empty"],
  [/^the access key secret is (empty|invalid)$/, "the access key secret is empty or invalid"],
  [/^the security token is empty$/, "the security token is empty"],
  [/^the RoleArn is empty$/, "the role's ARN is empty"],
  [/^session duration should be/, "the session's duration must be 900 seconds or more"],
  [/timeout/i, "timed out"],
  [/json parse failed|unmarshal fail/, "the answer is not JSON"],
  [/^get role name failed/, "the machine has no role"],
  [
    /fail to get credentials|^error retrieving credentials|^get sts token failed( with OIDC)?$/,
    "the answer holds no credential"
  ]
]

/** Why a source did not serve, in words that hold nothing that was read. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return "failed"
  const { message, name } = error
  const facts: Array<string> = []
  const [, meaning] = known.find(([pattern]) => pattern.test(message) || pattern.test(name)) ?? []
  if (meaning !== undefined) facts.push(meaning)
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined
  if (code !== undefined && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) facts.push(code)
  const status = /(?:httpStatus: |failed with |\s)([1-5]\d\d)(?:$|,)/.exec(message)?.[1]
  if (status !== undefined) facts.push(`HTTP ${status}`)
  // The vendor's response code, such as EntityNotExist.Role.
  const responseCode = /"Code"\s*:\s*"([A-Za-z]{2,40}(?:\.[A-Za-z]{2,40}){0,3})"/.exec(message)?.[1]
  if (responseCode !== undefined) facts.push(responseCode)
  return facts.length === 0 ? "failed" : facts.join(", ")
}

/** The library does not expose when a credential expires; its sessions hold it as ISO text. */
const expiry = (provider: unknown, depth = 0): number | undefined => {
  if (typeof provider !== "object" || provider === null || depth > 4) return undefined
  if ("session" in provider) {
    const { session } = provider
    if (typeof session === "object" && session !== null && "expiration" in session) {
      const at = typeof session.expiration === "string" ? Date.parse(session.expiration) : Number.NaN
      return Number.isNaN(at) ? undefined : at
    }
  }
  return "innerProvider" in provider ? expiry(provider.innerProvider, depth + 1) : undefined
}

const ask = async (provider: Provider): Promise<Input> => {
  const found = await provider.getCredentials()
  const expiresAt = expiry(provider)
  if (expiresAt !== undefined && expiresAt <= Date.now()) throw new NoCredential("its credential has expired")
  return {
    accessKeyId: found.accessKeyId,
    accessKeySecret: found.accessKeySecret,
    // The library says "" or null for none.
    securityToken: found.securityToken || undefined,
    expiresAt
  }
}

const assuming = (
  library: typeof Library,
  previous: Provider,
  role: AssumeRole,
  stsEndpoint: string | undefined
): Provider => {
  const builder = library.RAMRoleARNCredentialsProvider.builder()
    .withCredentialsProvider(previous)
    .withRoleArn(role.roleArn)
  if (role.sessionName !== undefined) builder.withRoleSessionName(role.sessionName)
  if (role.externalId !== undefined) builder.withExternalId(role.externalId)
  if (role.policy !== undefined) builder.withPolicy(role.policy)
  if (role.durationSeconds !== undefined) builder.withDurationSeconds(role.durationSeconds)
  if (stsEndpoint !== undefined) builder.withStsEndpoint(stsEndpoint)
  return builder.build()
}

/**
 * Fetches a credential. Each call makes a new provider: one that is asked twice keeps serving what it had if a refresh
 * fails, and would not see a file that has changed.
 */
export const loader = (library: typeof Library, options: Options): (() => Promise<Input>) => {
  let served: Source | undefined

  const walk = async (): Promise<Input> => {
    const reasons: Array<string> = []
    for (const source of served === undefined ? (options.sources ?? sources) : [served]) {
      const step = steps[source]
      const unconfigured = step.unconfigured()
      if (unconfigured !== undefined) {
        reasons.push(`${source}: ${unconfigured}`)
        continue
      }
      try {
        const input = await ask(step.provider(library, options))
        served = source
        return input
      } catch (error) {
        reasons.push(`${source}: ${error instanceof NoCredential ? error.message : explain(error)}`)
      }
    }
    throw new NoCredential(reasons.length === 0 ? "no source was to be asked" : reasons.join("; "))
  }

  const { assumeRole, stsEndpoint } = options
  if (assumeRole === undefined) return walk

  return async () => {
    const input = await walk()
    const previous: Provider = {
      getCredentials: async () => ({
        accessKeyId: String(input.accessKeyId),
        accessKeySecret: String(input.accessKeySecret),
        securityToken: input.securityToken === undefined ? "" : String(input.securityToken),
        providerName: "chain"
      }),
      getProviderName: () => "chain"
    }
    try {
      return await ask(assuming(library, previous, assumeRole, stsEndpoint))
    } catch (error) {
      throw new NoCredential(
        `assumeRole, with the key of ${served}: ${error instanceof NoCredential ? error.message : explain(error)}`
      )
    }
  }
}
