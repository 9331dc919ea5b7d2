/**
 * What answers say of this machine's clock. Requests are dated, and keys expire, by the server's.
 *
 * The rule for an answer that was not refused for its date: its `Date` counts if it has a request id, so that it came
 * from the service; if no cache kept it (`Age`); and if it is off by 4 minutes or more, but not by more than a day,
 * however the seconds of the exchange are split between the two directions. The service allows 15 minutes.
 */
import type * as CloudauthError from "../../CloudauthError.ts"
import type * as Transport from "../../Transport.ts"
import { httpDate } from "../decode/serverText.ts"
import type { Client } from "./client.ts"

/** Smaller differences do no harm, and can come from a slow network. */
const matters = 4 * 60_000

/** The service refuses a clock that is off by more, so an accepted request with such a `Date` has a wrong `Date`. */
const day = 86_400_000

/** An answer, and when it came. */
export interface Answer {
  readonly headers: Transport.Response["headers"]
  readonly requestId: string | undefined
  /** This machine's clock, in milliseconds since 1970. */
  readonly receivedAt: number
  /** How long the exchange took, in milliseconds. */
  readonly took: number
}

/** Takes the server's time from an answer, if the difference matters. */
export const learn = (client: Client, { headers, receivedAt, requestId, took }: Answer): void => {
  if (requestId === undefined) return
  // Without a usable Date, that the request's own date was accepted says enough.
  const used = client.skew ?? 0
  client.skew = used
  const date = httpDate(headers["date"])
  if (date === undefined || headers["age"] !== undefined) return
  // The Date is a whole second at some time between sending and receiving.
  const least = date - receivedAt
  const most = least + took + 1000
  if (Math.abs(least) > day) return
  if (used < least - matters || used > most + matters) client.skew = least
}

/** Takes the server's time from a refusal of a request's date, which was computed with the skew `used`. */
export const correct = (client: Client, { skew }: CloudauthError.ClockSkewed, used: number): void => {
  if (skew === undefined) return
  // If the Date says what this request already used, it is wrong: then this machine's own clock may be right.
  const isUseless = used !== 0 && Math.abs(skew - used) < matters
  if (!isUseless) client.skew = skew
  // Another call may have learned better meanwhile.
  else if (client.skew === used) client.skew = 0
}
