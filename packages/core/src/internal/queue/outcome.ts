/** What a call's end means for the id. */
import type { CloudauthError } from "../../CloudauthError.ts"
import * as ResponseCode from "../../ResponseCode.ts"

/**
 * Whether a failure is about the id. Every other one says nothing of it, or would fail for every id.
 *
 * @category guards
 * @since 0.1.0
 */
export const concernsId = (error: CloudauthError): boolean => {
  switch (error._tag) {
    case "TransactionIdInvalid":
    case "ProcessNotCompleted":
    case "TransactionAbandoned":
    case "TransactionExpired":
      return true
    case "InvalidParameter":
      // The gateway's codes are about the action or the endpoint.
      return ResponseCode.facts(error.code, error.httpStatus ?? 0).source === "page"
    case "InvalidRequest":
      return error.path === "transactionId" || error.path === "merchantBizId"
    case "DecodeError":
      // A proxy's page is no JSON or has no Code. A result that is too large is the id's.
      return (error.path !== "" && error.path !== "Code") || error.expected.endsWith(" bytes")
    default:
      return false
  }
}

/** Whether the call was not sent because its turn would have come too late. Neither the service nor the id is at fault. */
export const isOwnQueue = (error: CloudauthError): boolean => error._tag === "CallTimeout" && error.phase === "queue"

const minute = 60_000

/** How long to leave an id alone after its `attempts`th attempt, in milliseconds: a minute, doubled each time, an hour at most. */
export const pauseAfter = (attempts: number): number => Math.min(60 * minute, minute * 2 ** Math.min(attempts - 1, 10))
