import type { Budget } from "../../RetryPolicy.ts"

/** The tokens of a budget, shared by all calls of a client. */
export class RetryTokens {
  #tokens: number | undefined
  #at = 0

  /** Takes a token, if there is one. `now` is in milliseconds of monotonic time. */
  take(budget: Budget | undefined, now: number): boolean {
    if (budget === undefined) return true
    const earned = this.#tokens === undefined ? budget.capacity : ((now - this.#at) / 1000) * budget.refillPerSecond
    const tokens = Math.min(budget.capacity, (this.#tokens ?? 0) + earned)
    this.#at = now
    this.#tokens = tokens >= 1 ? tokens - 1 : tokens
    return tokens >= 1
  }
}
