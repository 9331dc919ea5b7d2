/** A request about a stored transaction. */
import type { About, CheckResultRequest, WithDocument } from "../CheckResultRequest.ts"
import * as DocType from "../DocType.ts"
import type * as Document from "../Document.ts"

interface Stored {
  readonly transactionId: string
  readonly merchantBizId: string
  readonly docType: string | undefined
}

type Rest = Omit<CheckResultRequest, "merchantBizId" | "transactionId">

/** The ids are the store's, and so is the kind of the document unless the caller names one. */
export const requestOf = <K extends Document.Kind | undefined = undefined>(
  { docType, merchantBizId, transactionId }: Stored,
  asked: Rest & About<K>
): WithDocument<K> => {
  const rest: Rest & About<Document.Kind | undefined> = asked
  const document = rest.document ?? (docType === undefined ? undefined : DocType.kindOf(docType))
  const request = { ...rest, merchantBizId, transactionId, ...(document === undefined ? {} : { document }) }
  // The store's kind is there where the caller named none: what is read then is one of what could be inferred.
  return request as WithDocument<K>
}
