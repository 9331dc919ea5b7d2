/** The whole answer as it came, with its nested documents decoded and without its images; and back. */
import * as Redacted from "effect/Redacted"
import type { IdImage } from "../../IdImage.ts"
import * as Wire from "../../Wire.ts"
import { lookUp, namesBySpelling } from "../document/plainKey.ts"
import { type Answered, extOf } from "./answered.ts"
import type { ReadDocuments } from "./documents.ts"
import * as base64 from "./base64.ts"
import { isJson, type Json, originalName } from "./json.ts"

/** The answer of a result: without the images, which the result has itself. */
export const rawOf = ({ answer, result }: Answered, documents: ReadDocuments): Json => {
  const ext = extOf(result)
  if (ext === undefined) return withParts(answer.source, { Result: result.source.raw })
  const { idBackImage, idImage, spoofBackInfo, spoofInfo } = ext.fields
  // Of a key that stands twice every value stays, so that the answer still contradicts itself.
  const without = (name: string, part: IdImage | Wire.Unreadable | undefined): unknown => {
    const image = Wire.readable(part)
    if (image === undefined) return undefined
    return ext.source.repeated.includes(name) ? base64.encode(Redacted.value(image.bytes)) : leftOut
  }
  const ExtIdInfo = withParts(ext.source, {
    ocrIdInfo: documents.ocr.raw,
    ocrIdEditInfo: documents.edited.raw,
    ocrIdBackInfo: documents.back.raw,
    spoofInfo: Wire.readable(spoofInfo)?.source.raw,
    spoofBackInfo: Wire.readable(spoofBackInfo)?.source.raw,
    idImage: without("idImage", idImage),
    idBackImage: without("idBackImage", idBackImage)
  })
  return withParts(answer.source, { Result: withParts(result.source, { ExtIdInfo }) })
}

const leftOut = Symbol("leftOut")

/** What came, with other values for the keys that were read; `undefined` leaves a key as it is. */
const withParts = (
  { keys, raw }: Pick<Wire.Source, "keys" | "raw">,
  values: Readonly<Record<string, unknown>>
): Json => {
  const others: Record<string, unknown> = { ...raw }
  for (const name of Object.keys(values)) {
    const key = keys[name]
    const value = values[name]
    if (key === undefined || value === undefined) continue
    if (value === leftOut) delete others[key]
    else others[key] = value
  }
  return others
}

/** The answer that `rawOf` was made of, with nested documents as JSON strings. `images` return to the places that they were left out of. */
export const answerOf = (raw: Json, images: Readonly<Record<"idImage" | "idBackImage", string | undefined>>): Json => {
  const answerKeys = keysOf(raw, names.answer)
  const result = valueOf(raw, answerKeys["Result"])
  const resultKeys = isJson(result) ? keysOf(result, names.result) : {}
  const ext = isJson(result) ? valueOf(result, resultKeys["ExtIdInfo"]) : undefined
  if (!isJson(result) || !isJson(ext)) return raw
  const nestedKeys = Object.values(keysOf(ext, names.nested))
  const nested = Object.entries(ext).map(([key, value]) => [
    key,
    nestedKeys.includes(key) && isJson(value) ? JSON.stringify(value) : value
  ])
  const extKeys = keysOf(ext, names.ext)
  const leftOutImages = Object.entries(images).filter(
    ([name, image]) => image !== undefined && valueOf(ext, extKeys[name]) === undefined
  )
  const ExtIdInfo = JSON.stringify(Object.fromEntries([...nested, ...leftOutImages]))
  return withParts({ raw, keys: answerKeys }, { Result: withParts({ raw: result, keys: resultKeys }, { ExtIdInfo }) })
}

type Names = ReadonlyMap<string, string>

const nestedNames = ["ocrIdInfo", "ocrIdEditInfo", "ocrIdBackInfo", "spoofInfo", "spoofBackInfo"]

/** The keys whose values are replaced. */
const names = {
  answer: namesBySpelling(["Result"]),
  result: namesBySpelling(["ExtIdInfo"]),
  ext: namesBySpelling(["idImage", "idBackImage"]),
  nested: namesBySpelling(nestedNames)
}

/** The name that a key stands for. */
const nameIn = (names: Names, key: string): string | undefined => lookUp(names, originalName(key) ?? key)

/** The key of each name: of several that stand for one name the last. */
const keysOf = (raw: Json, names: Names): Wire.Source["keys"] => {
  const keys: Record<string, string> = Object.create(null)
  for (const key of Object.keys(raw)) {
    const name = nameIn(names, key)
    if (name !== undefined) keys[name] = key
  }
  return keys
}

const valueOf = (raw: Json, key: string | undefined): unknown => (key === undefined ? undefined : raw[key])
