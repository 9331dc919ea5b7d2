/** Initialize as an operation of the client. */
import type * as Initialize from "../Initialize.ts"
import * as InitializeRequest from "../InitializeRequest.ts"
import * as RetryPolicy from "../RetryPolicy.ts"
import { Attribute } from "../Telemetry.ts"
import type { Operation } from "./client.ts"
import { fromSuccess } from "./readInitialized.ts"

/**
 * A failure of which nobody knows whether the service had begun is not repeated: the operation is not idempotent, and a
 * second transaction could come of it. What was refused before the service acted may be.
 */
export const careful: RetryPolicy.Override = { transient: RetryPolicy.none.transient }

/** One user's way through ID OCR begins. */
export const operation = (request: InitializeRequest.InitializeRequest): Operation<Initialize.Initialized> => ({
  action: InitializeRequest.action,
  request,
  query: InitializeRequest.toQuery(request),
  read: fromSuccess,
  describe: (span, { requestId }) => {
    if (requestId !== undefined) span.attribute(Attribute.requestId, requestId)
  },
  checked: () => undefined
})
