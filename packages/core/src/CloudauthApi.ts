/**
 * An `HttpApi` group for your backend: begin a verification, read its state, read its result without the person.
 *
 * Every transaction has an owner, whom your own middleware sets; a route answers 404 to another caller. No schema of the
 * group can hold a person's data.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as CloudauthApi from "@effect-cloudauth/core/CloudauthApi"
 * import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
 * import * as Effect from "effect/Effect"
 * import * as HttpApi from "effect/http-api/HttpApi"
 * import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
 * import * as Layer from "effect/Layer"
 *
 * declare const sessionUser: Effect.Effect<string>
 *
 * const Api = HttpApi.make("backend").add(CloudauthApi.group)
 *
 * const ownership = Layer.succeed(CloudauthApi.Ownership, (route) =>
 *   Effect.flatMap(sessionUser, (id) => Effect.provideService(route, CloudauthApi.Owner, { id, merchantUserId: id }))
 * )
 *
 * const routes = HttpApiBuilder.layer(Api).pipe(Layer.provide(CloudauthApi.layer(Api)), Layer.provide(ownership))
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { CheckResult } from "./CheckResult.ts"
import * as CloudauthError from "./CloudauthError.ts"
import * as DocType from "./DocType.ts"
import * as Document from "./Document.ts"
import { taggedError } from "./internal/errorClass.ts"
import { MerchantBizId } from "./MerchantBizId.ts"
import * as Options from "./Options.ts"
import { type StoredTransaction, TransactionStore } from "./TransactionStore.ts"
import { InitializedNotStored, MerchantBizIdTaken, TransactionStoreError } from "./TransactionStoreError.ts"

/**
 * Who is calling, as your middleware knows it.
 *
 * @category services
 * @since 0.1.0
 */
export class Owner extends Context.Service<
  Owner,
  {
    /** Your id of the user or the session; stored with the transaction. */
    readonly id: string
    /** What the vendor gets as `MerchantUserId`: a hash of your user's id. */
    readonly merchantUserId: string
  }
>()("@effect-cloudauth/core/CloudauthApi/Owner") {}

/**
 * The middleware that says who is calling. Your application implements it, by its session for example, and fails with
 * `HttpApiError.Unauthorized` (401) if it does not know the caller.
 *
 * @category middleware
 * @since 0.1.0
 */
export class Ownership extends HttpApiMiddleware.Service<Ownership, { provides: Owner }>()(
  "@effect-cloudauth/core/CloudauthApi/Ownership",
  { error: HttpApiError.UnauthorizedNoContent }
) {}

/**
 * No such verification, or it is another caller's: both answer alike.
 *
 * @category errors
 * @since 0.1.0
 */
export class VerificationNotFound extends taggedError<VerificationNotFound>()(
  "VerificationNotFound",
  {},
  404,
  () => "there is no such verification."
) {}

/**
 * A verification that has begun. The URL and the protocol are this user's alone: don't log them.
 *
 * @category models
 * @since 0.1.0
 */
export const Begun = Schema.Struct({
  id: MerchantBizId.annotate({ title: "Id of the verification" }),
  url: Schema.optional(Schema.String.annotate({ description: "Where the user's browser goes next; for the web." })),
  protocol: Schema.optional(Schema.String.annotate({ description: "What the app's SDK takes to begin." }))
}).annotate({ identifier: "VerificationBegun" })

/**
 * The state of a verification.
 *
 * @category models
 * @since 0.1.0
 */
export const State = Schema.Struct({
  id: MerchantBizId,
  state: Schema.Literals(["waiting", "finished", "collected", "ended"]).annotate({
    description:
      "waiting: the user has not finished; finished: the result can be read; collected: it has been read; ended: there is none, begin again."
  }),
  /** Milliseconds since 1970. */
  startedAt: Schema.Finite.annotate({ description: "Milliseconds since 1970." })
}).annotate({ identifier: "VerificationState" })

const params = { id: MerchantBizId }

/**
 * The group: `POST /verifications`, `GET /verifications/:id`, `GET /verifications/:id/result`.
 *
 * @category api
 * @since 0.1.0
 */
export const group = HttpApiGroup.make("cloudauth")
  .add(
    HttpApiEndpoint.post("begin", "/verifications", {
      payload: Schema.Struct({
        document: Schema.Literals(DocType.confirmedNames).annotate({ description: "Which document the user shows." }),
        metaInfo: Schema.optional(
          Schema.NonEmptyString.annotate({ description: "What the client SDK's getMetaInfo returned, unchanged." })
        )
      }),
      success: Begun,
      error: [...CloudauthError.CloudauthError.members, MerchantBizIdTaken, InitializedNotStored, TransactionStoreError]
    }),
    HttpApiEndpoint.get("state", "/verifications/:id", {
      params,
      success: State,
      error: [VerificationNotFound, TransactionStoreError]
    }),
    HttpApiEndpoint.get("result", "/verifications/:id/result", {
      params,
      success: CheckResult.View,
      error: [...CloudauthError.CloudauthError.members, VerificationNotFound, TransactionStoreError]
    })
  )
  .middleware(Ownership)
  .annotateMerge(OpenApi.annotations({ title: "ID verification" }))

/**
 * The options of the handlers.
 *
 * @category models
 * @since 0.1.0
 */
export interface HandlerOptions {
  /** Whether the document is checked for forgery. Default: true. */
  readonly idSpoof?: boolean | undefined
  /** Where the platform calls when the user is done; see `Callback`. */
  readonly callbackUrl?: string | undefined
  /** The token that the platform adds to its call. */
  readonly callbackToken?: Redacted.Redacted | undefined
  /** Where the user's browser goes at the end. */
  readonly returnUrl?: string | undefined
}

const keys: Options.Keys<HandlerOptions> = { idSpoof: true, callbackUrl: true, callbackToken: true, returnUrl: true }

type Group = typeof group

/**
 * The handlers of the group in your API, over `Cloudauth` and `TransactionStore`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = <ApiId extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<ApiId, Groups>,
  options: HandlerOptions = {}
) => {
  const settings = Options.ownOrThrow(keys, options)
  // An API that has the group among others; the builder looks only at it.
  const withGroup = api as unknown as HttpApi.HttpApi<ApiId, Group>
  return HttpApiBuilder.group(withGroup, "cloudauth", (handlers) =>
    handlers
      .handle("begin", ({ payload }) => begin(payload, settings))
      .handle("state", ({ params: { id } }) => Effect.map(owned(id), toState))
      .handle("result", ({ params: { id } }) =>
        owned(id).pipe(
          Effect.flatMap(({ transactionId }) => TransactionStore.checkStored({ transactionId })),
          Effect.catchTag("TransactionNotStored", () => Effect.fail(new VerificationNotFound({}))),
          Effect.map(CheckResult.view)
        )
      )
  )
}

const begin = Effect.fnUntraced(function* (
  { document, metaInfo }: { readonly document: Document.Name; readonly metaInfo?: string | undefined },
  { callbackToken, callbackUrl, idSpoof = true, returnUrl }: HandlerOptions
) {
  const owner = yield* Owner
  const id = yield* MerchantBizId.unique
  const [docType = ""] = DocType.codesOf(Document.kinds[document]).toReversed()
  const initialized = yield* TransactionStore.initialize(
    {
      merchantBizId: id,
      merchantUserId: owner.merchantUserId,
      docType,
      idSpoof,
      ...(metaInfo === undefined ? {} : { metaInfo }),
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
      ...(callbackToken === undefined ? {} : { callbackToken }),
      ...(returnUrl === undefined ? {} : { returnUrl })
    },
    { owner: owner.id }
  )
  return {
    id,
    url: initialized.transactionUrl && Redacted.value(initialized.transactionUrl),
    protocol: initialized.protocol && Redacted.value(initialized.protocol)
  }
})

/** The caller's own transaction: another caller's is not found. */
const owned = Effect.fnUntraced(function* (id: string) {
  const owner = yield* Owner
  const store = yield* TransactionStore
  const [stored] = yield* store.byMerchantBizId(id)
  return stored?.owner === owner.id ? stored : yield* new VerificationNotFound({})
})

const toState = (stored: StoredTransaction): typeof State.Type => ({
  id: MerchantBizId.make(stored.merchantBizId),
  state: stateOf(stored),
  startedAt: stored.createdAt
})

const stateOf = ({ collectedAt, endedAt, notifiedAt }: StoredTransaction): typeof State.Type.state => {
  if (collectedAt !== undefined) return "collected"
  if (endedAt !== undefined) return "ended"
  return notifiedAt === undefined ? "waiting" : "finished"
}
