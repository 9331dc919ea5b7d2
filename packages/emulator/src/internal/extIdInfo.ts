import * as Person from "../Person.ts"
import type * as Scenario from "../Scenario.ts"
import * as Specimen from "../Specimen.ts"

type Json = Record<string, unknown>

const absent: unique symbol = Symbol("absent")

const escapeForHtml = (json: string): string => json.replaceAll("=", "\\u003d").replaceAll("/", "\\/")

/** A nested document in the asked form. `write` is how its JSON text is made. */
const nest = (value: Json, form: Scenario.Form, write: (value: unknown) => string): unknown => {
  switch (form) {
    case "string":
      return write(value)
    case "object":
      return value
    case "double":
      return write(write(value))
    case "absent":
      return absent
    case "null":
      return null
    case "empty":
      return ""
    case "malformed": {
      const text = write(value)
      return text.slice(0, Math.ceil(text.length / 2))
    }
  }
}

const ocrFields = (step: Scenario.Verdict, person: Person.Person): Record<string, string> => {
  const fields: Record<string, string> = { ...Person.read(person, step.document, step.sexSpelling) }
  for (const [name, value] of Object.entries(step.fields ?? {})) {
    if (value === null) delete fields[name]
    else fields[name] = value
  }
  return fields
}

const spoofInfo = (spoof: Scenario.Spoof | undefined, as: "array" | "string"): Json => {
  const types = spoof?.types ?? []
  return { spoofResult: spoof?.result ?? "N", spoofType: as === "array" ? types : types.join(",") }
}

// Drawing takes a hundred times as long as sending.
const drawn = new Map<string, string>()
const keptDrawings = 32

const photograph = (step: Scenario.Verdict, side: "front" | "back", seed: string): string => {
  const { bytes, format = "jpeg" } = step.images ?? {}
  const key = `${step.document}:${side}:${format}:${bytes}:${seed}`
  const known = drawn.get(key)
  if (known !== undefined) return known
  const photo = Specimen.draw({ document: step.document, side, format, seed, bytes }).toString("base64")
  if (drawn.size >= keptDrawings) drawn.clear()
  drawn.set(key, photo)
  return photo
}

/** The JSON text of `Result` for a verdict. */
export const renderResult = (
  step: Scenario.Verdict,
  options: { readonly seed: string; readonly images: boolean }
): string => {
  const nesting = step.nesting ?? {}
  const inner = nesting.inner ?? "string"
  const escaped = (where: "inner" | "outer") => nesting.escape === where || nesting.escape === "both"
  const write = (value: unknown) => JSON.stringify(value)
  const read = step.read ?? true
  const person = Person.make(options.seed)
  const fields = ocrFields(step, person)
  const typeForm = nesting.spoofType ?? "array"

  const entries: Array<readonly [string, unknown]> = [
    ["ocrIdPassed", step.ocrIdPassed ?? step.passed],
    ["ocrIdInfo", nest(fields, nesting.ocrIdInfo ?? (read ? inner : "empty"), write)],
    ["spoofInfo", nest(spoofInfo(step.spoof, typeForm), nesting.spoofInfo ?? inner, write)]
  ]
  if (options.images && read) entries.push(["idImage", photograph(step, "front", options.seed)])
  if (step.edited !== undefined) {
    entries.push(["ocrIdEditInfo", nest({ ...fields, ...step.edited }, nesting.ocrIdEditInfo ?? inner, write)])
  }
  if (step.back === true) {
    entries.push(
      ["ocrIdBackInfo", nest(Person.readBack(person), nesting.ocrIdBackInfo ?? (read ? inner : "empty"), write)],
      ["spoofBackInfo", nest(spoofInfo(step.spoofBack, typeForm), nesting.spoofBackInfo ?? inner, write)]
    )
    if (options.images && read) entries.push(["idBackImage", photograph(step, "back", options.seed)])
  }
  const present = entries.filter(([, value]) => value !== absent)
  const extIdInfo = { ...Object.fromEntries(present), ...step.extraExtIdInfo }
  const writeExt = (value: unknown) => (escaped("inner") ? escapeForHtml(write(value)) : write(value))
  const nested = nest(extIdInfo, nesting.extIdInfo ?? "string", writeExt)

  const result = {
    Passed: step.passed,
    SubCode: step.subCode,
    ...(nested === absent ? {} : { ExtIdInfo: nested }),
    ...step.extraResult
  }
  return escaped("outer") ? escapeForHtml(write(result)) : write(result)
}
