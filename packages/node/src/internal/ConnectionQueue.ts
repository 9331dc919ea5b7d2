/** The requests to one origin: which wait for a connection, and how long one more would wait. */

/** A request that waits. */
export interface Waiting {
  /** When its wait must end, in milliseconds of monotonic time. */
  readonly queueEnd: number
  /** Ends it unsent: its turn would come too late. */
  readonly refuse: (waiting: number, wait: number) => void
}

/**
 * Of so many rounds the fastest counts, and nothing is refused before there are as many: a pause of this process, such as
 * that in which it begins thousands of calls, makes the answers of two or three rounds look slow.
 */
const remembered = 4

export class ConnectionQueue {
  readonly #connections: number
  /** In the order in which they get a connection. */
  readonly #waiting = new Set<Waiting>()
  #running = 0
  /** How long the requests of this round took, together. A round is a request for each connection. */
  #taken = 0
  #measured = 0
  /** The average of each of the latest rounds, in milliseconds. */
  readonly #rounds: Array<number> = []
  /** How long a connection is taken by a request, in milliseconds; `undefined` until that is known. */
  #answerTime: number | undefined
  /** The answer time by which the queue was last looked through. */
  #looked = 0

  constructor(connections: number) {
    this.#connections = connections
  }

  /** Lets a request wait, or refuses it. */
  join(request: Waiting, now: number): boolean {
    const wait = this.#wait(this.#waiting.size)
    if (now + wait > request.queueEnd) {
      request.refuse(this.#waiting.size, wait)
      return false
    }
    this.#waiting.add(request)
    return true
  }

  /** A request got a connection. */
  start(request: Waiting): void {
    this.#waiting.delete(request)
    this.#running++
  }

  /** A request ended before it got one. */
  leave(request: Waiting): void {
    this.#waiting.delete(request)
  }

  /** A request leaves its connection after `taken` milliseconds. */
  end(taken: number, now: number): void {
    this.#running--
    this.#taken += taken
    if (++this.#measured === this.#connections) this.#endRound(now)
  }

  #endRound(now: number): void {
    this.#rounds.push(this.#taken / this.#measured)
    this.#taken = 0
    this.#measured = 0
    if (this.#rounds.length < remembered) return
    if (this.#rounds.length > remembered) this.#rounds.shift()
    this.#answerTime = Math.min(...this.#rounds)
    if (this.#answerTime > this.#looked * 1.25) this.#refuseLate(now, this.#answerTime)
  }

  /** How long a request waits with so many before it, in milliseconds. */
  #wait(ahead: number): number {
    const turns = ahead + 1 + this.#running - this.#connections
    return this.#answerTime === undefined || turns <= 0 ? 0 : (turns * this.#answerTime) / this.#connections
  }

  /** Looks through those that began to wait when the answers were faster, or not measured yet. */
  #refuseLate(now: number, answerTime: number): void {
    this.#looked = answerTime
    let ahead = 0
    for (const request of this.#waiting) {
      const wait = this.#wait(ahead)
      if (now + wait <= request.queueEnd) ahead++
      else {
        this.#waiting.delete(request)
        request.refuse(ahead, wait)
      }
    }
  }
}
