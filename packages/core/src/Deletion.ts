/**
 * Deletes a check's data at the vendor before its 30 days are over, and keeps the proof: the operation DeleteVerifyResult.
 * Deleted data can't be restored, so store it first.
 *
 * `storeThenDelete` does both in order. The client deletes only if your program asks for it.
 *
 * From the vendor's page and SDK model (2022-08-09): the parameters, their values, and that the console shows the data
 * for up to three minutes more. Not confirmed: whether ID_OCR is among the solutions that it supports (the page's list
 * could not be read), what CheckResult answers afterwards, and what a second deletion answers. A sibling operation
 * (DeleteFaceVerifyResult) refuses the second with `NOT_DELETE_REPEATEDLY`: the effect is the same, the answer is not.
 * So a deletion whose answer was lost is **not** repeated by itself.
 *
 * @example
 * import type { CheckResult } from "@effect-cloudauth/core/CheckResult"
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Deletion from "@effect-cloudauth/core/Deletion"
 * import * as Effect from "effect/Effect"
 *
 * declare const save: (result: CheckResult) => Effect.Effect<void>
 *
 * const program = Effect.gen(function* () {
 *   const result = yield* Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" })
 *   return yield* Deletion.storeThenDelete(save(result), { transactionId: "hksb0000", deleteType: "All" })
 * })
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/delete-certification-record
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Cloudauth } from "./Cloudauth.ts"
import type { CallOptions } from "./Cloudauth.ts"
import type * as CloudauthError from "./CloudauthError.ts"
import { printable } from "./internal/decode/serverText.ts"
import { taggedError } from "./internal/errorClass.ts"
import { answerWith } from "./internal/operation/answerWith.ts"
import * as parameters from "./internal/operation/parameters.ts"
import * as Operation from "./Operation.ts"
import * as Options from "./Options.ts"
import { DeleteType, Tombstone, Tombstones, type TombstonesError } from "./Tombstones.ts"
import * as TransactionId from "./TransactionId.ts"
import * as Wire from "./Wire.ts"

export { DeleteType } from "./Tombstones.ts"

/**
 * What is deleted.
 *
 * @category models
 * @since 0.1.0
 */
export interface Request {
  /** The id that Initialize returned and your server stored. */
  readonly transactionId: TransactionId.Input
  readonly deleteType: DeleteType
  /**
   * Whether the service refuses to delete a result that CheckResult never fetched. Default `true`, so that you can't delete a
   * result that you don't have. The service's own default is `false`.
   */
  readonly deleteAfterQuery?: boolean | undefined
}

/**
 * What the service has confirmed. It holds nothing of a person.
 *
 * @category models
 * @since 0.1.0
 */
export const Deleted = Schema.TaggedStruct("Deleted", {
  /** The vendor's id of the request, for its support. */
  requestId: Schema.UndefinedOr(Schema.String).annotate({
    description: "The vendor's id of the request, for its support."
  }),
  deleteType: DeleteType.annotate({ description: "What was deleted." })
})
export interface Deleted extends Schema.Schema.Type<typeof Deleted> {}

/**
 * Why a deletion is not confirmed.
 *
 * - `NotQueried`: CheckResult has not fetched the result.
 * - `AlreadyDeleted`: it was deleted before.
 * - `OtherTransaction`: the answer names another transaction than the request.
 * - `Refused`: the service says no, and not why.
 * - `Unreadable`: the answer says neither yes nor no.
 *
 * The service's reasons are those of a sibling operation; for this one they could not be confirmed.
 *
 * @category models
 * @since 0.1.0
 */
export const Reason = Schema.Literals(["NotQueried", "AlreadyDeleted", "OtherTransaction", "Refused", "Unreadable"])
export type Reason = typeof Reason.Type

const advice: Readonly<Record<Reason, string>> = {
  NotQueried: "Fetch the result by checkResult and store it first, or set deleteAfterQuery to false.",
  AlreadyDeleted: "Nothing is left to delete. If the answer of an earlier deletion was lost, that one has succeeded.",
  OtherTransaction: "The answers may be out of step: count nothing as deleted, and ask again.",
  Refused:
    "Fetch the result by checkResult first, look whether it was deleted before, and ask the vendor whether your solution supports it.",
  Unreadable: "Give the request id to the vendor's support; count nothing as deleted."
}

/** What an answer says: `reason` is `undefined` if the deletion is confirmed. */
interface Facts {
  readonly reason: Reason | undefined
  readonly requestId: string | undefined
}

/**
 * The service answered, but did not confirm the deletion. Count the data as still there.
 *
 * @category errors
 * @since 0.1.0
 */
export class NotDeleted extends taggedError<NotDeleted>()(
  "NotDeleted",
  {
    reason: Reason.annotate({ description: "Why the service did not delete it." }),
    /** The vendor's id of the request, for its support. */
    requestId: Schema.UndefinedOr(Schema.String).annotate({
      description: "The vendor's id of the request, for its support."
    }),
    /** What the operator should do. */
    advice: Schema.String.annotate({ description: "What the operator should do." })
  },
  409,
  ({ advice, reason, requestId }: Facts & { readonly advice: string }) =>
    `the service did not confirm the deletion (${reason}${requestId === undefined ? "" : `, request ${requestId}`}). ${advice}`
) {}

/**
 * Deletes a transaction's data at the vendor. The client does not retry a failure after which the service may have acted
 * (`TransportError`, `CallTimeout` and the like), because a second answer would hide the first one. Then it is not known
 * whether the data is gone: call it again. `AlreadyDeleted` says that it is.
 *
 * @category operations
 * @since 0.1.0
 */
export const deleteResult = (
  request: Request,
  options?: CallOptions
): Effect.Effect<Deleted, CloudauthError.CloudauthError | NotDeleted, Cloudauth> =>
  Effect.suspend(() => {
    // Without types it can be anything; the operation refuses it then.
    const given = typeof request === "object" && request !== null ? { deleteAfterQuery: true, ...request } : request
    return Effect.flatMap(Cloudauth.call(operation(), given, options), (answer) => {
      const { reason, requestId } = factsOf(answer, given)
      return reason === undefined
        ? Effect.succeed(Deleted.make({ requestId, deleteType: given.deleteType }))
        : Effect.fail(new NotDeleted({ reason, requestId, advice: advice[reason] }))
    })
  })

/**
 * What `storeThenDelete` takes besides the request.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoreOptions extends CallOptions {
  /** Stores, and only tells what would be deleted. Default `false`. */
  readonly dryRun?: boolean | undefined
}

/**
 * What became of a deletion: confirmed now, confirmed before, or only told by a dry run.
 *
 * @category models
 * @since 0.1.0
 */
export const Outcome = Schema.Union([
  Schema.TaggedStruct("Deleted", { tombstone: Tombstone }),
  Schema.TaggedStruct("DeletedBefore", { tombstone: Tombstone }),
  Schema.TaggedStruct("WouldDelete", {
    deleteType: DeleteType.annotate({ description: "What would be deleted." })
  })
])
export type Outcome = typeof Outcome.Type

/**
 * Stores a result, and deletes it at the vendor once `store` has succeeded: a failed store deletes nothing. The deletion
 * is noted in `Tombstones` before it is sent and when it is confirmed. Fails if it is not confirmed; what is stored stays.
 *
 * @category operations
 * @since 0.1.0
 */
export const storeThenDelete = <A, E, R>(
  store: Effect.Effect<A, E, R>,
  request: Request,
  options: StoreOptions = {}
): Effect.Effect<
  Outcome,
  E | CloudauthError.CloudauthError | NotDeleted | TombstonesError,
  R | Cloudauth | Tombstones
> => Effect.andThen(store, deleteStored(request, options))

/**
 * Deletes at the vendor what is stored already, with a tombstone: the second half of `storeThenDelete`. Sends nothing if
 * a tombstone says that it is deleted.
 *
 * @category operations
 * @since 0.1.0
 */
export const deleteStored = (
  request: Request,
  options: StoreOptions = {}
): Effect.Effect<Outcome, CloudauthError.CloudauthError | NotDeleted | TombstonesError, Cloudauth | Tombstones> =>
  Effect.gen(function* () {
    const { dryRun = false, ...call } = yield* Effect.fromResult(Options.own(storeKeys, options))
    const { deleteType, transactionId } = request
    const tombstones = yield* Tombstones
    const before = (yield* tombstones.get(transactionId)).filter((tombstone) => covers(tombstone, deleteType))
    const deleted = before.find(({ deletedAt }) => deletedAt !== undefined)
    if (deleted !== undefined) return { _tag: "DeletedBefore", tombstone: deleted } as const
    if (dryRun) return { _tag: "WouldDelete", deleteType } as const
    yield* tombstones.asked(transactionId, deleteType)
    const answer = yield* Effect.result(deleteResult(request, call))
    if (Result.isSuccess(answer)) {
      const tombstone = yield* tombstones.deleted(transactionId, deleteType, answer.success.requestId)
      return { _tag: "Deleted", tombstone } as const
    }
    const error = answer.failure
    // The answer to an earlier request of ours was lost: this one says that it had succeeded.
    if (before.length === 0 || error._tag !== "NotDeleted" || error.reason !== "AlreadyDeleted") return yield* error
    const tombstone = yield* tombstones.deleted(transactionId, deleteType, error.requestId)
    return { _tag: "DeletedBefore", tombstone } as const
  })

const storeKeys: Options.Keys<StoreOptions> = { dryRun: true, retry: true }

/** Whether a tombstone is of a deletion that takes all of `deleteType`. */
const covers = (tombstone: Tombstone, deleteType: DeleteType): boolean =>
  tombstone.deleteType === "All" || tombstone.deleteType === deleteType

/** Not made by the import: few programs need it. */
const operation = () =>
  Operation.make({
    action: "DeleteVerifyResult",
    // The brand is a mark of the type alone.
    request: RequestSchema as unknown as Schema.Codec<Request, Operation.Parameters>,
    result: answer,
    reads: "Answer",
    // The SDK's model has `200` as its example; the other operations of the service say `Success`.
    successCodes: ["Success", "200"],
    rules: {
      transactionId: TransactionId.rule,
      deleteType: "Img, Text or All",
      deleteAfterQuery: "true or false"
    },
    retry: "once"
  })

const RequestSchema = Schema.Struct({
  transactionId: TransactionId.TransactionId,
  deleteType: DeleteType,
  deleteAfterQuery: parameters.yesOrNo({
    title: "DeleteAfterQuery",
    description: "Whether to delete only what CheckResult has fetched."
  })
}).pipe(
  Schema.encodeKeys({
    transactionId: "TransactionId",
    deleteType: "DeleteType",
    deleteAfterQuery: "DeleteAfterQuery"
  })
)

const answer = answerWith(
  Wire.object({
    /** `Y`: deleted; `N`: not. */
    DeleteResult: Wire.YesOrNo,
    TransactionId: Wire.Text,
    /** A sibling operation's reason for `N`. */
    FailReason: Wire.Text
  })
)

const failReasons = new Map<string, Reason>([
  ["NOT_DELETE_REPEATEDLY", "AlreadyDeleted"],
  ["NEED_QUERY_VERIFY_RESULT", "NotQueried"]
])

const factsOf = ({ fields }: typeof answer.Type, { transactionId }: Request): Facts => {
  const result = Wire.readable(fields.Result)
  const requestId = Wire.readable(fields.RequestId)
  return {
    requestId: requestId === undefined ? undefined : printable(requestId),
    reason:
      result === undefined || result.source.repeated.length > 0 ? "Unreadable" : reasonOf(result.fields, transactionId)
  }
}

type Confirmation = {
  readonly [K in "DeleteResult" | "FailReason" | "TransactionId"]?: string | boolean | Wire.Unreadable
}

const reasonOf = ({ DeleteResult, FailReason, TransactionId }: Confirmation, asked: string): Reason | undefined => {
  if (TransactionId !== undefined && TransactionId !== asked) return "OtherTransaction"
  // A yes with a reason for a no is neither.
  if (DeleteResult === true) return FailReason === undefined ? undefined : "Unreadable"
  return DeleteResult === false ? (failReasons.get(String(Wire.readable(FailReason))) ?? "Refused") : "Unreadable"
}
