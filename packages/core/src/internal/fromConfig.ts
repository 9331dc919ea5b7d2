/** Settings by Effect's `Config`. The self-contained client, which has no `Config`, replaces this module. */
import * as Config from "effect/Config"
import type * as Effect from "effect/Effect"
import * as SchemaIssue from "effect/SchemaIssue"

// Functions: a program that brings a key and a URL of its own makes none of these at its start.

/** The access key by the vendor's names. */
export const accessKey = () => ({
  accessKeyId: Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_ID"),
  accessKeySecret: Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
  securityToken: Config.withDefault(Config.Redacted("ALIBABA_CLOUD_SECURITY_TOKEN"), undefined)
})

/** Where the client's requests go. */
export const endpoint = () => ({
  region: Config.withDefault(Config.String("CLOUDAUTH_REGION"), undefined),
  network: Config.withDefault(Config.Literals(["public", "vpc"], "CLOUDAUTH_NETWORK"), undefined),
  url: Config.withDefault(Config.String("CLOUDAUTH_ENDPOINT"), undefined)
})

export const read = <A>(config: Config.Wrap<A>): Effect.Effect<A, Config.ConfigError> => Config.unwrap(config)

const listIssues = SchemaIssue.makeFormatterStandardSchemaV1()

/** The name of the setting that is missing or wrong, never its value. */
export const nameOf = ({ cause }: Config.ConfigError): string | undefined =>
  cause._tag === "SchemaError" ? listIssues(cause.issue).issues[0]?.path?.map(String).join(".") : undefined
