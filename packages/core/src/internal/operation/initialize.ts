/** Initialize as an operation of the client. */
import * as CheckResultRequest from "../../CheckResultRequest.ts"
import type * as Initialize from "../../Initialize.ts"
import * as InitializeRequest from "../../InitializeRequest.ts"
import * as RetryPolicy from "../../RetryPolicy.ts"
import type { Operation } from "../call/client.ts"
import { readInitialized } from "../decode/readInitialized.ts"

/**
 * A failure that leaves open whether the service had begun is not repeated: the operation is not idempotent, and a
 * second transaction could come of it. What was refused before the service acted may be.
 */
export const careful: RetryPolicy.Override = {
  transient: RetryPolicy.none.transient,
  staleConnection: RetryPolicy.none.staleConnection
}

/** One user's way through ID OCR begins. */
export const operation = (request: InitializeRequest.InitializeRequest): Operation<Initialize.Initialized> => ({
  action: InitializeRequest.action,
  version: CheckResultRequest.version,
  ids: { merchantBizId: (request as InitializeRequest.InitializeRequest | null | undefined)?.merchantBizId }, // it may be refused
  query: InitializeRequest.toQuery(request),
  read: readInitialized,
  describe: () => {},
  checked: () => undefined
})
