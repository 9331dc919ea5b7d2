/** One request over an undici dispatcher: a whole response, or why there is none. */
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"
import type { Dispatcher } from "undici"
import type { InFlight } from "./InFlight.ts"
import { RepeatedAnswer, type RepeatedAnswers } from "./RepeatedAnswers.ts"

type Result = Effect.Effect<Transport.Response, Transport.Failure>

/** Lower-case names, repeated ones as an array: as undici gives them. */
type ParsedHeaders = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/** The longest time that a timer of the runtime can wait for, in milliseconds. */
const longestTimer = 2 ** 31 - 1

// The caller continues in a microtask: by then the connection is free again, and the next request can take it.
const soon = Promise.resolve()

/** undici's `request` would make a stream for every response, which costs more than the signature. */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  readonly #maxBodyBytes: number
  readonly #inFlight: InFlight
  readonly #resume: (result: Result) => void
  readonly #timer: NodeJS.Timeout | undefined
  readonly #chunks: Array<Uint8Array> = []
  /** The responses of the connection that carries this request. */
  #answers: RepeatedAnswers | undefined
  #controller: Dispatcher.DispatchController | undefined
  #status: number | undefined
  #headers: ParsedHeaders = {}
  #declared = Infinity
  #size = 0
  #isOver = false
  #isReleased = false

  constructor(request: Transport.Request, inFlight: InFlight, resume: (result: Result) => void) {
    this.#maxBodyBytes = request.maxBodyBytes
    this.#inFlight = inFlight
    this.#resume = resume
    inFlight.begin()
    if (request.timeout <= longestTimer) this.#timer = setTimeout(() => this.#timeUp(), request.timeout)
  }

  /** Whether the caller has its result, or no longer wants one. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Called when a connection takes this request. */
  goesOver(answers: RepeatedAnswers): void {
    this.#answers = answers
  }

  /** Ends the exchange without a result: the caller was interrupted. */
  cancel(): void {
    if (this.#over()) this.#abort("the request was interrupted")
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Ended while it was queued. Thrown, it leaves the connection to the next request; `abort` would end it.
    if (this.#isOver) throw new Aborted("the request was interrupted")
    this.#controller = controller
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: ParsedHeaders): void {
    if (status < 200 || this.#isOver) return
    if (this.#answers?.isRepeated(headers) === true) return controller.abort(new RepeatedAnswer())
    this.#status = status
    this.#headers = headers
    this.#declared = declaredLength(headers)
    if (this.#declared !== Infinity && this.#declared > this.#maxBodyBytes) this.#refuseSize(status)
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#isOver || this.#status === undefined) return
    this.#size += chunk.byteLength
    if (this.#size > this.#maxBodyBytes) return this.#refuseSize(this.#status)
    if (this.#size > this.#declared) return this.#refuse(new Aborted("the response is longer than it declares"))
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#release()
    this.#end(
      this.#status === undefined
        ? Effect.fail(Transport.connectionFailed(new Aborted("the connection ended without a response")))
        : Effect.succeed({
            status: this.#status,
            headers: joined(this.#headers),
            body: this.#chunks,
            protocolVersion: "1.1"
          })
    )
  }

  onResponseError(_: Dispatcher.DispatchController | null, cause: Error): void {
    this.#release()
    this.#end(Effect.fail(Transport.connectionFailed(cause, { httpStatus: this.#status, phase: this.#phase() })))
  }

  /** A blocked event loop fires the timer late, with the response already in the socket: read that first. */
  #timeUp(): void {
    setImmediate(() => {
      if (this.#isOver) return
      this.#end(Effect.fail(new Transport.TimedOut({ httpStatus: this.#status, phase: this.#phase() })))
      this.#abort("the request took too long")
    })
  }

  #phase(): Transport.Phase {
    if (this.#status !== undefined) return "body"
    return this.#controller === undefined ? "queue" : "headers"
  }

  #refuseSize(httpStatus: number): void {
    this.#end(Effect.fail(new Transport.BodyTooLarge({ httpStatus })))
    this.#abort("the response is larger than the limit")
  }

  #refuse(reason: Aborted): void {
    this.#end(Effect.fail(Transport.connectionFailed(reason, { httpStatus: this.#status, phase: this.#phase() })))
    this.#abort(reason.message)
  }

  #end(result: Result): void {
    if (this.#over()) void soon.then(() => this.#resume(result))
  }

  /** Closes the exchange; `false` if it was closed before. */
  #over(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    clearTimeout(this.#timer)
    return true
  }

  #abort(reason: string): void {
    this.#controller?.abort(new Aborted(reason))
  }

  /** undici's proxy reports a refusal itself, and undici then how the refused request ended: count that once. */
  #release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#inFlight.end()
  }
}

/** This side ended the exchange. The message names nothing of the request. */
class Aborted extends Error {
  override readonly name = "AbortError"
  readonly code = "ABORT_ERR"
}

const declaredLength = (headers: ParsedHeaders): number => {
  const length = headers["content-length"]
  return typeof length === "string" && /^\d{1,15}$/.test(length) ? Number(length) : Infinity
}

const joined = (headers: ParsedHeaders): Transport.Response["headers"] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "object" ? value.join(", ") : value])
  )
