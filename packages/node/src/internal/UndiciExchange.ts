/** One request over an undici dispatcher: a whole response, or why there is none. */
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"
import type { Dispatcher } from "undici"
import { ProxyRefusal } from "./connectErrors.ts"
import type { ConnectionQueue, Waiting } from "./ConnectionQueue.ts"
import * as codings from "./contentCodings.ts"
import type { InFlight } from "./InFlight.ts"
import type { Line } from "./Line.ts"
import { RepeatedAnswer } from "./RepeatedAnswers.ts"
import { declaredLength, joined, type ParsedHeaders } from "./responseHeaders.ts"

type Result = Effect.Effect<Transport.Response, Transport.Failure>

/** The longest time that a timer of the runtime can wait for, in milliseconds. */
const longestTimer = 2 ** 31 - 1

/** undici's `request` would make a stream for every response, which costs more than the signature. */
export class UndiciExchange implements Dispatcher.DispatchHandler, Waiting {
  readonly queueEnd: number
  readonly #timeout: number
  readonly #maxBodyBytes: number
  readonly #inFlight: InFlight
  readonly #settle: (result: Result) => void
  readonly #onConnected: (() => void) | undefined
  readonly #chunks: Array<Uint8Array> = []
  #timer: NodeJS.Timeout | undefined
  #timerMillis = 0
  #queue: ConnectionQueue | undefined
  /** The connection that this request was given. */
  #line: Line | undefined
  #isReused = false
  #controller: Dispatcher.DispatchController | undefined
  /** When the request was sent, in milliseconds of monotonic time. */
  #sent = 0
  #status: number | undefined
  #headers: ParsedHeaders = {}
  #declared = Infinity
  #size = 0
  #isOver = false
  #isReleased = false

  constructor(request: Transport.Request, inFlight: InFlight, resume: (result: Result) => void) {
    const { queueTimeout = request.timeout } = request
    this.queueEnd = performance.now() + queueTimeout
    this.#timeout = request.timeout
    this.#maxBodyBytes = request.maxBodyBytes
    this.#inFlight = inFlight
    this.#onConnected = request.onConnected
    // The caller continues in a microtask: by then the connection is free again, and the next request can take it. It
    // continues in its own asynchronous context, not in the connection's.
    const { promise, resolve } = Promise.withResolvers<Result>()
    void promise.then(resume)
    this.#settle = resolve
    inFlight.begin()
    // Mostly the request has its connection at once: then the same timer goes on for the response.
    this.#wait(Math.min(queueTimeout, request.timeout))
  }

  /** Whether the caller has its result, or no longer wants one. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Waits for a connection; `false` if its turn would come too late. */
  joins(queue: ConnectionQueue): boolean {
    this.#queue = queue
    return queue.join(this, performance.now())
  }

  refuse(waiting: number, wait: number): void {
    this.#end(Effect.fail(new Transport.QueueTooLong({ httpStatus: undefined, waiting, wait: Math.ceil(wait) })))
  }

  /** Called when a connection takes this request. */
  goesOver(line: Line): void {
    this.#line = line
  }

  /** Ends the exchange without a result: the caller was interrupted. */
  cancel(): void {
    if (this.#over()) this.#abort("the request was interrupted")
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, it leaves the connection to the next request; `abort` would end it.
    if (this.#isOver) throw new Aborted("the request was interrupted")
    this.#controller = controller
    this.#isReused = this.#line?.carry() ?? false
    this.#queue?.start(this)
    this.#sent = performance.now()
    this.#onConnected?.()
    this.#wait(this.#timeout)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: ParsedHeaders): void {
    if (status < 200 || this.#isOver) return
    if (this.#line?.answers.isRepeated(headers) === true) return controller.abort(new RepeatedAnswer())
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
    if (this.#status === undefined) {
      return this.#end(this.#failed(new Aborted("the connection ended without a response")))
    }
    const coding = this.#size === 0 ? undefined : this.#headers["content-encoding"]
    if (coding === undefined) this.#end(this.#received(this.#status, this.#chunks))
    else this.#decode(this.#status, String(coding))
  }

  onResponseError(_: Dispatcher.DispatchController | null, cause: Error): void {
    this.#release()
    this.#end(
      cause instanceof ProxyRefusal
        ? Effect.fail(new Transport.ProxyRefused({ httpStatus: undefined, status: cause.status, proxy: cause.proxy }))
        : this.#failed(cause)
    )
  }

  /** The time to wait for a connection, or for the response, is up. */
  timeUp(): void {
    const left = this.#controller === undefined ? this.queueEnd - performance.now() : 0
    if (left >= 1) this.#wait(left)
    else this.#giveUp()
  }

  /** A blocked event loop fires the timer late, with the response already in the socket: reads all of that first. */
  #giveUp(): void {
    const { controller, size, status } = this.#progress()
    setImmediate(() => {
      if (this.#isOver) return
      const now = this.#progress()
      // Sent in the meantime: a new timer runs.
      if (now.controller !== controller) return
      if (now.size !== size || now.status !== status) return this.#giveUp()
      this.#end(Effect.fail(new Transport.TimedOut({ httpStatus: undefined, ...this.#begun(), phase: this.#phase() })))
      this.#abort("the request took too long")
    })
  }

  #progress() {
    return { controller: this.#controller, size: this.#size, status: this.#status }
  }

  /** Lets the timer run for so many milliseconds from now. */
  #wait(millis: number): void {
    if (this.#timer !== undefined && this.#timerMillis === millis) {
      this.#timer.refresh()
      return
    }
    clearTimeout(this.#timer)
    this.#timerMillis = millis
    this.#timer = millis <= longestTimer ? setTimeout(timeUp, millis, this) : undefined
  }

  #phase(): Transport.Phase {
    if (this.#status !== undefined) return "body"
    if (this.#controller !== undefined) return "headers"
    return this.#line === undefined ? "queue" : "connect"
  }

  #decode(httpStatus: number, coding: string): void {
    const steps = codings.decodersOf(coding)
    if (steps === undefined) {
      return this.#end(Effect.fail(new Transport.UnknownCoding({ httpStatus, ...this.#begun(), known: codings.known })))
    }
    codings.decode(steps, Buffer.concat(this.#chunks), this.#maxBodyBytes, (error, bytes) => {
      if (error === null) this.#end(this.#received(httpStatus, [bytes]))
      else this.#end(codings.isTooLarge(error) ? this.#tooLarge(httpStatus) : this.#failed(error))
    })
  }

  #received(status: number, body: ReadonlyArray<Uint8Array>): Result {
    return Effect.succeed({ status, headers: joined(this.#headers), body, protocolVersion: "1.1" })
  }

  #failed(cause: Error): Result {
    return Effect.fail(
      Transport.connectionFailed(cause, {
        ...this.#begun(),
        phase: this.#phase(),
        isReusedConnection: this.#isReused
      })
    )
  }

  /** What has arrived of the response, for a failure. */
  #begun(): ReturnType<typeof Transport.begun> | undefined {
    return this.#status === undefined
      ? undefined
      : Transport.begun({ status: this.#status, headers: joined(this.#headers) })
  }

  #tooLarge(status: number): Result {
    return Effect.fail(new Transport.BodyTooLarge(Transport.begun({ status, headers: joined(this.#headers) })))
  }

  #refuseSize(status: number): void {
    this.#end(this.#tooLarge(status))
    this.#abort("the response is larger than the limit")
  }

  #refuse(reason: Aborted): void {
    this.#end(this.#failed(reason))
    this.#abort(reason.message)
  }

  #end(result: Result): void {
    if (this.#over()) this.#settle(result)
  }

  /** Closes the exchange; `false` if it was closed before. */
  #over(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    clearTimeout(this.#timer)
    // undici has nothing to end yet, and may keep it in its queue for long.
    if (this.#controller === undefined) this.#release()
    return true
  }

  #abort(reason: string): void {
    this.#controller?.abort(new Aborted(reason))
  }

  /** Leaves the queue or the connection. undici may report the end of an exchange twice. */
  #release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    if (this.#controller !== undefined) {
      const now = performance.now()
      this.#queue?.end(now - this.#sent, now)
    } else {
      this.#queue?.leave(this)
      this.#line?.abandon()
    }
    this.#inFlight.end()
  }
}

const timeUp = (exchange: UndiciExchange): void => exchange.timeUp()

/** This side ended the exchange. The message names nothing of the request. */
class Aborted extends Error {
  override readonly name = "AbortError"
  readonly code = "ABORT_ERR"
}
