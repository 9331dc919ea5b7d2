/** One request over an undici dispatcher: what all have in common, whatever becomes of the answer. */
import type { Dispatcher } from "undici"
import { Aborted } from "./Aborted.ts"
import type { InFlight } from "./InFlight.ts"
import { RepeatedAnswer, type RepeatedAnswers } from "./RepeatedAnswers.ts"
import type { ParsedHeaders } from "./ParsedHeaders.ts"

// `dispatcher.request` would build a Readable for every response; that costs more than the signature.
export abstract class UndiciHandler implements Dispatcher.DispatchHandler {
  readonly #inFlight: InFlight
  /** Those of the connection that this goes over. */
  #answers: RepeatedAnswers | undefined
  #controller: Dispatcher.DispatchController | undefined
  #cancelled: Aborted | undefined
  #isOver = false

  constructor(inFlight: InFlight) {
    this.#inFlight = inFlight
    inFlight.begin()
  }

  /** The answer's head has come. */
  protected abstract started(status: number, headers: ParsedHeaders): void
  /** A piece of the body. */
  protected abstract received(chunk: Uint8Array): void
  /** The body is there. */
  protected abstract ended(): void
  /** The request, or its answer, has failed. */
  protected abstract failed(cause: Error): void

  /** Told when a connection takes this up. */
  goesOver(answers: RepeatedAnswers): void {
    this.#answers = answers
  }

  /** Ends the request, wherever it is. */
  cancel(): void {
    const reason = new Aborted("The request was interrupted")
    if (this.#controller === undefined) this.#cancelled = reason
    else this.abort(reason)
  }

  /** Whether it was ended before it was sent. */
  get isCancelled(): boolean {
    return this.#cancelled !== undefined
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }

  /** Ends the connection, or the part of it that carries this. */
  abort(reason: Error): void {
    this.#controller?.abort(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Interrupted while it was queued. Thrown, it leaves the connection to the next request; `abort` would end it.
    if (this.#cancelled !== undefined) throw this.#cancelled
    this.#controller = controller
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: ParsedHeaders): void {
    if (status < 200) return
    if (this.#answers?.isRepeated(headers) === true) controller.abort(new RepeatedAnswer())
    else this.started(status, headers)
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.received(chunk)
  }

  onResponseEnd(): void {
    if (this.#isFirstEnd()) this.ended()
  }

  onResponseError(_: Dispatcher.DispatchController | null, cause: Error): void {
    if (this.#isFirstEnd()) this.failed(cause)
  }

  /** undici's proxy tells a refusal itself, and undici then how the refused request ended: that counts once. */
  #isFirstEnd(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.#inFlight.end()
    return true
  }
}
