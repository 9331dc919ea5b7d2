/** How a connection to PostgreSQL is encrypted: what the URL says, else the environment, else by its host. */
import { readFile } from "node:fs/promises"
import type { ConnectionOptions } from "node:tls"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Failure, failure } from "../Failure.ts"
import { errorCode } from "./errorCode.ts"
import { type Phrase, say } from "./language/say.ts"

/** Whether the server is on this machine: then no other machine reads along. */
const isLocal = (host: string): boolean =>
  host === "" ||
  host.startsWith("/") ||
  /^(?:localhost|.*\.localhost)\.?$/i.test(host) ||
  /^127(?:\.\d{1,3}){3}$/.test(host) ||
  /^\[?::1\]?$/.test(host)

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The host as the client takes it: a parameter goes before the URL's own. */
const hostOf = (url: URL): string => url.searchParams.getAll("host").at(-1) ?? decoded(url.hostname)

/** The modes that are honoured. `prefer` and `allow` can fall back to clear text. */
const modes = ["disable", "require", "verify-ca", "verify-full", "no-verify"] as const
type Mode = (typeof modes)[number]

const isMode = (text: string): text is Mode => modes.some((mode) => mode === text)

/** A parameter of the URL, and the variable that has it if the URL does not. */
const parameters = {
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY"
} as const
type Parameter = keyof typeof parameters

const isKnown = (name: string): name is Parameter => Object.hasOwn(parameters, name)

interface Setting {
  /** The parameter or the variable. */
  readonly name: string
  readonly value: string
}

const wrong = (message: Phrase) => failure("Usage", say`PostgreSQL: ${message}`)

const settingOf = Effect.fnUntraced(function* (url: URL, parameter: Parameter) {
  const given = url.searchParams.getAll(parameter)
  if (given.length > 1) return yield* wrong(say`${parameter} stands in the URL ${given.length} times; leave one.`)
  const [value] = given
  if (value !== undefined) return { name: parameter, value } satisfies Setting
  const name = parameters[parameter]
  const found = yield* Effect.mapError(Config.option(Config.String(name)), () => wrong(say`${name} cannot be used.`))
  return Option.match(found, {
    onNone: () => undefined,
    onSome: (value): Setting | undefined => (value === "" ? undefined : { name, value })
  })
})

/** Who names an authority wants TLS. On a socket in the file system a setting for all servers has no meaning. */
const modeOf = (setting: Setting | undefined, host: string, namesAuthority: boolean): Effect.Effect<Mode, Failure> => {
  const isOfUrl = setting?.name === "sslmode"
  if (setting === undefined || (host.startsWith("/") && !isOfUrl)) {
    return Effect.succeed(isLocal(host) && !namesAuthority ? "disable" : "verify-full")
  }
  const { name, value } = setting
  if (isMode(value)) return Effect.succeed(value)
  return Effect.fail(
    value === "prefer" || value === "allow"
      ? wrong(
          say`${name}=${value} is refused: it falls back to clear text. Write verify-full, or disable if clear text is right.`
        )
      : wrong(say`${name} must be one of ${modes.join(", ")}.`)
  )
}

const pem = Effect.fnUntraced(function* ({ name, value }: Setting, what: RegExp) {
  const text = yield* Effect.tryPromise({
    try: () => readFile(value, "utf8"),
    catch: (cause) => wrong(say`the file of ${name} cannot be read (${errorCode(cause) ?? "unknown"}): ${value}`)
  })
  return what.test(text) ? text : yield* wrong(say`the file of ${name} has no PEM text of the right kind: ${value}`)
})

/** `sslrootcert=system` is libpq's name for the certificates of the system. */
const certificateFile = (setting: Setting | undefined, what: RegExp): Effect.Effect<string | undefined, Failure> =>
  setting === undefined || (setting.name.toLowerCase().endsWith("rootcert") && setting.value === "system")
    ? Effect.undefined
    : pem(setting, what)

/** What a URL says of TLS, and the URL without it. */
export interface Encryption {
  readonly url: string
  /** `false` for clear text. */
  readonly ssl: false | ConnectionOptions
}

/** Fails with `Usage` if a setting can't be honoured. */
export const read = Effect.fnUntraced(function* (text: string): Effect.fn.Return<Encryption, Failure> {
  if (!URL.canParse(text))
    return yield* wrong(say`the URL cannot be read: postgres://user:password@host:5432/database.`)
  const url = new URL(text)
  const unknown = [...url.searchParams.keys()].find((key) => /^ssl/i.test(key) && !isKnown(key))
  if (unknown !== undefined) {
    return yield* wrong(say`the URL's ${unknown} is not honoured here; ${Object.keys(parameters).join(", ")} are.`)
  }
  const root = yield* settingOf(url, "sslrootcert")
  const certificate = yield* settingOf(url, "sslcert")
  const key = yield* settingOf(url, "sslkey")
  const mode = yield* modeOf(yield* settingOf(url, "sslmode"), hostOf(url), root?.name === "sslrootcert")
  if ((certificate === undefined) !== (key === undefined)) {
    return yield* wrong(say`sslcert and sslkey need each other.`)
  }
  // The environment's files are for all servers.
  const idle = [root, certificate, key].find((setting) => setting !== undefined && isKnown(setting.name))
  if (mode === "disable" && idle !== undefined) {
    return yield* wrong(say`${idle.name} has no effect without TLS: set sslmode=verify-full, or leave it out.`)
  }
  for (const parameter of Object.keys(parameters)) url.searchParams.delete(parameter)
  if (mode === "disable") return { url: url.href, ssl: false }
  const ca = yield* certificateFile(root, /-----BEGIN (?:TRUSTED )?CERTIFICATE-----/)
  const cert = yield* certificateFile(certificate, /-----BEGIN CERTIFICATE-----/)
  const privateKey = yield* certificateFile(key, /-----BEGIN [A-Z ]*PRIVATE KEY-----/)
  return {
    url: url.href,
    ssl: {
      minVersion: "TLSv1.2",
      rejectUnauthorized: mode !== "no-verify",
      ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(privateKey === undefined ? {} : { key: privateKey })
    }
  }
})
