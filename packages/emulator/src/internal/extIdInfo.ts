/** The JSON text of an answer's `Result`. */
import * as Person from "../Person.ts"
import * as Specimen from "../Specimen.ts"
import type { Appended, FieldValue, Form, Spoof, Verdict } from "./scenario/model.ts"
import { inOtherEdition } from "./snakeCase.ts"

/** The entries of a JSON object, each value already JSON text. The same key may stand twice. */
type Entries = ReadonlyArray<readonly [key: string, json: string]>

const objectOf = (entries: Entries): string =>
  `{${entries.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(",")}}`

const entriesOf = (value: Readonly<Record<string, unknown>>): Entries =>
  Object.entries(value).map(([key, inner]) => [key, JSON.stringify(inner)])

const escapeForHtml = (json: string): string => json.replaceAll("=", "\\u003d").replaceAll("/", "\\/")

/** A nested document in the given form; `undefined` if it is absent. */
const nest = (json: string, form: Form): string | undefined => {
  switch (form) {
    case "string":
      return JSON.stringify(json)
    case "object":
      return json
    case "double":
      return JSON.stringify(JSON.stringify(json))
    case "absent":
      return undefined
    case "null":
      return "null"
    case "empty":
      return '""'
    case "malformed":
      return JSON.stringify(json.slice(0, Math.ceil(json.length / 2)))
  }
}

const dayMillis = 86_400_000

const isoDate = (at: number): string => new Date(at).toISOString().slice(0, 10)

type FieldValues = Readonly<Record<string, FieldValue>> | undefined

/** Fields with those of a scenario in place of theirs. */
const withValues = (
  fields: Readonly<Record<string, string>>,
  values: FieldValues,
  at: number
): Record<string, string> => {
  const replaced = { ...fields }
  for (const [name, value] of Object.entries(values ?? {})) {
    if (value === null) delete replaced[name]
    else replaced[name] = typeof value === "string" ? value : isoDate(at + value.daysFromNow * dayMillis)
  }
  return replaced
}

const read = (verdict: Verdict, person: Person.Person, at: number): Record<string, string> => {
  const { birthDate = person.birthDate } = withValues({}, verdict.fields, at)
  // Of a person with this birth date, so that the number agrees with it.
  const fields = Person.read({ ...person, birthDate }, verdict.document, verdict.sexSpelling)
  const replaced = withValues(fields, verdict.fields, at)
  return verdict.fieldNames === "snake-case" ? inOtherEdition(replaced, verdict.document) : replaced
}

/** The fields of the back, with the front's values for what stands on both. */
const agreeing = (back: Readonly<Record<string, string>>, front: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(back).map(([name, value]) => [name, front[name] ?? value]))

const spoofInfo = (spoof: Spoof = { result: "N" }, as: "array" | "string"): Entries => {
  const { result, types = [] } = spoof
  return [
    ...(result === undefined ? [] : [["spoofResult", JSON.stringify(result)] as const]),
    ["spoofType", JSON.stringify(as === "array" ? types : types.join(","))]
  ]
}

// Drawing takes a hundred times as long as sending.
const drawn = new Map<string, string>()
const keptDrawings = 32

const image = (verdict: Verdict, side: "front" | "back", seed: string): string => {
  const { bytes, format = "jpeg" } = verdict.images ?? {}
  const key = `${verdict.document}:${side}:${format}:${bytes}:${seed}`
  const known = drawn.get(key)
  if (known !== undefined) return known
  const base64 = Specimen.draw({ document: verdict.document, side, format, seed, bytes }).toString("base64")
  if (drawn.size >= keptDrawings) drawn.clear()
  drawn.set(key, base64)
  return base64
}

interface Options {
  /** The person's seed. */
  readonly seed: string
  /** Whether the caller asked for images. */
  readonly images: boolean
  /** When the result came about, in milliseconds since 1970. */
  readonly at: number
}

/** What a scenario appends to one of the objects. */
export const appendedTo = (verdict: Verdict, to: Appended["in"]): Entries =>
  (verdict.appended ?? []).filter((more) => more.in === to).map(({ key, value }) => [key, JSON.stringify(value)])

const documents = (
  verdict: Verdict,
  { at, images, seed }: Options
): ReadonlyArray<readonly [string, string | undefined]> => {
  const { back = false, nesting = {}, read: isRead = true } = verdict
  const { inner = "string", spoofType = "array" } = nesting
  const person = Person.make(seed)
  const fields = read(verdict, person, at)
  const withImage = (side: "front" | "back") => images && isRead && verdict.images?.missing?.includes(side) !== true
  const front = [
    ["ocrIdPassed", JSON.stringify(verdict.ocrIdPassed ?? verdict.passed)],
    [
      "ocrIdInfo",
      nest(
        objectOf([...entriesOf(fields), ...appendedTo(verdict, "ocrIdInfo")]),
        nesting.ocrIdInfo ?? (isRead ? inner : "empty")
      )
    ],
    [
      "spoofInfo",
      nest(
        objectOf([...spoofInfo(verdict.spoof, spoofType), ...appendedTo(verdict, "spoofInfo")]),
        nesting.spoofInfo ?? inner
      )
    ],
    ["idImage", withImage("front") ? JSON.stringify(image(verdict, "front", seed)) : undefined],
    [
      "ocrIdEditInfo",
      verdict.edited === undefined
        ? undefined
        : nest(JSON.stringify({ ...fields, ...verdict.edited }), nesting.ocrIdEditInfo ?? inner)
    ]
  ] as const
  if (!back) return front
  const backFields = withValues(agreeing(Person.readBack(person), fields), verdict.backFields, at)
  return [
    ...front,
    ["ocrIdBackInfo", nest(JSON.stringify(backFields), nesting.ocrIdBackInfo ?? (isRead ? inner : "empty"))],
    ["spoofBackInfo", nest(objectOf(spoofInfo(verdict.spoofBack, spoofType)), nesting.spoofBackInfo ?? inner)],
    ["idBackImage", withImage("back") ? JSON.stringify(image(verdict, "back", seed)) : undefined]
  ]
}

/** Entries that are present, those of `extra` in place of others with the same key. */
const present = (
  entries: ReadonlyArray<readonly [string, string | undefined]>,
  extra: Readonly<Record<string, unknown>> | undefined
): Entries => [
  ...new Map([
    ...entries.flatMap(([key, json]) => (json === undefined ? [] : [[key, json] as const])),
    ...entriesOf(extra ?? {})
  ])
]

/** The JSON text of `Result` for a verdict. */
export const renderResult = (verdict: Verdict, options: Options): string => {
  const { escape = "none", extIdInfo: form = "string" } = verdict.nesting ?? {}
  const json = objectOf([
    ...present(documents(verdict, options), verdict.extraExtIdInfo),
    ...appendedTo(verdict, "extIdInfo")
  ])
  const extIdInfo = nest(escape === "inner" || escape === "both" ? escapeForHtml(json) : json, form)
  const result = objectOf([
    ...present(
      [
        ["Passed", JSON.stringify(verdict.passed)],
        ["SubCode", JSON.stringify(verdict.subCode)],
        ["ExtIdInfo", extIdInfo]
      ],
      verdict.extraResult
    ),
    ...appendedTo(verdict, "result")
  ])
  return escape === "outer" || escape === "both" ? escapeForHtml(result) : result
}
