/** One request over an undici dispatcher, as the client asks for it: a whole answer, or none. */
import { bodyTooLarge, type Outcome, type RoundTrip } from "@effect-cloudauth/core/Transport"
import type { InFlight } from "./InFlight.ts"
import { Aborted } from "./ResponseBody.ts"
import { declaredLength, headersOf, type ParsedHeaders } from "./TransportResponse.ts"
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
    if (this.#isOver) return
    this.#isOver = true
    super.cancel()
  }

  protected override started(status: number, headers: ParsedHeaders): void {
    this.status = status
    this.#headers = headers
    this.#declared = declaredLength(headers) ?? Infinity
    if (this.#declared !== Infinity && this.#declared > this.#limit) this.#refuse()
  }

  protected override received(chunk: Uint8Array): void {
    if (this.#isOver) return
    this.#size += chunk.byteLength
    if (this.#size > this.#limit) this.#refuse()
    else if (this.#size > this.#declared) this.abort(new Aborted("The response is longer than it declares"))
    else this.#chunks.push(chunk)
  }

  protected override ended(): void {
    this.#end({ _tag: "Answered", headers: () => headersOf(this.#headers), body: this.#chunks })
  }

  protected override failed(cause: Error): void {
    this.#end({ _tag: "Failed", cause })
  }

  /** Takes no more than the limit: the rest is not read. */
  #refuse(): void {
    this.#end(bodyTooLarge(this.#limit))
    this.abort(new Aborted("The response is larger than the limit"))
  }

  #end(outcome: Outcome): void {
    if (this.#isOver) return
    this.#isOver = true
    void soon.then(() => this.#done(outcome))
  }
}
