/** Flags that several commands have. */
import * as Document from "@effect-cloudauth/core/Document"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

const kebab = (name: string): string => name.replace(/[a-z][A-Z]/g, (two) => `${two[0]}-${two[1]}`).toLowerCase()

export const document = Flag.ChoiceWithValue(
  "document",
  Document.names.map((name) => [kebab(name), name] as const)
).pipe(Flag.withMetavar("KIND"), Flag.withDescription("Which document was asked for at Initialize"), Flag.optional)

/** What is off unless it is asked for. */
export const toggle = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))

export const json = toggle("json", "Print JSON instead of text")

export const reveal = toggle("reveal", "Show a person's data")

/** A whole number from `least` to `most`; without a `most` from `least` on. */
export const wholeNumber = (name: string, description: string, least: number, most = Infinity) =>
  Flag.Int(name).pipe(
    Flag.withDescription(description),
    Flag.filter(
      (n) => n >= least && n <= most,
      () => (most === Infinity ? `Expected a number above ${least - 1}` : `Expected a number from ${least} to ${most}`)
    )
  )

const units: Readonly<Record<string, (n: number) => Duration.Duration>> = {
  ms: Duration.millis,
  s: Duration.seconds,
  m: Duration.minutes,
  h: Duration.hours,
  d: Duration.days,
  w: Duration.weeks
}

/** Reads `90s`, `10m`, `12h`, `90d`, `2w`. */
const parseDuration = (text: string): Option.Option<Duration.Duration> => {
  const [, digits, unit] = /^(\d{1,6})(ms|s|m|h|d|w)$/.exec(text) ?? []
  const make = units[unit ?? ""]
  return make === undefined ? Option.none() : Option.some(make(Number(digits)))
}

const durationOf = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar("DURATION"),
    Flag.withDescription(description),
    Flag.filterMap(parseDuration, () => "Expected a duration such as 90s, 10m, 12h or 90d")
  )

/** A duration with a default. */
export const duration = (name: string, description: string, fallback: Duration.Duration) =>
  durationOf(name, description).pipe(Flag.withDefault(fallback))

/** A duration that must be given. */
export const requiredDuration = durationOf

export const store = Flag.String("store").pipe(
  Flag.withMetavar("STORE"),
  Flag.withDescription(
    "Where results are: FILE.db (SQLite, the default: cloudauth.db) or postgres://… (better in CLOUDAUTH_STORE, which other users of this machine can't see)"
  ),
  Flag.optional
)

export const images = Flag.String("images").pipe(
  Flag.withMetavar("WHERE"),
  Flag.withDescription("Where images are: DIRECTORY, s3://bucket/prefix or none (default: beside the store)"),
  Flag.optional
)
