/** Counts the requests under way, so that a transport can let them end before it closes. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

export class TransportClosed extends Error {
  override readonly name = "TransportClosed"
  readonly code = "ERR_TRANSPORT_CLOSED"
  constructor() {
    super("The transport was closed before this request")
  }
}

export class InFlight {
  #count = 0
  #isClosing = false
  readonly #idle = Deferred.makeUnsafe<void>()

  /** Whether requests are refused. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  begin(): void {
    this.#count++
  }

  end(): void {
    this.#count--
    this.#settle()
  }

  /** Refuses further requests and waits for those under way, at most `limit` milliseconds. */
  drain(limit: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.#isClosing = true
      this.#settle()
      return Effect.asVoid(Effect.timeoutOption(Deferred.await(this.#idle), limit))
    })
  }

  #settle(): void {
    if (this.#isClosing && this.#count === 0) Deferred.doneUnsafe(this.#idle, Effect.void)
  }
}
