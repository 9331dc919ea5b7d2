/** The token of the admin API. */
import { createHmac, timingSafeEqual } from "node:crypto"

/** Why a token is refused; `undefined` for a good one. */
export const refusal = (token: string): string | undefined =>
  /^[\x21-\x7e]{16,}$/.test(token) ? undefined : "adminToken must be at least 16 visible ASCII characters."

/** A right that the token's owner gives away for one transaction. The token can't be had from it. */
export const keyOf = (token: string, transactionId: string): string =>
  createHmac("sha256", token).update(transactionId).digest("hex").slice(0, 32)

/** Compares in constant time. */
export const sameText = (one: string, other: string): boolean => {
  const left = Buffer.from(one)
  const right = Buffer.from(other)
  return left.length === right.length && timingSafeEqual(left, right)
}
