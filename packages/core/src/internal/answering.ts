/** A client without HTTP, for tests: what is asked is checked, a function answers, and its answer is read. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as CheckResultRequest from "../CheckResultRequest.ts"
import type * as CloudauthError from "../CloudauthError.ts"
import type * as InitializeRequest from "../InitializeRequest.ts"
import { classify, ofBody } from "./answer.ts"
import type { Call } from "./client.ts"

/** Gives the body of an answer to a request, or fails as the service would. */
type Answering<Request> = (request: Request) => Effect.Effect<string, CloudauthError.CloudauthError>

/** What answers instead of the service, by operation. */
interface Answerings {
  readonly checkResult: Answering<CheckResultRequest.CheckResultRequest>
  readonly initialize: Answering<InitializeRequest.InitializeRequest>
}

/** Runs operations on what answers. */
export const call =
  ({ checkResult, initialize }: Answerings): Call =>
  (operation) =>
    Effect.fromResult(operation.query).pipe(
      Effect.flatMap(() =>
        operation.action === "CheckResult" ? checkResult(operation.request) : initialize(operation.request)
      ),
      Effect.flatMap((body) => Effect.fromResult(Result.flatMap(classify(ofBody(body)), operation.read)))
    )
