/** An operation of the caller's own, bound to a request. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as CheckResultRequest from "../../CheckResultRequest.ts"
import * as CloudauthError from "../../CloudauthError.ts"
import type { Operation, Parameters } from "../../Operation.ts"
import * as Options from "../../Options.ts"
import * as Wire from "../../Wire.ts"
import type * as client from "../call/client.ts"
import { readWhole } from "../decode/body.ts"
import { decodeError, type Success } from "../decode/classify.ts"

const listIssues = SchemaIssue.makeFormatterStandardSchemaV1()

const pathOf = ({ issue }: Schema.SchemaError): string =>
  (listIssues(issue).issues[0]?.path ?? []).map(String).join(".")

/**
 * The operation bound to a request.
 *
 * @category getters
 * @since 0.1.0
 */
export const bind = <I, A>(operation: Operation<I, A>, request: I): client.Operation<A> => ({
  action: operation.action,
  version: operation.version ?? CheckResultRequest.version,
  ids: {},
  query: queryOf(operation.request, request),
  read: (success) => readResult(operation.result, success),
  describe: () => {},
  checked: () => undefined
})

const queryOf = <I>(
  schema: Schema.Codec<I, Parameters>,
  request: I
): Result.Result<ReadonlyArray<readonly [string, string]>, CloudauthError.InvalidRequest> => {
  const isObject = typeof request === "object" && request !== null
  return Schema.encodeUnknownResult(schema)(isObject ? Options.ownData(request) : request, {
    onExcessProperty: "error"
  }).pipe(
    Result.mapBoth({
      onFailure: (error) =>
        CloudauthError.invalidRequest(pathOf(error) || "request", "as the operation's request schema says"),
      onSuccess: (parameters) =>
        Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
    })
  )
}

const decodeEnvelope = Schema.decodeUnknownSync(Wire.object({ Result: Schema.optionalKey(Schema.Unknown) }))

const readResult = <A>(
  schema: Schema.Codec<A, unknown>,
  { body, received, requestId }: Success
): Result.Result<A, CloudauthError.DecodeError> => {
  const { json } = (body.images.size === 0 ? undefined : readWhole(received.body)) ?? body
  return Result.mapError(Schema.decodeUnknownResult(schema)(decodeEnvelope(json).fields.Result), (error) => {
    const path = pathOf(error)
    return decodeError(received, requestId, path === "" ? "Result" : `Result.${path}`, "as the result schema says")
  })
}
