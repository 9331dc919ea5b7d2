/** A transport for tests: functions answer instead of the service. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Canned from "../../Canned.ts"
import * as CheckResultRequest from "../../CheckResultRequest.ts"
import * as InitializeRequest from "../../InitializeRequest.ts"
import * as Transport from "../../Transport.ts"
import { within } from "../timeLimit.ts"

interface Handlers {
  readonly checkResult: (request: CheckResultRequest.CheckResultRequest) => Canned.Canned
  readonly initialize: (request: InitializeRequest.InitializeRequest) => Canned.Canned
  readonly otherOperation: Canned.OtherOperation
}

const decodeCheckResult = Schema.decodeUnknownEffect(CheckResultRequest.CheckResultRequest)
const decodeInitialize = Schema.decodeUnknownEffect(InitializeRequest.InitializeRequest)

/** Sends each request to the handler of its action. The timeout runs on Effect's clock. */
export const send =
  (handlers: Handlers): Transport.Send =>
  (request) =>
    Effect.suspend(() => {
      const parameters = Object.fromEntries(new URL(request.path, request.origin).searchParams)
      const action = request.headers["x-acs-action"] ?? ""
      // What the client has encoded can be decoded.
      if (action === InitializeRequest.action) {
        return Effect.flatMap(Effect.orDie(decodeInitialize(parameters)), handlers.initialize)
      }
      return action === CheckResultRequest.action
        ? Effect.flatMap(Effect.orDie(decodeCheckResult(parameters)), handlers.checkResult)
        : handlers.otherOperation(action, parameters)
    }).pipe((answer) =>
      within(answer, {
        millis: request.timeout,
        orElse: () => Effect.fail(new Transport.TimedOut({ httpStatus: undefined, phase: "headers" }))
      })
    )
