/** An operation of the caller's own, bound to a request. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as CheckResultRequest from "../../CheckResultRequest.ts"
import * as CloudauthError from "../../CloudauthError.ts"
import type { Operation, Parameters } from "../../Operation.ts"
import * as Options from "../../Options.ts"
import type * as client from "../call/client.ts"
import { contradiction, decodeError, type Success, whole } from "../decode/classify.ts"

type Query = ReadonlyArray<readonly [name: string, value: string]>

const listIssues = SchemaIssue.makeFormatterStandardSchemaV1()

const pathOf = ({ issue }: Schema.SchemaError): string =>
  (listIssues(issue).issues[0]?.path ?? []).map(String).join(".")

/**
 * The operation bound to a request.
 *
 * @category getters
 * @since 0.1.0
 */
export const bind = <I, A>(operation: Operation<I, A>, request: I): client.Operation<A> => {
  const query = queryOf(operation, request)
  return {
    action: operation.action,
    version: operation.version ?? CheckResultRequest.version,
    successCodes: operation.successCodes,
    ids: idsOf(query),
    query,
    read: (success) => readResult(operation, success),
    describe: () => {},
    checked: () => undefined
  }
}

const idsOf = (query: Result.Result<Query, unknown>): client.Ids => {
  const parameters = new Map(Result.isSuccess(query) ? query.success : [])
  return { merchantBizId: parameters.get("MerchantBizId"), transactionId: parameters.get("TransactionId") }
}

const queryOf = <I, A>(
  { request: schema, rules = {} }: Operation<I, A>,
  request: I
): Result.Result<Query, CloudauthError.InvalidRequest> => {
  const isObject = typeof request === "object" && request !== null
  return Schema.encodeUnknownResult(schema)(isObject ? Options.ownData(request) : request, {
    onExcessProperty: "error"
  }).pipe(
    Result.mapBoth({
      onFailure: (error) => {
        const path = pathOf(error) || "request"
        const rule = Object.hasOwn(rules, path) ? rules[path] : undefined
        return CloudauthError.invalidRequest(path, rule ?? "as the operation's request schema says")
      },
      onSuccess: (parameters: Parameters) =>
        Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
    })
  )
}

const readResult = <I, A>(
  { reads, result: schema }: Operation<I, A>,
  success: Success
): Result.Result<A, CloudauthError.DecodeError> => {
  const answer = whole(success)
  const { body, envelope, received, requestId } = answer
  const twice = contradiction(answer)
  if (twice !== undefined) return Result.fail(twice)
  const part = reads === "Answer" ? [] : ["Result"]
  const value = reads === "Answer" ? body.json : envelope.fields.Result
  return Result.mapError(Schema.decodeUnknownResult(schema)(value), (error) => {
    const path = [...part, pathOf(error)].filter((step) => step !== "").join(".")
    return decodeError(received, requestId, path, "as the result schema says")
  })
}
