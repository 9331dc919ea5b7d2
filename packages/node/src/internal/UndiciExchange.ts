/** One request over an undici dispatcher, as Effect's `HttpClient` has it: resolves at the response's headers, then feeds the body. */
import * as Effect from "effect/Effect"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import { Aborted } from "./Aborted.ts"
import type { InFlight } from "./InFlight.ts"
import { type Connection, ResponseBody } from "./ResponseBody.ts"
import { declaredLength, type ParsedHeaders } from "./ParsedHeaders.ts"
import { transportError, TransportResponse } from "./TransportResponse.ts"
import { UndiciHandler } from "./UndiciHandler.ts"

type Resume = (result: Effect.Effect<HttpClientResponse, HttpClientError>) => void

// The caller goes on in a microtask: a small body has arrived by then, and is read without another wait.
const soon = Promise.resolve()

export class UndiciExchange extends UndiciHandler implements Connection {
  readonly #request: HttpClientRequest
  readonly #resume: Resume
  /** The version of HTTP, where only one can be spoken: undici does not say what was negotiated. */
  readonly #protocolVersion: string | undefined
  #body: ResponseBody | undefined

  constructor(request: HttpClientRequest, resume: Resume, inFlight: InFlight, protocolVersion: string | undefined) {
    super(inFlight)
    this.#request = request
    this.#resume = resume
    this.#protocolVersion = protocolVersion
  }

  override cancel(): void {
    if (this.#body === undefined) super.cancel()
    else this.#body.abort(new Aborted("The request was interrupted"))
  }

  protected override started(status: number, headers: ParsedHeaders): void {
    const body = new ResponseBody(this, this.#request.method === "HEAD" ? undefined : declaredLength(headers))
    const response = new TransportResponse(this.#request, status, headers, body, this.#protocolVersion)
    const resume = this.#resume
    this.#body = body
    void soon.then(() => {
      resume(Effect.succeed(response))
      response.delivered()
    })
  }

  protected override received(chunk: Uint8Array): void {
    this.#body?.push(chunk)
  }

  protected override ended(): void {
    this.#body?.complete()
  }

  protected override failed(cause: Error): void {
    if (this.#body === undefined) this.#resume(Effect.fail(transportError(this.#request, cause)))
    else this.#body.fail(cause)
  }
}
