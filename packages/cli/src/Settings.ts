/**
 * What is set for all commands: by flag, else by environment, else by file, else by default. A file is JSON and never
 * holds a secret: access keys come from the environment or the vendor's own files.
 *
 * @example
 * // effect-cloudauth.json
 * // { "region": "ap-southeast-1", "store": "results.db", "qps": 10 }
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type Failure, failure } from "./Failure.ts"
import * as durable from "./internal/durable.ts"

const PositiveInt = Schema.Int.check(Schema.isGreaterThan(0))

/** The most checks at once. */
export const mostConcurrency = 1000

const Concurrency = PositiveInt.check(Schema.isLessThanOrEqualTo(mostConcurrency))

/** What a file can set. */
export const File = Schema.Struct({
  region: Schema.optionalKey(Schema.String),
  network: Schema.optionalKey(Schema.Literals(["public", "vpc"])),
  endpoint: Schema.optionalKey(Schema.String),
  store: Schema.optionalKey(Schema.String),
  images: Schema.optionalKey(Schema.String),
  s3Endpoint: Schema.optionalKey(Schema.String),
  s3Region: Schema.optionalKey(Schema.String),
  concurrency: Schema.optionalKey(Concurrency),
  qps: Schema.optionalKey(PositiveInt)
})
export type File = typeof File.Type

/** Where a setting came from. */
export type Origin = "flag" | "environment" | "file" | "default"

export type Volume = "quiet" | "normal" | "verbose"

/** What the flags say; `None` where nothing was said. */
export interface Flags {
  readonly config: Option.Option<string>
  readonly region: Option.Option<string>
  readonly network: Option.Option<"public" | "vpc">
  readonly endpoint: Option.Option<string>
  readonly quiet: boolean
  readonly verbose: boolean
}

/** The settings, each with its default in place. */
export interface Shape {
  readonly region: string
  readonly network: "public" | "vpc"
  /** A URL of one's own instead of the region's endpoint. */
  readonly endpoint: string | undefined
  /** Where results go; a PostgreSQL URL can hold a password. */
  readonly store: Redacted.Redacted | undefined
  readonly images: string | undefined
  readonly s3: { readonly endpoint: string | undefined; readonly region: string }
  /** How many checks at once. */
  readonly concurrency: number
  /** How many requests a second; `undefined` for no limit. */
  readonly qps: number | undefined
  readonly volume: Volume
  /** The file that was read. */
  readonly file: string | undefined
  readonly origins: Readonly<Partial<Record<keyof File, Origin>>>
}

/** The environment's names. */
export const variables = {
  config: "CLOUDAUTH_CONFIG",
  region: "CLOUDAUTH_REGION",
  network: "CLOUDAUTH_NETWORK",
  endpoint: "CLOUDAUTH_ENDPOINT",
  store: "CLOUDAUTH_STORE",
  images: "CLOUDAUTH_IMAGES",
  s3Endpoint: "CLOUDAUTH_S3_ENDPOINT",
  s3Region: "CLOUDAUTH_S3_REGION",
  concurrency: "CLOUDAUTH_CONCURRENCY",
  qps: "CLOUDAUTH_QPS"
} as const

/** The file that is read where none is named. */
export const defaultFile = "effect-cloudauth.json"

const wrongFile = (file: string, why: string) => failure("Usage", `${file}: ${why}`)

const decodeFile = Schema.decodeUnknownEffect(Schema.fromJsonString(File), { onExcessProperty: "error" })

const variable = <A>(config: Config.Config<A>, name: string, rule = "text"): Effect.Effect<A | undefined, Failure> =>
  Config.option(config).pipe(
    Effect.map(Option.getOrUndefined),
    // A config error quotes the value.
    Effect.mapError(() => failure("Usage", `${name} must be ${rule}.`))
  )

const readFile = Effect.fnUntraced(function* (named: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const xdg = yield* variable(Config.String("XDG_CONFIG_HOME"), "XDG_CONFIG_HOME")
  const home = yield* variable(Config.String("HOME"), "HOME")
  const configHome = xdg ?? (home === undefined ? undefined : path.join(home, ".config"))
  const candidates =
    named === undefined
      ? [defaultFile, ...(configHome === undefined ? [] : [path.join(configHome, "effect-cloudauth", "config.json")])]
      : [named]
  for (const file of candidates) {
    // One that is there and cannot be read is not passed over: its settings would silently not hold.
    const text = yield* Effect.catch(fs.readFileString(file), (error) => {
      const reason = durable.reasonOf(error)
      // Not there, or below something that is no directory.
      return /\((ENOENT|ENOTDIR)\)$/.test(reason)
        ? Effect.undefined
        : Effect.fail(wrongFile(file, `cannot be read: ${reason}.`))
    })
    if (text !== undefined) {
      // The schema's own words could quote what stands in the file.
      const content = yield* Effect.mapError(decodeFile(text), () =>
        wrongFile(
          file,
          `must be JSON with only these keys: ${Object.keys(File.fields).join(", ")}; network is public or vpc, concurrency (1 to ${mostConcurrency}) and qps are whole numbers, all others text; secrets belong elsewhere.`
        )
      )
      return { file, content }
    }
  }
  if (named !== undefined) return yield* wrongFile(named, "there is no such file.")
  return { file: undefined, content: {} satisfies File as File } // as File: an empty file sets nothing
})

const make = Effect.fnUntraced(function* (flags: Flags) {
  const named =
    Option.getOrUndefined(flags.config) ?? (yield* variable(Config.String(variables.config), variables.config))
  const { content, file } = yield* readFile(named)
  const origins: Partial<Record<keyof File, Origin>> = {}
  const pick = <A>(
    key: keyof File,
    flag: A | undefined,
    variable: A | undefined,
    inFile: A | undefined
  ): A | undefined => {
    origins[key] =
      flag !== undefined ? "flag" : variable !== undefined ? "environment" : inFile !== undefined ? "file" : "default"
    return flag ?? variable ?? inFile
  }
  const text = (name: string) => variable(Config.String(name), name)
  const number = (name: string, most = Number.MAX_SAFE_INTEGER) =>
    variable(
      Config.schema(
        Schema.NumberFromString.check(Schema.isInt(), Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(most)),
        name
      ),
      name,
      most === Number.MAX_SAFE_INTEGER ? "a whole number above 0" : `a whole number from 1 to ${most}`
    )

  const store = pick("store", undefined, yield* text(variables.store), content.store)
  return Settings.of({
    region:
      pick("region", Option.getOrUndefined(flags.region), yield* text(variables.region), content.region) ??
      "cn-hongkong",
    network:
      pick(
        "network",
        Option.getOrUndefined(flags.network),
        yield* variable(Config.Literals(["public", "vpc"], variables.network), variables.network, "public or vpc"),
        content.network
      ) ?? "public",
    endpoint: pick(
      "endpoint",
      Option.getOrUndefined(flags.endpoint),
      yield* text(variables.endpoint),
      content.endpoint
    ),
    store: store === undefined ? undefined : Redacted.make(store, { label: "store" }),
    images: pick("images", undefined, yield* text(variables.images), content.images),
    s3: {
      endpoint: pick("s3Endpoint", undefined, yield* text(variables.s3Endpoint), content.s3Endpoint),
      region: pick("s3Region", undefined, yield* text(variables.s3Region), content.s3Region) ?? "us-east-1"
    },
    concurrency:
      pick("concurrency", undefined, yield* number(variables.concurrency, mostConcurrency), content.concurrency) ?? 16,
    qps: pick("qps", undefined, yield* number(variables.qps), content.qps),
    volume: flags.quiet ? "quiet" : flags.verbose ? "verbose" : "normal",
    file,
    origins
  })
})

/** What is set for this run. */
export class Settings extends Context.Service<Settings, Shape>()("@effect-cloudauth/cli/Settings") {
  static readonly layer = (flags: Flags): Layer.Layer<Settings, Failure, FileSystem.FileSystem | Path.Path> =>
    Layer.effect(Settings, make(flags))
}
