/** The bytes of an answer → JSON, by the fast way for photographs where it is sure, else by the general way. */
import { join } from "./chunks.ts"
import type { Chunks } from "./chunks.ts"
import { cut } from "./imageFastPath.ts"
import type { Cut } from "./imageFastPath.ts"

export interface AnswerJson {
  readonly json: unknown
  /** Whether the bytes were UTF-8; where not, the wrong ones read as U+FFFD. */
  readonly isUtf8: boolean
  /** The photographs that were cut out; each token must be met in its place, else `general` is to be asked. */
  readonly cuts: ReadonlyArray<Cut>
}

const strict = new TextDecoder("utf-8", { fatal: true })
const lenient = new TextDecoder("utf-8")

/** The text of an answer; a byte order mark is dropped. */
export const text = (body: Chunks): { readonly text: string; readonly isUtf8: boolean } => {
  const bytes = join(body)
  try {
    return { text: strict.decode(bytes), isUtf8: true }
  } catch {
    return { text: lenient.decode(bytes), isUtf8: false }
  }
}

const parse = (body: Chunks, cuts: ReadonlyArray<Cut>): AnswerJson | undefined => {
  const answer = text(body)
  try {
    return { json: JSON.parse(answer.text), isUtf8: answer.isUtf8, cuts }
  } catch {
    return undefined
  }
}

/** The general way: everything is text. `undefined` where it is no JSON. */
export const general = (body: Chunks): AnswerJson | undefined => parse(body, [])

/** The fast way where there are photographs to cut, else the general way. */
export const fast = (body: Chunks): AnswerJson | undefined => {
  const rest = cut(body)
  return (rest === undefined ? undefined : parse(rest.chunks, rest.cuts)) ?? general(body)
}
