/** One request over an undici dispatcher: resolves at the response's headers, then feeds the body. */
import * as Effect from "effect/Effect"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import type { Dispatcher } from "undici"
import type { InFlight } from "./InFlight.ts"
import { RepeatedAnswer, type RepeatedAnswers } from "./RepeatedAnswers.ts"
import { Aborted, type Connection, ResponseBody } from "./ResponseBody.ts"
import { declaredLength, type ParsedHeaders, transportError, TransportResponse } from "./TransportResponse.ts"

type Resume = (result: Effect.Effect<HttpClientResponse, HttpClientError>) => void

// The caller goes on in a microtask: a small body has arrived by then, and is read without another wait.
const soon = Promise.resolve()

// `dispatcher.request` would build a Readable for every response; that costs more than the signature.
export class UndiciExchange implements Dispatcher.DispatchHandler, Connection {
  readonly #request: HttpClientRequest
  readonly #resume: Resume
  readonly #inFlight: InFlight
  /** The version of HTTP, where only one can be spoken: undici does not say what was negotiated. */
  readonly #protocolVersion: string | undefined
  /** Those of the connection that this goes over. */
  #answers: RepeatedAnswers | undefined
  #controller: Dispatcher.DispatchController | undefined
  #body: ResponseBody | undefined
  #cancelled: Aborted | undefined

  constructor(request: HttpClientRequest, resume: Resume, inFlight: InFlight, protocolVersion: string | undefined) {
    this.#request = request
    this.#resume = resume
    this.#inFlight = inFlight
    this.#protocolVersion = protocolVersion
    inFlight.begin()
  }

  /** Told when a connection takes this up. */
  goesOver(answers: RepeatedAnswers): void {
    this.#answers = answers
  }

  /** Ends the exchange, wherever it is. */
  cancel(): void {
    const reason = new Aborted("The request was interrupted")
    if (this.#body !== undefined) this.#body.abort(reason)
    else if (this.#controller !== undefined) this.#controller.abort(reason)
    else this.#cancelled = reason
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Interrupted while it was queued. Thrown, it leaves the connection to the next request; `abort` would end it.
    if (this.#cancelled !== undefined) throw this.#cancelled
    this.#controller = controller
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: ParsedHeaders): void {
    if (status < 200) return
    if (this.#answers?.isRepeated(headers) === true) {
      controller.abort(new RepeatedAnswer())
      return
    }
    const body = new ResponseBody(this, this.#request.method === "HEAD" ? undefined : declaredLength(headers))
    const response = new TransportResponse(this.#request, status, headers, body, this.#protocolVersion)
    const resume = this.#resume
    this.#body = body
    void soon.then(() => {
      resume(Effect.succeed(response))
      response.delivered()
    })
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#body?.push(chunk)
  }

  onResponseEnd(): void {
    this.#inFlight.end()
    this.#body?.complete()
  }

  onResponseError(_: Dispatcher.DispatchController | null, cause: Error): void {
    this.#inFlight.end()
    if (this.#body === undefined) this.#resume(Effect.fail(transportError(this.#request, cause)))
    else this.#body.fail(cause)
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }

  abort(reason: Error): void {
    this.#controller?.abort(reason)
  }
}
