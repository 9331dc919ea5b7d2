/** What a stored transaction is asked, and held against. */
import type * as CheckResultRequest from "../../CheckResultRequest.ts"
import * as DocType from "../../DocType.ts"
import * as Document from "../../Document.ts"
import type * as Expectation from "../../Expectation.ts"
import type { InitializeRequest } from "../../InitializeRequest.ts"
import type { StoredTransaction } from "./store.ts"

/** What is expected of a document whose code is all that is known. */
export const expectationOfDocType = (docType: string | undefined): Expectation.Expectation => {
  const kind = docType === undefined ? undefined : DocType.kindOf(docType)
  const name = kind === undefined ? undefined : Document.nameOf(kind)
  return name === undefined ? {} : { documents: [name] }
}

/** What Initialize asks for, as its result will be held against it. */
export const expectationOf = (
  { docType, editOcrResult = true, idSpoof = false, pages, showOcrResult = true }: InitializeRequest,
  region: string | undefined,
  startedAt: number
): Expectation.Expectation => ({
  ...expectationOfDocType(docType),
  idSpoof,
  ...(pages === undefined ? {} : { pages: pages === "01" ? "front" : "frontAndBack" }),
  isEditable: showOcrResult && editOcrResult,
  ...(region === undefined ? {} : { region }),
  startedAt: Math.trunc(startedAt)
})

/** Whether a client of `region` can ask for a stored transaction: the service knows it in one region only. */
export const isInRegion = (
  { expectation }: Pick<StoredTransaction, "expectation">,
  region: string | undefined
): boolean => expectation.region === undefined || region === undefined || expectation.region === region

type Rest = Omit<CheckResultRequest.CheckResultRequest, "merchantBizId" | "transactionId">

/**
 * The ids are the store's, and so is the expectation; a document that the caller names replaces the stored one. If it is not
 * known when the transaction began, it had begun when it was stored.
 */
export const requestOf = <K extends Document.Kind | undefined = undefined>(
  {
    createdAt,
    expectation: known,
    merchantBizId,
    transactionId
  }: Pick<StoredTransaction, "createdAt" | "expectation" | "merchantBizId" | "transactionId">,
  asked: Rest & CheckResultRequest.About<K>
): CheckResultRequest.WithDocument<K> => {
  const { document, expect, ...rest }: Rest & CheckResultRequest.About<Document.Kind | undefined> = asked
  const kind = document ?? expect?.document
  const expectation = { startedAt: Math.trunc(createdAt), ...known }
  const { documents: _, ...withoutDocuments } = expectation
  const stored = kind === undefined ? expectation : withoutDocuments
  const request = {
    ...rest,
    merchantBizId,
    transactionId,
    expect: { ...stored, ...expect, ...(kind === undefined ? {} : { document: kind }) }
  }
  // The kind is the caller's, or the store's: what is read then is one of what could be inferred.
  return request as unknown as CheckResultRequest.WithDocument<K>
}

/** Since when a transaction's result waits to be collected. */
export const waitsSince = ({ createdAt, notifiedAt }: Pick<StoredTransaction, "createdAt" | "notifiedAt">): number =>
  notifiedAt ?? createdAt

/** Since when the oldest waits. */
export const oldestOf = (pending: ReadonlyArray<StoredTransaction>): number | undefined =>
  pending.length === 0 ? undefined : Math.min(...pending.map(waitsSince))
