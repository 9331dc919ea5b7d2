import type { Budget } from "../../RetryPolicy.ts"

/** The tokens of a budget, shared by all calls of a client. */
export class RetryTokens {
  #spent = 0

  /** Takes `cost` tokens, if there are as many. */
  take({ capacity }: Budget, cost: number): boolean {
    if (this.#spent + cost > capacity) return false
    this.#spent += cost
    return true
  }

  payBack(tokens: number): void {
    this.#spent = Math.max(0, this.#spent - tokens)
  }
}
