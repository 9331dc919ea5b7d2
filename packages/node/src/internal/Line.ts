/** What is known of a connection and of what it carries. */
import { ConnectAbandoned } from "./connectErrors.ts"
import type { Dial, Done, Target } from "./dial.ts"
import { RepeatedAnswers } from "./RepeatedAnswers.ts"
import { ResponseHeads } from "./ResponseHeads.ts"

/** A connection as an exchange sees it, through all its reconnections. */
export class Line {
  /** The responses of the present connection. */
  readonly answers = new RepeatedAnswers()
  readonly #dial: Dial
  #giveUp: ((reason: Error) => void) | undefined
  #heads: ResponseHeads | undefined
  #hasCarried = false

  constructor(dial: Dial) {
    this.#dial = dial
  }

  get isConnecting(): boolean {
    return this.#giveUp !== undefined
  }

  /** As undici wants a connector. */
  readonly connect = (target: Target, done: Done): void => {
    this.#giveUp = this.#dial(target, (...result) => {
      this.#giveUp = undefined
      if (result[1] !== null) {
        this.answers.forget()
        this.#hasCarried = false
        this.#heads = new ResponseHeads(result[1])
      }
      done(...result)
    })
  }

  /** A request goes over it now. Returns whether the connection has carried one before. */
  carry(): boolean {
    const isReused = this.#hasCarried
    this.#hasCarried = true
    this.#heads?.expect()
    return isReused
  }

  /** No request waits for the connection any more. */
  abandon(): void {
    this.#giveUp?.(new ConnectAbandoned())
  }
}
