/**
 * The profiles of the vendor's command line. The library reads them, too, but it does not end where `source_profile`
 * goes round in a circle, takes expired keys, and hides how a command ended.
 */
import type * as Library from "@alicloud/credentials"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as fs from "node:fs/promises"
import * as os from "node:os"
import * as path from "node:path"
import { NoCredential, codeOf } from "./credentialReasons.ts"
import * as external from "./externalCommand.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const number = Schema.optionalKey(Schema.NullOr(Schema.Finite))

const Profile = Schema.Struct({
  name: Schema.String,
  mode: text,
  source_profile: text,
  process_command: text,
  ram_role_arn: text,
  ram_session_name: text,
  expired_seconds: number,
  sts_region: text,
  /** Seconds since 1970; 0 for none. */
  sts_expiration: number
})

type Profile = typeof Profile.Type

const decode = Schema.decodeUnknownOption(Schema.Struct({ current: text, profiles: Schema.Array(Profile) }))

const file = "~/.aliyun/config.json"
const configure = "run aliyun configure"

const read = async (): Promise<string> => {
  try {
    return await fs.readFile(path.join(os.homedir(), ".aliyun", "config.json"), "utf8")
  } catch (error) {
    const code = codeOf(error)
    throw new NoCredential(
      code === "ENOENT" ? `${file} does not exist: ${configure}` : `${file} cannot be read (${code ?? "unknown cause"})`
    )
  }
}

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    // Node's words quote the file.
    throw new NoCredential(`${file} is not JSON: correct it, or ${configure}`)
  }
}

/** The provider of the profile that `ALIBABA_CLOUD_PROFILE` names, else of the current one. */
export const provider = async (library: typeof Library): Promise<Library.CredentialsProvider> => {
  const config = Option.getOrUndefined(decode(parse(await read())))
  if (config === undefined) throw new NoCredential(`${file} is not as the vendor's CLI writes it: ${configure}`)
  if (config.profiles.length === 0) throw new NoCredential(`${file} has no profiles: ${configure}`)
  return ofProfile(library, config.profiles, process.env["ALIBABA_CLOUD_PROFILE"] || config.current || "", [])
}

const ofProfile = (
  library: typeof Library,
  profiles: ReadonlyArray<Profile>,
  name: string,
  before: ReadonlyArray<string>
): Library.CredentialsProvider => {
  if (before.includes(name)) throw new NoCredential("source_profile leads back to the same profile: correct it")
  const profile = profiles.find((candidate) => candidate.name === name)
  if (profile === undefined) {
    throw new NoCredential(
      before.length > 0
        ? `source_profile names a profile that ${file} does not have: correct it`
        : `${file} does not have the profile: choose another by ALIBABA_CLOUD_PROFILE, or ${configure}`
    )
  }
  switch (profile.mode) {
    case "ChainableRamRoleArn":
      return assuming(library, profile, ofProfile(library, profiles, profile.source_profile ?? "", [...before, name]))
    case "External":
      return external.provider(profile.process_command ?? "")
    default:
      if (profile.mode === "StsToken") refuseExpired(profile.sts_expiration ?? 0)
      return library.CLIProfileCredentialsProvider.builder().withProfileName(name).build()
  }
}

const assuming = (
  library: typeof Library,
  profile: Profile,
  source: Library.CredentialsProvider
): Library.CredentialsProvider => {
  const builder = library.RAMRoleARNCredentialsProvider.builder()
    .withCredentialsProvider(source)
    .withRoleArn(profile.ram_role_arn ?? "")
  if (profile.ram_session_name) builder.withRoleSessionName(profile.ram_session_name)
  if (profile.expired_seconds) builder.withDurationSeconds(profile.expired_seconds)
  if (profile.sts_region) builder.withStsRegionId(profile.sts_region)
  return builder.build()
}

/** The library takes a key that the vendor's CLI knows to have expired. */
const refuseExpired = (seconds: number): void => {
  if (seconds > 0 && seconds * 1000 <= Date.now()) {
    throw new NoCredential(
      "the profile's temporary key has expired: fetch a new one, or log in again (aliyun configure)"
    )
  }
}
