/** The whole answer as it came, with its nested documents decoded and without its images; and back. */
import * as Redacted from "effect/Redacted"
import type { IdImage } from "../../IdImage.ts"
import * as Wire from "../../Wire.ts"
import { lookUp, namesBySpelling } from "../document/plainKey.ts"
import { type Answered, extOf } from "./answered.ts"
import type { ReadDocuments } from "./documents.ts"
import * as base64 from "./base64.ts"
import { isJson, type Json } from "./json.ts"
import { originalName } from "./repeatedKeys.ts"

/** The answer of a result: without the images, which the result has itself. */
export const rawOf = ({ answer, result }: Answered, documents: ReadDocuments): Json => {
  const ext = extOf(result)
  if (ext === undefined) return replaced(answer.source.raw, names.answer, { Result: result.source.raw })
  const { idBackImage, idImage, spoofBackInfo, spoofInfo } = ext.fields
  // Of a key that stands twice every value stays, so that the answer still contradicts itself.
  const without = (name: string, part: IdImage | Wire.Unreadable | undefined): unknown => {
    const image = Wire.readable(part)
    if (image === undefined) return undefined
    return ext.source.repeated.includes(name) ? base64.encode(Redacted.value(image.bytes)) : leftOut
  }
  const decoded = replaced(ext.source.raw, names.ext, {
    ocrIdInfo: documents.ocr.raw,
    ocrIdEditInfo: documents.edited.raw,
    ocrIdBackInfo: documents.back.raw,
    spoofInfo: Wire.readable(spoofInfo)?.source.raw,
    spoofBackInfo: Wire.readable(spoofBackInfo)?.source.raw,
    idImage: without("idImage", idImage),
    idBackImage: without("idBackImage", idBackImage)
  })
  return replaced(answer.source.raw, names.answer, {
    Result: replaced(result.source.raw, names.result, { ExtIdInfo: decoded })
  })
}

/** The answer that `rawOf` was made of, with nested documents as JSON strings. `images` return to the places that they were left out of. */
export const answerOf = (raw: Json, images: Readonly<Record<"idImage" | "idBackImage", string | undefined>>): Json => {
  const result = valueOf(raw, names.answer, "Result")
  const ext = isJson(result) ? valueOf(result, names.result, "ExtIdInfo") : undefined
  if (!isJson(result) || !isJson(ext)) return raw
  const nested = Object.entries(ext).map(([key, value]) => [
    key,
    nameIn(names.nested, key) !== undefined && isJson(value) ? JSON.stringify(value) : value
  ])
  const leftOutImages = Object.entries(images).filter(
    ([name, image]) => image !== undefined && valueOf(ext, names.ext, name) === undefined
  )
  const ExtIdInfo = JSON.stringify(Object.fromEntries([...nested, ...leftOutImages]))
  return replaced(raw, names.answer, { Result: replaced(result, names.result, { ExtIdInfo }) })
}

const leftOut = Symbol("leftOut")

type Names = ReadonlyMap<string, string>

const nestedNames = ["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo", "spoofInfo", "spoofBackInfo"]

/** The keys whose values are replaced. */
const names = {
  answer: namesBySpelling(["Result"]),
  result: namesBySpelling(["ExtIdInfo"]),
  ext: namesBySpelling([...nestedNames, "idImage", "idBackImage"]),
  nested: namesBySpelling(nestedNames)
}

/** The name that a key stands for. */
const nameIn = (names: Names, key: string): string | undefined => lookUp(names, originalName(key) ?? key)

/** The keys that were read, by their names: of several that stand for one name the last. */
const keysRead = (raw: Json, names: Names): ReadonlyMap<string, string> => {
  const keys = new Map<string, string>()
  for (const key of Object.keys(raw)) {
    const name = nameIn(names, key)
    if (name !== undefined) keys.set(name, key)
  }
  return keys
}

const valueOf = (raw: Json, names: Names, name: string): unknown => {
  const key = keysRead(raw, names).get(name)
  return key === undefined ? undefined : raw[key]
}

/** An object with other values for the keys that were read; `undefined` leaves a key as it is. */
const replaced = (raw: Json, names: Names, values: Readonly<Record<string, unknown>>): Json => {
  const others: Record<string, unknown> = { ...raw }
  for (const [name, key] of keysRead(raw, names)) {
    const value = values[name]
    if (value === leftOut) delete others[key]
    else if (value !== undefined) others[key] = value
  }
  return others
}
