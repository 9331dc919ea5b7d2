/**
 * Real answers on disk, one JSON document a line, and the way back to scenarios. Masked unless asked otherwise: names, numbers, dates and
 * images are replaced by others of the same shape and size, so that decoding them is the same work as decoding the real ones.
 *
 * @example
 * import type { Gateway } from "@effect-cloudauth/emulator/Gateway"
 * import * as Recording from "@effect-cloudauth/emulator/Recording"
 * import { readFileSync } from "node:fs"
 *
 * declare const gateway: Gateway
 *
 * for (const [transactionId, scenario] of Recording.scenarios(readFileSync("answers.jsonl", "utf8"))) {
 *   gateway.register(transactionId, scenario)
 * }
 *
 * @since 0.1.0
 */
import { createHash } from "node:crypto"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { mark as idMark } from "./internal/marks.ts"
import * as Scenario from "./Scenario.ts"
import * as Specimen from "./Specimen.ts"

/**
 * One recorded answer.
 *
 * @category models
 * @since 0.1.0
 */
export const Entry = Schema.Struct({
  /** Milliseconds since 1970. */
  time: Schema.Finite,
  masked: Schema.Boolean,
  transactionId: Schema.String,
  isReturnImage: Schema.Boolean,
  status: Schema.Int,
  headers: Schema.Record(Schema.String, Schema.String),
  body: Schema.String
})
export type Entry = typeof Entry.Type

/**
 * A line of a recording could not be read.
 *
 * @category errors
 * @since 0.1.0
 */
export class RecordingError extends Schema.TaggedError<RecordingError>("@effect-cloudauth/emulator/RecordingError")(
  "RecordingError",
  {
    line: Schema.Int,
    problem: Schema.String
  },
  { httpApiStatus: 400 }
) {
  override readonly name = "RecordingError"
  override get message(): string {
    return `Line ${this.line} of the recording: ${this.problem}`
  }
}

/**
 * The id under which a masked recording keeps a transaction: the same for the same id, with no way back.
 *
 * @category masking
 * @since 0.1.0
 */
export const maskTransactionId = (transactionId: string): string =>
  `${idMark}${createHash("sha256").update(transactionId).digest("hex").slice(0, 28)}`

// What says how a call went, and nothing about a person.
const kept = new Set([
  "Code",
  "code",
  "RequestId",
  "requestId",
  "Passed",
  "SubCode",
  "ocrIdPassed",
  "spoofResult",
  "spoofType"
])
const sexes: Readonly<Record<string, string>> = { F: "M", M: "M", Female: "Male", Male: "Male", 女: "男", 男: "男" }
const images = /^(?:\/9j\/|iVBOR)/

const maskText = (text: string): string => {
  const sex = sexes[text]
  if (sex !== undefined) return sex
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return "2000-01-01"
  return text
    .replace(/\p{M}/gu, "")
    .replace(/\p{Lo}/gu, "某")
    .replace(/[\p{Lu}\p{Lt}]/gu, "X")
    .replace(/(?![X某])\p{L}/gu, "x")
    .replace(/\p{N}/gu, "0")
}

const maskImage = (base64: string): string => {
  const bytes = Buffer.from(base64, "base64").length
  const format = base64.startsWith("iVBOR") ? "png" : "jpeg"
  return Specimen.draw({ document: "hong-kong-identity-card", side: "front", format, seed: "masked", bytes }).toString(
    "base64"
  )
}

const parse = (text: string): Result.Result<unknown, undefined> => {
  try {
    return Result.succeed(JSON.parse(text))
  } catch {
    return Result.fail(undefined)
  }
}

/** Masks a value in place of the nesting it was found in: JSON inside a string is masked inside and written again. */
const maskValue = (value: unknown): unknown => {
  if (typeof value === "string") {
    if (images.test(value)) return maskImage(value)
    const inner = /^\s*["[{]/.test(value) ? parse(value) : Result.fail(undefined)
    return Result.isSuccess(inner) ? JSON.stringify(maskValue(inner.success)) : maskText(value)
  }
  if (typeof value === "number") return 0
  if (Array.isArray(value)) return value.map(maskValue)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, kept.has(name) ? inner : maskValue(inner)])
  )
}

/**
 * The answer's body without anything about a person. What is no JSON is replaced by as many `x`.
 *
 * @category masking
 * @since 0.1.0
 */
export const maskBody = (body: string): string => {
  const parsed = parse(body)
  return Result.isSuccess(parsed) ? JSON.stringify(maskValue(parsed.success)) : "x".repeat(Buffer.byteLength(body))
}

/**
 * The entry without anything about a person.
 *
 * @category masking
 * @since 0.1.0
 */
export const mask = (entry: Entry): Entry => ({
  ...entry,
  masked: true,
  transactionId: maskTransactionId(entry.transactionId),
  body: maskBody(entry.body)
})

const decode = Schema.decodeUnknownResult(Entry)

/**
 * The entries of a recording. Throws `RecordingError` for a malformed line.
 *
 * @category parsing
 * @since 0.1.0
 */
export const read = (lines: string): ReadonlyArray<Entry> =>
  lines.split("\n").flatMap((text, index) => {
    if (text.trim() === "") return []
    const line = index + 1
    const parsed = parse(text)
    if (Result.isFailure(parsed)) throw new RecordingError({ line, problem: "not JSON" })
    const entry = decode(parsed.success)
    if (Result.isFailure(entry)) throw new RecordingError({ line, problem: "not an entry of this format" })
    return [entry.success]
  })

/**
 * Each transaction's answers in the order in which they were recorded.
 *
 * @category constructors
 * @since 0.1.0
 */
export const scenarios = (lines: string): ReadonlyMap<string, Scenario.Scenario> => {
  const steps = new Map<string, [Scenario.Step, ...Array<Scenario.Step>]>()
  for (const { body, headers, status, transactionId } of read(lines)) {
    const step = Scenario.raw({ status, headers, body })
    const before = steps.get(transactionId)
    if (before === undefined) steps.set(transactionId, [step])
    else before.push(step)
  }
  return new Map([...steps].map(([id, taken]) => [id, Scenario.sequence(taken)] as const))
}
