/** Initialize as an operation of the client. */
import type * as Effect from "effect/Effect"
import type * as CloudauthError from "../CloudauthError.ts"
import * as Initialize from "../Initialize.ts"
import * as InitializeRequest from "../InitializeRequest.ts"
import * as RetryPolicy from "../RetryPolicy.ts"
import { Attribute } from "../Telemetry.ts"
import type { Call } from "./client.ts"

/** Initializes once. */
export type Run = (
  request: InitializeRequest.InitializeRequest,
  retry: RetryPolicy.Override | undefined
) => Effect.Effect<Initialize.Initialized, CloudauthError.CloudauthError>

/**
 * A failure of which nobody knows whether the service had begun is not repeated: the operation is not idempotent, and a
 * second transaction could come of it. What was refused before the service acted may be.
 */
const careful: RetryPolicy.Override = { transient: RetryPolicy.none.transient }

/** Initializes, through a client. */
export const run =
  (call: Call): Run =>
  (request, retry) =>
    call(
      {
        action: InitializeRequest.action,
        query: InitializeRequest.toQuery(request),
        ids: { merchantBizId: request.merchantBizId },
        read: Initialize.toResult,
        describe: (span, { requestId }) => {
          if (requestId !== undefined) span.attribute(Attribute.requestId, requestId)
        },
        checked: () => undefined
      },
      retry === undefined ? careful : { ...careful, ...retry }
    )
