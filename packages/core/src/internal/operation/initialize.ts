/** Initialize as an operation of the client. */
import * as CheckResultRequest from "../../CheckResultRequest.ts"
import type * as Initialize from "../../Initialize.ts"
import * as InitializeRequest from "../../InitializeRequest.ts"
import * as RetryPolicy from "../../RetryPolicy.ts"
import type { Operation } from "../call/client.ts"
import { readInitialized } from "../decode/readInitialized.ts"

/**
 * Does not retry a failure after which the service may have begun a transaction: the operation is not idempotent, so a
 * retry could begin a second one. Retries what the service refused before it acted.
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
