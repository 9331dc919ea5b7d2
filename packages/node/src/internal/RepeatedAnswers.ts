/**
 * Recognises an answer that its connection has brought before. Over HTTP/1.1 an answer belongs to a request by its place alone: one that is sent twice
 * over a kept-alive connection takes the next request's place, and somebody else's verdict with it. The vendor's gateway names each answer in
 * `x-acs-request-id`.
 */
import type { ParsedHeaders } from "./ParsedHeaders.ts"

/** The connection is out of step: no answer of it can be trusted any more. */
export class RepeatedAnswer extends Error {
  override readonly name = "RepeatedAnswer"
  readonly code = "ERR_REPEATED_ANSWER"
  constructor() {
    super("The answer had come before over this connection, so it belongs to another request")
  }
}

/** A copy comes right after its original, or some answers later. */
const remembered = 16

/** The gateway's ids have 36 letters. What is much longer is none, and would be much to remember. */
const longest = 128

/** Of one connection: elsewhere the same id may well come again, from a service that began anew. */
export class RepeatedAnswers {
  readonly #ids: Array<string> = []

  /** Notes an answer by its headers; `true` where it was noted before. */
  isRepeated(headers: ParsedHeaders): boolean {
    const id = headers["x-acs-request-id"]
    if (typeof id !== "string" || id === "" || id.length > longest) return false
    if (this.#ids.includes(id)) return true
    this.#ids.push(id)
    if (this.#ids.length > remembered) this.#ids.shift()
    return false
  }

  /** The connection is a new one. */
  forget(): void {
    this.#ids.length = 0
  }
}
