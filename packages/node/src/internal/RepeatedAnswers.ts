/**
 * Recognises an answer that has come before. Over HTTP/1.1 an answer belongs to a request by its place alone: one that is sent twice over a kept-alive
 * connection takes the next request's place, and somebody else's verdict with it. The vendor's gateway names each answer in `x-acs-request-id`.
 */
import type { ParsedHeaders } from "./TransportResponse.ts"

/** The connection is out of step: no answer of it can be trusted any more. */
export class RepeatedAnswer extends Error {
  override readonly name = "RepeatedAnswer"
  readonly code = "ERR_REPEATED_ANSWER"
  constructor() {
    super("The answer had come before, so it belongs to another request")
  }
}

/** A repeated answer is taken for another's only while that request is under way: far fewer than these came since. */
const remembered = 4096

export class RepeatedAnswers {
  readonly #ids = new Set<string>()
  /** The same ids in the order in which they came, as a ring. */
  readonly #order: Array<string> = []
  #oldest = 0

  /** Notes an answer by its headers; `true` where it was noted before. */
  isRepeated(headers: ParsedHeaders): boolean {
    const id = headers["x-acs-request-id"]
    if (typeof id !== "string" || id === "") return false
    if (this.#ids.has(id)) return true
    this.#ids.add(id)
    if (this.#order.length < remembered) this.#order.push(id)
    else {
      this.#ids.delete(this.#order[this.#oldest] ?? "")
      this.#order[this.#oldest] = id
      this.#oldest = (this.#oldest + 1) % remembered
    }
    return false
  }
}
