/**
 * A response's body as it arrives. While nobody reads, up to 64 KiB are kept and then the connection is paused; a
 * reader takes the whole, within a limit, or piece by piece, and nothing is copied. A reader that is interrupted, or that stops early, ends
 * the connection.
 */
import { type BodyTooLarge, bodyTooLarge } from "@effect-cloudauth/core/Transport"
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Aborted } from "./Aborted.ts"

/** The body did not arrive whole, or it was handed over before. */
export interface BodyFailure {
  readonly _tag: "BodyFailure"
  readonly cause: unknown
}

/** The connection that carries the response. */
export interface Connection {
  readonly pause: () => void
  readonly resume: () => void
  /** Ends the connection, or the part of it that carries this response. */
  readonly abort: (reason: Error) => void
}

const highWaterMark = 64 * 1024

const failure = (cause: unknown): Exit.Exit<never, BodyFailure> => Exit.fail({ _tag: "BodyFailure", cause })

// Readers go on in a microtask: by then the connection is free again, and their next request can take it.
const soon = Promise.resolve()

export class ResponseBody {
  readonly #connection: Connection
  /** The length that the response declares, in bytes. */
  readonly #declared: number | undefined
  #state: "arriving" | "complete" | "failed" = "arriving"
  #cause: unknown
  #received = 0
  /** What has arrived and was not handed over. */
  #chunks: Array<Uint8Array> = []
  /** Bytes in `#chunks`. */
  #kept = 0
  #paused = false
  /** What the reader of the whole accepts, in bytes; `undefined` while there is none. */
  #limit: number | undefined
  /** Tells the reader that something has changed. */
  #wake: (() => void) | undefined
  #handedOver = false

  constructor(connection: Connection, declared: number | undefined) {
    this.#connection = connection
    this.#declared = declared
  }

  /** Whether bytes may still come that nobody waits for. */
  get isUnattended(): boolean {
    return this.#state === "arriving" && this.#wake === undefined
  }

  push(chunk: Uint8Array): void {
    if (this.#state !== "arriving") return
    this.#received += chunk.byteLength
    if (this.#received > (this.#limit ?? Infinity)) {
      this.abort(new Aborted("The response is larger than the limit"))
    } else if (this.#received > (this.#declared ?? Infinity)) {
      this.abort(new Aborted("The response is longer than it declares"))
    } else {
      this.#chunks.push(chunk)
      if (this.#limit !== undefined) return
      this.#kept += chunk.byteLength
      if (this.#wake !== undefined) this.#notify()
      else if (this.#kept > highWaterMark && !this.#paused) {
        this.#paused = true
        this.#connection.pause()
      }
    }
  }

  complete(): void {
    if (this.#state !== "arriving") return
    this.#state = "complete"
    this.#notify()
  }

  fail(cause: unknown): void {
    if (this.#state !== "arriving") return
    this.#state = "failed"
    this.#cause = cause
    this.#notify()
  }

  /** Ends the connection where the body is still arriving. */
  abort(reason: Error): void {
    if (this.#state !== "arriving") return
    this.fail(reason)
    this.#connection.abort(reason)
  }

  /** The whole body in the pieces that came, at most `limit` bytes: past that, the connection is ended. */
  read(limit: number): Effect.Effect<ReadonlyArray<Uint8Array>, BodyFailure | BodyTooLarge> {
    return Effect.suspend(() => {
      if (this.#handedOver || this.#wake !== undefined) return alreadyRead
      if (Math.max(this.#received, this.#declared ?? 0) > limit) {
        this.abort(new Aborted("The response is larger than the limit"))
        return Exit.fail(bodyTooLarge(limit))
      }
      if (this.#state !== "arriving") return this.#outcome(limit)
      return Effect.callback<ReadonlyArray<Uint8Array>, BodyFailure | BodyTooLarge>((resume) => {
        this.#limit = limit
        this.#wake = () => resume(this.#outcome(limit))
        this.#release()
        return Effect.sync(() => this.abort(new Aborted("The request was interrupted")))
      })
    })
  }

  /** The next pieces, for a stream. */
  pull(): Effect.Effect<NonEmptyReadonlyArray<Uint8Array>, BodyFailure | Cause.Done> {
    return Effect.suspend(() => {
      if (this.#wake !== undefined) return alreadyRead
      this.#handedOver = true
      return (
        this.#pieces() ??
        Effect.callback<NonEmptyReadonlyArray<Uint8Array>, BodyFailure | Cause.Done>((resume) => {
          this.#wake = () => resume(this.#pieces() ?? this.pull())
          return Effect.sync(() => this.abort(new Aborted("The request was interrupted")))
        })
      )
    })
  }

  #pieces(): Exit.Exit<NonEmptyReadonlyArray<Uint8Array>, BodyFailure | Cause.Done> | undefined {
    const [first, ...rest] = this.#chunks
    if (first !== undefined) {
      this.#chunks = []
      this.#kept = 0
      this.#release()
      return Exit.succeed([first, ...rest])
    }
    if (this.#state === "arriving") return undefined
    return this.#state === "complete" ? Exit.fail(Cause.Done()) : failure(this.#cause)
  }

  #outcome(limit: number): Exit.Exit<ReadonlyArray<Uint8Array>, BodyFailure | BodyTooLarge> {
    this.#limit = undefined
    if (this.#received > limit) return Exit.fail(bodyTooLarge(limit))
    if (this.#state === "failed") return failure(this.#cause)
    return Exit.succeed(this.#chunks)
  }

  #release(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#connection.resume()
  }

  #notify(): void {
    const wake = this.#wake
    if (wake === undefined) return
    this.#wake = undefined
    void soon.then(wake)
  }
}

const alreadyRead = failure(new Aborted("The body was read before, or is being read"))
