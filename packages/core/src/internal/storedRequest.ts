/** A request about a stored transaction. */
import type { UntypedRequest } from "../Cloudauth.ts"
import type { CheckResultRequest } from "../CheckResultRequest.ts"
import * as DocType from "../DocType.ts"
import type * as Document from "../Document.ts"

interface Stored {
  readonly transactionId: string
  readonly merchantBizId: string
  readonly docType: string | undefined
}

type Rest = Omit<CheckResultRequest, "merchantBizId" | "transactionId"> & {
  readonly document?: Document.Kind | undefined
}

/**
 * The ids are the store's, and so is the kind of the document unless the caller names one. Its type says that none is
 * named: the overloads of what is asked with it say what a caller who names one gets.
 */
export const requestOf = ({ docType, merchantBizId, transactionId }: Stored, rest: Rest): UntypedRequest => {
  const document = rest.document ?? (docType === undefined ? undefined : DocType.kindOf(docType))
  const request = { ...rest, merchantBizId, transactionId, ...(document === undefined ? {} : { document }) }
  return request as UntypedRequest
}
