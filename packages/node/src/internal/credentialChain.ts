/**
 * Walks the sources of the vendor's library one by one. The library's own chain keeps its last source even if that
 * one failed, serves expired credentials when a refresh fails, and quotes what it read in its errors; its sources are
 * used, its chain is not.
 */
import type * as Library from "@alicloud/credentials"
import type { Input } from "@effect-cloudauth/core/Credentials"
import * as cliProfile from "./cliProfile.ts"
import type { AssumeRole, Options, Source } from "./credentialOptions.ts"
import { explain, NoCredential, notATime } from "./credentialReasons.ts"

export const sources: ReadonlyArray<Source> = [
  "environment",
  "oidc",
  "cliProfile",
  "credentialsFile",
  "instanceRole",
  "credentialsUri"
]

const isTrue = (name: string): boolean => process.env[name]?.toLowerCase() === "true"

const missing = (...names: ReadonlyArray<string>): string | undefined => {
  const absent = names.filter((name) => !process.env[name])
  return absent.length === 0 ? undefined : `${absent.join(", ")} not set`
}

/** The variables whose value an env file left in quotes: docker, for one, does not take them off. */
const quoted = (...names: ReadonlyArray<string>): string | undefined => {
  const wrong = names.filter((name) => isQuoted(process.env[name] ?? ""))
  return wrong.length === 0 ? undefined : `${wrong.join(", ")} in quotes, which an env file keeps: remove the quotes`
}

const isQuoted = (value: string): boolean => /^["'`]|["'`]$/.test(value.trim())

interface Step {
  /** Why this source is not asked; `undefined` if it is asked. */
  readonly unconfigured: () => string | undefined
  readonly provider: (
    library: typeof Library,
    options: Options
  ) => Library.CredentialsProvider | Promise<Library.CredentialsProvider>
}

const steps: Record<Source, Step> = {
  environment: {
    unconfigured: () =>
      missing("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET") ??
      quoted("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"),
    provider: (library) => library.EnvironmentVariableCredentialsProvider.builder().build()
  },
  oidc: {
    unconfigured: () =>
      missing("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE") ??
      quoted("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
    provider: (library, { stsEndpoint }) => {
      const builder = library.OIDCRoleArnCredentialsProvider.builder()
      return (stsEndpoint === undefined ? builder : builder.withStsEndpoint(stsEndpoint)).build()
    }
  },
  cliProfile: {
    unconfigured: () =>
      isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") ? "ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true" : undefined,
    provider: cliProfile.provider
  },
  credentialsFile: {
    unconfigured: () => quoted("ALIBABA_CLOUD_CREDENTIALS_FILE"),
    provider: (library) => library.ProfileCredentialsProvider.builder().build()
  },
  instanceRole: {
    unconfigured: () =>
      isTrue("ALIBABA_CLOUD_ECS_METADATA_DISABLED") ? "ALIBABA_CLOUD_ECS_METADATA_DISABLED is true" : undefined,
    provider: (library) => library.ECSRAMRoleCredentialsProvider.builder().build()
  },
  credentialsUri: {
    unconfigured: () =>
      missing("ALIBABA_CLOUD_CREDENTIALS_URI") ??
      quoted("ALIBABA_CLOUD_CREDENTIALS_URI") ??
      (URL.canParse(process.env["ALIBABA_CLOUD_CREDENTIALS_URI"] ?? "")
        ? undefined
        : "ALIBABA_CLOUD_CREDENTIALS_URI is no URL: correct it"),
    provider: (library) => library.URICredentialsProvider.builder().build()
  }
}

/** The library does not expose when a credential expires; its sessions hold it as ISO text. */
const expiry = (provider: unknown, depth = 0): number | undefined => {
  if (typeof provider !== "object" || provider === null || depth > 4) return undefined
  if ("session" in provider) {
    const { session } = provider
    if (typeof session === "object" && session !== null && "expiration" in session) {
      if (typeof session.expiration !== "string" || session.expiration === "") return undefined
      const at = Date.parse(session.expiration)
      if (Number.isNaN(at)) throw new NoCredential(notATime)
      return at
    }
  }
  return "innerProvider" in provider ? expiry(provider.innerProvider, depth + 1) : undefined
}

const ask = async (asked: Library.CredentialsProvider | Promise<Library.CredentialsProvider>): Promise<Input> => {
  const provider = await asked
  const found = await provider.getCredentials()
  const expiresAt = expiry(provider)
  if (expiresAt !== undefined && expiresAt <= Date.now())
    throw new NoCredential("its credential has expired: fetch a new one")
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
  previous: Library.CredentialsProvider,
  role: AssumeRole,
  stsEndpoint: string | undefined
): Library.CredentialsProvider => {
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

/** Several reasons have a line each. */
const listed = ([first = "no source was to be asked", ...more]: ReadonlyArray<string>): string =>
  more.length === 0 ? first : ["no source has an access key", first, ...more].join("\n")

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
        reasons.push(`${source}: ${explain(error)}`)
      }
    }
    throw new NoCredential(listed(reasons), served !== undefined)
  }

  const { assumeRole, stsEndpoint } = options
  if (assumeRole === undefined) return walk

  let isAssumed = false
  return async () => {
    const input = await walk()
    const previous: Library.CredentialsProvider = {
      getCredentials: async () => ({
        accessKeyId: String(input.accessKeyId),
        accessKeySecret: String(input.accessKeySecret),
        securityToken: input.securityToken === undefined ? "" : String(input.securityToken),
        providerName: "chain"
      }),
      getProviderName: () => "chain"
    }
    try {
      const assumed = await ask(assuming(library, previous, assumeRole, stsEndpoint))
      isAssumed = true
      return assumed
    } catch (error) {
      throw new NoCredential(`assumeRole, with the key of ${served}: ${explain(error)}`, isAssumed)
    }
  }
}
