/** The request of the Promise client, and how it becomes the core's. */
import {
  type CheckResultRequest,
  keys as requestKeys,
  type WithDocument
} from "@effect-cloudauth/core/CheckResultRequest"
import * as Document from "@effect-cloudauth/core/Document"
import * as Expectation from "@effect-cloudauth/core/Expectation"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type * as InitializeRequests from "@effect-cloudauth/core/InitializeRequest"
import type * as TransactionStore from "@effect-cloudauth/core/TransactionStore"
import * as Redacted from "effect/Redacted"
import { refuse } from "./refuse.ts"

/**
 * What was asked for at Initialize, with the document by its name.
 *
 * @category models
 * @since 0.1.0
 */
export interface Expect<out N extends Document.Name | undefined = Document.Name | undefined>
  extends Expectation.Expectation {
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

/**
 * A request about a stored transaction, by either of its ids. Without a document the stored one counts.
 *
 * @category models
 * @since 0.1.0
 */
export type StoredRequest<N extends Document.Name | undefined = undefined> = Omit<
  CheckResultRequest,
  "merchantBizId" | "transactionId"
> &
  TransactionStore.Which &
  About<N>

/**
 * What `initialize` takes.
 *
 * @category models
 * @since 0.1.0
 */
export interface InitializeRequest extends Omit<InitializeRequests.InitializeRequest, "callbackToken"> {
  /** What the platform adds to its call, so that `callbackHandler` knows it from a forgery. Make it random and long. */
  readonly callbackToken?: string | undefined
}

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

const withKindIn = (expect: Expect) => {
  const own = OwnOptions.ownOrThrow<Expect>(Expectation.keys, expect, "expect")
  return { ...own, document: kindOf("expect.document", own.document) }
}

const withKinds = <Asked extends About<Document.Name | undefined>>(given: Asked) => {
  const { document, expect, ...rest } = OwnOptions.ownOrThrow<About<Document.Name | undefined>>(
    requestKeys as OwnOptions.Keys<About<Document.Name | undefined>>, // more keys than these
    given
  )
  return {
    ...rest,
    document: kindOf("document", document),
    expect: expect === undefined ? undefined : withKindIn(expect)
  }
}

/** The request as the core takes it. */
export const withKind = <N extends Document.Name | undefined>(asked: Request<N>): WithDocument<KindNamed<N>> => {
  if (typeof asked !== "object" || asked === null) {
    return refuse("request", "an object with merchantBizId and transactionId")
  }
  return withKinds(asked) as unknown as WithDocument<KindNamed<N>> // `N` names these kinds
}

/** The request about a stored transaction as the core takes it. */
export const storedWithKind = <N extends Document.Name | undefined>(
  asked: StoredRequest<N>
): TransactionStore.StoredRequest<KindNamed<N>> => {
  if (typeof asked !== "object" || asked === null) {
    return refuse("request", "an object with merchantBizId or transactionId")
  }
  return withKinds(asked) as unknown as TransactionStore.StoredRequest<KindNamed<N>> // `N` names these kinds
}

/** The request of `initialize` as the core takes it. */
export const withToken = (request: InitializeRequest): InitializeRequests.InitializeRequest => {
  // The core says what it wants instead.
  if (typeof request !== "object" || request === null) return request
  const { callbackToken, ...rest } = OwnOptions.ownData(request)
  return {
    ...rest,
    ...(callbackToken === undefined ? {} : { callbackToken: Redacted.make(callbackToken, { label: "callbackToken" }) })
  }
}
