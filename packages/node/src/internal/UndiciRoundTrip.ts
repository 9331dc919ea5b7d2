/** One request over an undici dispatcher, as the client asks for it: a whole answer, or none. */
import { bodyTooLarge, type Outcome, type RoundTrip } from "@effect-cloudauth/core/Transport"
import { Aborted } from "./Aborted.ts"
import type { InFlight } from "./InFlight.ts"
import { declaredLength, headersOf, type ParsedHeaders } from "./ParsedHeaders.ts"
import { UndiciHandler } from "./UndiciHandler.ts"

// The client goes on in a microtask: by then the connection is free again, and the next request can take it.
const soon = Promise.resolve()

export class UndiciRoundTrip extends UndiciHandler implements RoundTrip {
  status: number | undefined
  readonly protocolVersion: string | undefined
  /** What the client accepts, in bytes. */
  readonly #limit: number
  readonly #done: (outcome: Outcome) => void
  readonly #chunks: Array<Uint8Array> = []
  #headers: ParsedHeaders = {}
  #size = 0
  #declared = Infinity
  #isOver = false
  #isCancelled = false

  constructor(
    limit: number,
    done: (outcome: Outcome) => void,
    inFlight: InFlight,
    protocolVersion: string | undefined
  ) {
    super(inFlight)
    this.#limit = limit
    this.#done = done
    this.protocolVersion = protocolVersion
  }

  override cancel(): void {
    // It may have ended and not have told yet.
    this.#isCancelled = true
    if (this.#isOver) return
    this.#isOver = true
    super.cancel()
  }

  protected override started(status: number, headers: ParsedHeaders): void {
    this.status = status
    this.#headers = headers
    this.#declared = declaredLength(headers) ?? Infinity
    if (this.#declared !== Infinity && this.#declared > this.#limit) this.#refuseSize()
  }

  protected override received(chunk: Uint8Array): void {
    if (this.#isOver) return
    this.#size += chunk.byteLength
    if (this.#size > this.#limit) this.#refuseSize()
    else if (this.#size > this.#declared) {
      const cause = new Aborted("The response is longer than it declares")
      this.#refuse({ _tag: "Failed", cause }, cause)
    } else this.#chunks.push(chunk)
  }

  protected override ended(): void {
    this.#end({ _tag: "Answered", headers: () => headersOf(this.#headers), body: this.#chunks })
  }

  protected override failed(cause: Error): void {
    this.#end({ _tag: "Failed", cause })
  }

  #refuseSize(): void {
    this.#refuse(bodyTooLarge(this.#limit), new Aborted("The response is larger than the limit"))
  }

  /** Takes no more of it: the rest is not read. Over first, so that nothing that still comes makes it an answer. */
  #refuse(outcome: Outcome, reason: Aborted): void {
    this.#end(outcome)
    this.abort(reason)
  }

  #end(outcome: Outcome): void {
    if (this.#isOver) return
    this.#isOver = true
    void soon.then(() => {
      if (!this.#isCancelled) this.#done(outcome)
    })
  }
}
