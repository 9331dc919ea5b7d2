/** The request of the Promise client, and how it becomes the core's. */
import {
  type CheckResultRequest,
  keys as requestKeys,
  type WithDocument
} from "@effect-cloudauth/core/CheckResultRequest"
import * as Document from "@effect-cloudauth/core/Document"
import type { Expectation } from "@effect-cloudauth/core/Expectation"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import { refuse } from "./clientOptions.ts"

/**
 * What was asked for at Initialize, with the document by its name.
 *
 * @category models
 * @since 0.1.0
 */
export interface Expect<out N extends Document.Name | undefined = Document.Name | undefined> extends Expectation {
  /** The document that was asked for; `documents` if there are several. */
  readonly document?: N | undefined
}

/**
 * What the result is held against: only the document's name, or all that was asked for at Initialize.
 *
 * @category models
 * @since 0.1.0
 */
export type About<N extends Document.Name | undefined> = [undefined] extends [N]
  ? { readonly document?: N | undefined; readonly expect?: Expect<N> | undefined }
  : | { readonly document: N; readonly expect?: undefined }
    | { readonly expect: Expect<N> & { readonly document: N }; readonly document?: undefined }

/**
 * The request of a call, and what its result is held against.
 *
 * @category models
 * @since 0.1.0
 */
export type Request<N extends Document.Name | undefined = undefined> = CheckResultRequest & About<N>

/** The kind of a name. */
export type KindNamed<N extends Document.Name | undefined> = N extends Document.Name
  ? (typeof Document.kinds)[N]
  : undefined

const kindOf = (path: string, name: Document.Name | undefined): Document.Kind | undefined => {
  if (name === undefined) return undefined
  return Object.hasOwn(Document.kinds, name)
    ? Document.kinds[name]
    : refuse(path, `one of ${Document.names.join(", ")}`)
}

/** The request as the core takes it. */
export const withKind = <N extends Document.Name | undefined>(asked: Request<N>): WithDocument<KindNamed<N>> => {
  if (typeof asked !== "object" || asked === null) {
    return refuse("request", "an object with merchantBizId and transactionId")
  }
  const own = OwnOptions.ownOrThrow<Request<Document.Name | undefined>>(requestKeys, asked)
  const { document, expect, ...request } = own
  const withKinds: WithDocument<Document.Kind | undefined> = {
    ...request,
    document: kindOf("document", document),
    expect: expect && { ...expect, document: kindOf("expect.document", expect.document) }
  }
  return withKinds as WithDocument<KindNamed<N>> // `N` names these kinds
}
