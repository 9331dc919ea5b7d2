/**
 * Recognises a response that its connection has brought before. Over HTTP/1.1 only the order says which response belongs
 * to which request: a response that is sent twice over a kept-alive connection is taken for that of the next request, and
 * the verdict would be another person's. The vendor's gateway names each response in `x-acs-request-id`.
 */

/** The connection is out of step: no answer of it can be trusted any more. */
export class RepeatedAnswer extends Error {
  override readonly name = "RepeatedAnswer"
  readonly code = "ERR_REPEATED_ANSWER"
  constructor() {
    super("The answer had come before over this connection, so it belongs to another request")
  }
}

/** So many at least: a copy comes right after its original, or some answers later. */
const remembered = 16

/** The gateway's ids have 36 letters. What is much longer is none, and would be much to remember. */
const longest = 128

/** The responses of one connection. Over another one the same id can come again, from a service that restarted. */
export class RepeatedAnswers {
  // Forgotten by the set: one at a time would cost more than the looking.
  #recent = new Set<string>()
  #older = new Set<string>()

  /** Notes a response by its headers. Returns whether it was noted before. */
  isRepeated(headers: Readonly<Record<string, unknown>>): boolean {
    const id = headers["x-acs-request-id"]
    if (typeof id !== "string" || id === "" || id.length > longest) return false
    if (this.#recent.has(id) || this.#older.has(id)) return true
    this.#recent.add(id)
    if (this.#recent.size === remembered) {
      this.#older = this.#recent
      this.#recent = new Set()
    }
    return false
  }

  /** The connection is a new one. */
  forget(): void {
    this.#recent = new Set()
    this.#older = new Set()
  }
}
