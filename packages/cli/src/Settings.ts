/**
 * What is set for all commands: by flag, else by environment, else by file, else by default. A file is JSON and never
 * holds a secret: access keys come from the environment or the vendor's own files.
 *
 * The working directory can come from others, such as a cloned repository. Its file can't decide where keys, images
 * or results go.
 *
 * @example
 * // ~/.config/effect-cloudauth/config.json
 * // { "region": "ap-southeast-1", "store": "/srv/kyc/results.db", "qps": 10 }
 *
 * @since 0.1.0
 */
import * as Endpoint from "@effect-cloudauth/core/Endpoint"
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
import { type Phrase, say, type Value } from "./internal/language/say.ts"

const PositiveInt = Schema.Int.check(Schema.isGreaterThan(0))

/**
 * The most checks at once.
 *
 * @category models
 * @since 0.1.0
 */
export const mostConcurrency = 1000

const Concurrency = PositiveInt.check(Schema.isLessThanOrEqualTo(mostConcurrency))

/**
 * What a file can set.
 *
 * @category models
 * @since 0.1.0
 */
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

/**
 * Where a setting came from.
 *
 * @category models
 * @since 0.1.0
 */
export type Origin = "flag" | "environment" | "file" | "default"

/**
 * How much a command prints.
 *
 * @category models
 * @since 0.1.0
 */
export type Volume = "quiet" | "normal" | "verbose"

/**
 * What the flags say; `None` for a flag that was not given.
 *
 * @category models
 * @since 0.1.0
 */
export interface Flags {
  readonly config: Option.Option<string>
  readonly region: Option.Option<string>
  readonly network: Option.Option<"public" | "vpc">
  readonly endpoint: Option.Option<string>
  readonly quiet: boolean
  readonly verbose: boolean
}

/**
 * The settings, each with its default in place.
 *
 * @category models
 * @since 0.1.0
 */
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
  /** The files that were read. */
  readonly files: ReadonlyArray<string>
  readonly origins: Readonly<Partial<Record<keyof File, Origin>>>
}

/**
 * The environment's names.
 *
 * @category models
 * @since 0.1.0
 */
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

/**
 * The file of the working directory that is read if none is named.
 *
 * @category models
 * @since 0.1.0
 */
export const defaultFile = "effect-cloudauth.json"

/** The keys that the working directory's file can set. Every other key decides where keys, images or results go. */
const localKeys: ReadonlyArray<keyof File> = ["region", "network", "concurrency", "qps"]

const wrongFile = (file: string, why: Value) => failure("Usage", say`${file}: ${why}`)

const decodeFile = Schema.decodeUnknownEffect(Schema.fromJsonString(File), { onExcessProperty: "error" })

const variable = <A>(config: Config.Config<A>, name: string, rule = "text"): Effect.Effect<A | undefined, Failure> =>
  Config.option(config).pipe(
    Effect.map(Option.getOrUndefined),
    // A config error quotes the value.
    Effect.mapError(() => failure("Usage", say`${name} must be ${rule}.`))
  )

const isFile = Schema.is(File)

const rules: Readonly<Record<string, string>> = {
  network: "public or vpc",
  concurrency: `a whole number from 1 to ${mostConcurrency}`,
  qps: "a whole number above 0"
}

/** What is wrong with a file, by line or key. Its values are not quoted: they can be secrets in the wrong place. */
const whatIsWrong = (text: string): Phrase => {
  const keys = Object.keys(File.fields)
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    const position = / position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1]
    return position === undefined
      ? say`is no JSON.`
      : say`is no JSON from line ${text.slice(0, Number(position)).split("\n").length} on.`
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) return say`must be a JSON object.`
  const unknown = Object.keys(content).filter((key) => !keys.includes(key))
  if (unknown.length > 0) {
    return say`${unknown.map((key) => JSON.stringify(key.slice(0, 40))).join(", ")} is no setting. Settings are ${keys.join(", ")}; secrets belong elsewhere.`
  }
  const wrong = Object.entries(content)
    .filter(([key, value]) => !isFile({ [key]: value }))
    .map(([key]) => say`${key} must be ${rules[key] ?? "text"}`)
  return say`${wrong.reduce<Value>((text, part, index) => (index === 0 ? part : say`${text}; ${part}`), "")}.`
}

/** The content of a file; `undefined` if there is none. */
const readFile = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  // One that is there and cannot be read is not passed over: its settings would silently not hold.
  const text = yield* Effect.catch(fs.readFileString(file), (error) => {
    const reason = durable.reasonOf(error)
    // Missing, or below something that is not a directory.
    return /\((ENOENT|ENOTDIR)\)$/.test(reason)
      ? Effect.undefined
      : Effect.fail(wrongFile(file, say`cannot be read: ${reason}.`))
  })
  if (text === undefined) return undefined
  return yield* Effect.mapError(decodeFile(text), () => wrongFile(file, whatIsWrong(text)))
})

/** The path of the home directory's file. A relative home would be in the working directory, so it counts as unset. */
const homeFile = Effect.gen(function* () {
  const path = yield* Path.Path
  const absolute = (name: string) =>
    Effect.map(variable(Config.String(name), name), (value) =>
      value !== undefined && path.isAbsolute(value) ? value : undefined
    )
  const home = yield* absolute("HOME")
  const configHome =
    (yield* absolute("XDG_CONFIG_HOME")) ?? (home === undefined ? undefined : path.join(home, ".config"))
  return configHome === undefined ? undefined : path.join(configHome, "effect-cloudauth", "config.json")
})

/** Refuses a file of the working directory that decides where something goes. */
const checkLocal = (content: File, atHome: string | undefined): Effect.Effect<void, Failure> => {
  const refused = (key: keyof File, what: Value) =>
    wrongFile(
      defaultFile,
      say`a file of the working directory can't set ${what}: it decides where access keys, images or results go. Set ${variables[key]}, move the key to ${atHome ?? "~/.config/effect-cloudauth/config.json"}, or name this file with --config.`
    )
  for (const key of Object.keys(File.fields).filter((key): key is keyof File => Object.hasOwn(content, key))) {
    if (!localKeys.includes(key)) return Effect.fail(refused(key, key))
  }
  const { region } = content
  return region === undefined || Endpoint.regions.some((known) => known === region)
    ? Effect.void
    : Effect.fail(refused("region", say`region to anything but ${Endpoint.regions.join(", ")}`))
}

/** The named file alone, or the home directory's file with the working directory's on top. */
const readFiles = Effect.fnUntraced(function* (named: string | undefined) {
  if (named !== undefined) {
    const content = yield* readFile(named)
    return content === undefined ? yield* wrongFile(named, say`there is no such file.`) : { files: [named], content }
  }
  const atHome = yield* homeFile
  const local = yield* readFile(defaultFile)
  if (local !== undefined) yield* checkLocal(local, atHome)
  const home = atHome === undefined ? undefined : yield* readFile(atHome)
  const content: File = { ...home, ...local }
  const files = [
    ...(local === undefined ? [] : [defaultFile]),
    ...(atHome === undefined || home === undefined ? [] : [atHome])
  ]
  return { files, content }
})

/** Origins by strength. */
const ranks: Readonly<Record<Origin, number>> = { flag: 3, environment: 2, file: 1, default: 0 }

/** An endpoint names the whole host: a region or network of the same or a stronger origin would have no effect. */
const checkEndpoint = (origins: Shape["origins"]): Effect.Effect<void, Failure> => {
  const originOf = (key: keyof File) => origins[key] ?? "default"
  const nameOf = (key: keyof File) =>
    ({ flag: `--${key}`, environment: variables[key], file: say`${key} in the settings file`, default: key })[
      originOf(key)
    ]
  const rank = (key: keyof File) => ranks[originOf(key)]
  const idle = (["region", "network"] as const).find((key) => rank(key) > 0 && rank(key) >= rank("endpoint"))
  return rank("endpoint") === 0 || idle === undefined
    ? Effect.void
    : Effect.fail(
        failure(
          "Usage",
          say`${nameOf(idle)} has no effect beside ${nameOf("endpoint")}, which names the whole host. Leave one of them out.`
        )
      )
}

const make = Effect.fnUntraced(function* (flags: Flags) {
  const named =
    Option.getOrUndefined(flags.config) ?? (yield* variable(Config.String(variables.config), variables.config))
  const { content, files } = yield* readFiles(named)
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
  const settings = Settings.of({
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
    files,
    origins
  })
  yield* checkEndpoint(origins)
  return settings
})

/**
 * What is set for this run.
 *
 * @category services
 * @since 0.1.0
 */
export class Settings extends Context.Service<Settings, Shape>()("@effect-cloudauth/cli/Settings") {
  static readonly layer = (flags: Flags): Layer.Layer<Settings, Failure, FileSystem.FileSystem | Path.Path> =>
    Layer.effect(Settings, make(flags))
}
