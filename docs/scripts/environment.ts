/** The page of all environment variables, held against every name that the sources mention. */
import * as Settings from "@effect-cloudauth/cli/Settings"
import * as DefaultCredentials from "@effect-cloudauth/node/DefaultCredentials"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { sourceFiles, textOf } from "./declarations.ts"
import { code, page, table, text } from "./markdown.ts"

type Row = readonly [name: string, meaning: string, fallback: string, key?: string]

const accessKey: ReadonlyArray<Row> = [
  ["ALIBABA_CLOUD_ACCESS_KEY_ID", "The access key's id.", ""],
  ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "Its secret.", ""],
  ["ALIBABA_CLOUD_SECURITY_TOKEN", "The security token, where the key is a temporary one.", "none"]
]

const chain: ReadonlyArray<Row> = [
  ["ALIBABA_CLOUD_ROLE_ARN", "`oidc`: the role.", ""],
  ["ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "`oidc`: the identity provider.", ""],
  ["ALIBABA_CLOUD_OIDC_TOKEN_FILE", "`oidc`: the file with the token.", ""],
  ["ALIBABA_CLOUD_PROFILE", "`cliProfile`, `credentialsFile`: the profile's name.", "the file's own default"],
  ["ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "`true` leaves `cliProfile` out.", "`false`"],
  ["ALIBABA_CLOUD_CREDENTIALS_FILE", "`credentialsFile`: the file.", "`~/.alibabacloud/credentials`"],
  ["ALIBABA_CLOUD_ECS_METADATA", "`instanceRole`: the role's name.", "asked of the metadata service"],
  ["ALIBABA_CLOUD_ECS_METADATA_DISABLED", "`true` leaves `instanceRole` out.", "`false`"],
  ["ALIBABA_CLOUD_CREDENTIALS_URI", "`credentialsUri`: where to ask.", ""],
  ["ALIBABA_CLOUD_STS_REGION", "The region of the Security Token Service for roles.", "`sts.aliyuncs.com`"]
]

const meanings: Readonly<Record<keyof typeof Settings.variables, string>> = {
  config: "The file of settings.",
  region: "The region.",
  network: "`public`, or `vpc` from inside the vendor's network.",
  endpoint: "A URL instead of the region's endpoint: an emulator, a proxy of your own.",
  store: "Where results go: a file, a directory or a PostgreSQL URL.",
  images: "Where images go: a directory, `s3://bucket/prefix` or `none`.",
  s3Endpoint: "The object storage's endpoint.",
  s3Region: "The object storage's region.",
  concurrency: "How many checks at once.",
  qps: "How many calls a second, retries included."
}

/** Defaults that are decided later than by the settings. */
const later: Readonly<Partial<Record<keyof typeof Settings.variables, string>>> = {
  config: `\`~/.config/effect-cloudauth/config.json\`, and over it \`${Settings.defaultFile}\``,
  endpoint: "the region's",
  store: "`cloudauth.db`",
  images: "beside the store",
  s3Endpoint: "AWS's",
  qps: "the vendor's figure for the region"
}

/** The settings of a machine on which nothing is set. */
const unset = Effect.gen(function* () {
  return yield* Settings.Settings
}).pipe(
  Effect.provide(
    Settings.Settings.layer({
      config: Option.none(),
      region: Option.none(),
      network: Option.none(),
      endpoint: Option.none(),
      quiet: false,
      verbose: false
    })
  ),
  Effect.provide(NodeServices.layer),
  Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({}))
)

const s3Keys: ReadonlyArray<Row> = [
  ["CLOUDAUTH_S3_ACCESS_KEY_ID", "The object storage's access key.", "`AWS_ACCESS_KEY_ID`"],
  ["CLOUDAUTH_S3_SECRET_ACCESS_KEY", "Its secret.", "`AWS_SECRET_ACCESS_KEY`"],
  ["CLOUDAUTH_S3_SESSION_TOKEN", "Its session token, where it is a temporary one.", "`AWS_SESSION_TOKEN`"],
  ["AWS_ACCESS_KEY_ID", "The access key, where the name above is not set.", ""],
  ["AWS_SECRET_ACCESS_KEY", "Its secret.", ""],
  ["AWS_SESSION_TOKEN", "Its session token.", ""]
]

/** Names without an underscore: not found in the sources by their form. */
const postgres: ReadonlyArray<Row> = [
  [
    "PGSSLMODE",
    "How connections to PostgreSQL are encrypted, unless the URL has `sslmode`.",
    "`verify-full` to other hosts"
  ],
  ["PGSSLROOTCERT", "A PEM file of the authorities to trust, unless the URL has `sslrootcert`.", "Node's"],
  ["PGSSLCERT", "A PEM file with this client's certificate, unless the URL has `sslcert`.", "none"],
  ["PGSSLKEY", "A PEM file with its key, unless the URL has `sslkey`.", "none"]
]

const terminal: ReadonlyArray<Row> = [
  ["NO_COLOR", "Anything: no colours.", ""],
  ["FORCE_COLOR", "Anything: colours even where no terminal is.", ""],
  [
    "LC_ALL",
    "The locale: `zh_CN.UTF-8` or `zh_HK.UTF-8` prints help and advice in Chinese. Else `LC_MESSAGES`, else `LANG`.",
    "English"
  ],
  ["LC_MESSAGES", "The locale of messages, if `LC_ALL` is not set.", ""],
  ["XDG_CONFIG_HOME", "Where the folder `effect-cloudauth` of the settings is.", "`~/.config`"]
]

const emulator: ReadonlyArray<Row> = [
  [
    "CLOUDAUTH_EMULATOR_ADMIN_TOKEN",
    "What the admin API asks for, unless `--admin-token` says it.",
    "none on the loopback, else a random one that is printed"
  ]
]

const cluster: ReadonlyArray<Row> = [
  ["DATABASE_URL", "PostgreSQL: the engine, the inbox and the results.", "required"],
  ["REDIS_URL", "Redis: the quota that all runners share.", "the quota is the process's own"],
  ["CLOUDAUTH_ACCOUNT", "Whose quota it is, where several accounts share a Redis.", "`default`"],
  ["CLOUDAUTH_VERDICTS_ONLY", "`true` keeps verdicts alone, no person's data and no images.", "`false`"],
  [
    "SHARDS_PER_GROUP",
    "Shards of the cluster; fixed for a database. One of Effect's cluster settings, as are `HOST` and `PORT`.",
    "32"
  ]
]

const transport: ReadonlyArray<Row> = [
  ["HTTPS_PROXY", "The proxy for `https:` (also in lower case).", "what `HTTP_PROXY` says"],
  ["HTTP_PROXY", "The proxy for both, where `HTTPS_PROXY` is not set (also in lower case).", "none"],
  ["NO_PROXY", "Hosts that are called directly (also in lower case).", "none"],
  ["NODE_EXTRA_CA_CERTS", "Node's: a file of certificate authorities to trust besides Node's own.", "none"],
  ["NODE_TLS_REJECT_UNAUTHORIZED", "Node's: has **no** effect on undici and `node:http` here; `fetch` obeys it.", ""]
]

const otel: ReadonlyArray<Row> = [
  ["OTEL_SERVICE_NAME", "The service's name on every signal.", "the SDK's"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "Where spans and metrics go.", "`http://localhost:4318`"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "How they go.", "`http/protobuf`"],
  ["OTEL_METRICS_EXPORTER", "Which exporter metrics have; `none` for none.", "the SDK's"],
  ["OTEL_TRACES_SAMPLER", "Which traces are recorded.", "the SDK's"]
]

const inCapitals = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g

/** What is a variable for sure: by its family, or because it is read on that line. */
const family = /^(?:ALIBABA_CLOUD|AWS|CLOUDAUTH|NODE|OTEL|XDG)_|_(?:PROXY|URL|COLOR)$/
const reads = /process\.env|\benv\[|Config\.[A-Z]|variable\(/

/** Fails where the sources name a variable that the page lacks, or the page one that the sources don't know. */
const hold = (rows: ReadonlyArray<Row>): void => {
  const documented = new Set(rows.map(([name]) => name))
  const lines = sourceFiles.flatMap((file) => textOf(file).split("\n"))
  const mentioned = new Set(lines.flatMap((line) => line.match(inCapitals) ?? []))
  const variables = new Set(
    lines.flatMap((line) => (line.match(inCapitals) ?? []).filter((name) => family.test(name) || reads.test(line)))
  )
  const wrong = [
    ...[...variables].filter((name) => !documented.has(name)).map((name) => `${name} is not on the page`),
    ...[...documented].filter((name) => !mentioned.has(name)).map((name) => `${name} is in no source`)
  ]
  if (wrong.length > 0) throw new Error(`Environment variables: ${wrong.join("; ")}`)
}

/** If the rows have one, the name in the file of settings is a column of its own. */
const rows = (given: ReadonlyArray<Row>): string => {
  const isInFile = given.some((row) => row.length === 4)
  return table(
    ["variable", ...(isInFile ? ["in the file"] : []), "meaning", "default"],
    given.map(([name, meaning, fallback, key = ""]) => [
      code(name),
      ...(isInFile ? [key] : []),
      text(meaning),
      fallback
    ])
  )
}

export const environment = async (): Promise<string> => {
  const defaults = await Effect.runPromise(unset)
  const known: Readonly<Partial<Record<keyof typeof Settings.variables, string>>> = {
    region: code(defaults.region),
    network: code(defaults.network),
    s3Region: code(defaults.s3.region),
    concurrency: String(defaults.concurrency),
    ...later
  }
  const settings = (Object.keys(Settings.variables) as Array<keyof typeof Settings.variables>) // keys of a literal
    .map((key): Row => [
      Settings.variables[key],
      meanings[key],
      known[key] ?? "",
      key in Settings.File.fields ? code(key) : ""
    ])
  hold([...accessKey, ...chain, ...settings, ...s3Keys, ...terminal, ...emulator, ...cluster, ...transport, ...otel])
  return page(
    "Environment variables",
    "the settings of the command line, and held against every name in the sources",
    "The libraries read the access key, the proxies and, with `Cloudauth.layerConfig()`, three variables. The rest is the programs'.",
    "## The access key",
    "Read by `Credentials.layerConfig()`, the default of `NodeCloudauth.layer` and `createClient`.",
    rows(accessKey),
    "## The vendor's credential chain",
    `Read by \`DefaultCredentials.layer\`, source by source: ${DefaultCredentials.sources.map(code).join(", ")}. The first is the access key above.`,
    rows(chain),
    "## The client and the command line",
    `\`Cloudauth.layerConfig()\` reads \`CLOUDAUTH_REGION\`, \`CLOUDAUTH_NETWORK\` and \`CLOUDAUTH_ENDPOINT\`; the command line reads all, after its flags and
before its file.`,
    rows(settings),
    "## Photographs in an object storage",
    rows(s3Keys),
    "## PostgreSQL",
    "For the command line's and the cluster's database.",
    rows(postgres),
    "## The terminal",
    rows(terminal),
    "## The emulator",
    "Read by `effect-cloudauth emulator`.",
    rows(emulator),
    "## The cluster",
    "Besides the command line's.",
    rows(cluster),
    "## Proxies and certificates",
    "Read by `NodeTransport.layer`, and by Node itself.",
    rows(transport),
    "## OpenTelemetry",
    "Read by OpenTelemetry's own SDK under `OtelNodeSdk.layer`; these are the ones that the sources mention.",
    rows(otel)
  )
}
