/** The bytes of a response → text and images → JSON → a schema's value. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { type Chunks, join } from "./bytes.ts"
import { cut, CutImages, type Images } from "./images.ts"
import { isJson, type Json, parse } from "./json.ts"

/** A response body that is a JSON object. */
export interface Body {
  readonly json: Json
  /** Whether the bytes were UTF-8. If not, the wrong ones read as U+FFFD. */
  readonly isUtf8: boolean
  /** The images that were cut out of the bytes, by the token that stands for each in the JSON. */
  readonly images: Images
}

const strict = new TextDecoder("utf-8", { fatal: true })
const lenient = new TextDecoder("utf-8")

const none: Images = new Map()

/** The text of a body, without a byte order mark. */
export const text = (body: Chunks): { readonly text: string; readonly isUtf8: boolean } => {
  const bytes = join(body)
  try {
    return { text: strict.decode(bytes), isUtf8: true }
  } catch {
    return { text: lenient.decode(bytes), isUtf8: false }
  }
}

/** Reads a body whole; `undefined` if it is no JSON object. */
export const readWhole = (body: Chunks): Body | undefined => toBody(body, none)

/** Reads a body with its images cut out of the bytes, which is four times faster than parsing them as text. */
export const read = (body: Chunks): Body | undefined => {
  const rest = cut(body)
  return (rest === undefined ? undefined : toBody(rest.chunks, rest.images)) ?? readWhole(body)
}

const toBody = (body: Chunks, images: Images): Body | undefined => {
  const { isUtf8, text: source } = text(body)
  const json = parse(source)
  return isJson(json) ? { json, isUtf8, images } : undefined
}

/** A decoder of a body's parts; `undefined` if one is absent or the schema refuses it. */
export const decodePart = <A, E>(schema: Schema.Codec<A, E>): ((part: unknown, images: Images) => A | undefined) => {
  const decode = Schema.decodeUnknownEffect(schema)
  return (part, images) => {
    const decoded = decode(part)
    const exit = Effect.runSyncExit(images.size === 0 ? decoded : Effect.provideService(decoded, CutImages, images))
    return Exit.isSuccess(exit) ? exit.value : undefined
  }
}
