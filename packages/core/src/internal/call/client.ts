/** What the calls of a client share, and what one call learns on its way. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Result from "effect/Result"
import * as Tracer from "effect/Tracer"
import type { CheckResult } from "../../CheckResult.ts"
import * as CloudauthError from "../../CloudauthError.ts"
import * as Credentials from "../../Credentials.ts"
import type * as Document from "../../Document.ts"
import * as Endpoint from "../../Endpoint.ts"
import * as Quota from "../../Quota.ts"
import * as RetryPolicy from "../../RetryPolicy.ts"
import { SignatureCrypto } from "../../SignatureCrypto.ts"
import * as Telemetry from "../../Telemetry.ts"
import * as Transport from "../../Transport.ts"
import type { Success } from "../decode/classify.ts"
import * as quota from "../quota/settings.ts"
import type { Pairs } from "./canonicalRequest.ts"
import * as otherTracers from "./otherTracers.ts"
import * as spanStart from "./spanStart.ts"

export interface Options extends Endpoint.Options {
  readonly maxBodyBytes?: number | undefined
  readonly strictRequestId?: boolean | undefined
  readonly quota?: "none" | number | Quota.Options | undefined
  readonly account?: string | undefined
  /** A test's functions answer: retries come at once, and the emulator's ids are allowed. */
  readonly isTest?: boolean
}

/** What the calls of a client share. */
export interface Client {
  readonly endpoint: Endpoint.Endpoint
  readonly send: Transport.Send
  readonly credentials: Credentials.Credentials["Service"]
  readonly crypto: SignatureCrypto
  readonly policy: RetryPolicy.RetryPolicy
  readonly observer: Telemetry.Observer | undefined
  readonly maxBodyBytes: number
  readonly strictRequestId: boolean
  /** `undefined` if the client has no quota. */
  readonly quota: quota.Settings | undefined
  readonly quotas: Quota.Quotas
  readonly isTest: boolean
  readonly spanStarts: spanStart.SpanStarts
  /** How many tokens of the retry budget are spent. */
  spentTokens: number
  /** The server's clock minus this machine's, in milliseconds, as last learned; `undefined` before the first answer. */
  skew: number | undefined
  /** The credential that the service refused last, as expired. */
  refused: Credentials.Credential | undefined
}

/** The ids of a request, for spans that may show them. */
export interface Ids {
  readonly merchantBizId?: string | undefined
  readonly transactionId?: string | undefined
}

/** An operation of the service, bound to a request: what to send, and how to read the response. */
export interface Operation<A> {
  /** The action's name, for example `CheckResult`. */
  readonly action: string
  /** The version of the API. */
  readonly version: string
  /** The codes that say success. Default: `Success`. */
  readonly successCodes?: ReadonlyArray<string> | undefined
  readonly ids: Ids
  /** The parameters, or why the request is refused. A refused call fails unsent, and shows in spans like any other. */
  readonly query: Result.Result<Pairs, CloudauthError.InvalidRequest>
  readonly read: (success: Success) => Result.Result<A, CloudauthError.CloudauthError>
  /** Adds the result's non-personal facts to the span. */
  readonly describe: (span: Tracer.Span, value: A) => void
  /** The result as observers see it, if it is a check's. */
  readonly checked: (value: A) => CheckResult<Document.Reading> | undefined
}

/** One call: its settings, and what it learns on its way. */
export interface Call {
  readonly client: Client
  readonly action: string
  readonly version: string
  /** The codes that say success; `undefined` for `Success` alone. */
  readonly successCodes: ReadonlyArray<string> | undefined
  readonly clock: Clock.Clock
  readonly policy: RetryPolicy.RetryPolicy
  readonly observer: Telemetry.Observer | undefined
  /** The calling fiber's. */
  readonly context: Context.Context<never>
  /** The queue for the account's quota; `undefined` if the client has none. */
  readonly lane: Quota.Lane | undefined
  /** Whether an exporter can see spans. */
  readonly isTraced: boolean
  readonly spanIds: Telemetry.SpanIds
  readonly propagatesTrace: boolean
  /** The span of the operation. */
  span: Tracer.Span | undefined
  /** The credential of the latest attempt: the one to invalidate if the server says that it has expired. */
  credential: Credentials.Credential | undefined
  /** How many attempts were sent. */
  attempts: number
}

/** 16 MiB. */
const defaultMaxBodyBytes = 16 * 1024 * 1024

/** Reads a client's parts from the layer's context. */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Client, CloudauthError.InvalidRequest, Transport.Transport | Credentials.Credentials> {
  const maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1) {
    return yield* CloudauthError.invalidRequest("maxBodyBytes", "a whole number of bytes above 0")
  }
  const { network, region, strictRequestId = false, url } = options
  if (typeof strictRequestId !== "boolean") {
    return yield* CloudauthError.invalidRequest("strictRequestId", "true or false")
  }
  const endpoint = yield* Effect.fromResult(Endpoint.make({ region, network, url }))
  if (options.isTest !== true) yield* otherTracers.ofRequests(endpoint)
  return {
    endpoint,
    send: (yield* Transport.Transport).send,
    credentials: yield* Credentials.Credentials,
    crypto: yield* SignatureCrypto,
    policy: yield* RetryPolicy.RetryPolicy,
    observer: yield* Telemetry.Observer,
    maxBodyBytes,
    strictRequestId,
    quota: options.isTest === true ? undefined : yield* Effect.fromResult(quota.check(options, endpoint)),
    quotas: yield* Quota.Quotas,
    isTest: options.isTest ?? false,
    spanStarts: spanStart.make(endpoint),
    spentTokens: 0,
    skew: undefined,
    refused: undefined
  }
})

/** The settings of a call: the fiber's first, then the client's. */
export const begin = (
  client: Client,
  { action, successCodes, version }: Pick<Operation<unknown>, "action" | "successCodes" | "version">,
  override: RetryPolicy.Override | undefined,
  fiber: Fiber.Fiber<unknown, unknown>
): Call => {
  const policy = Context.getOrUndefined(fiber.context, RetryPolicy.RetryPolicy) ?? client.policy
  const quotas = Context.getOrUndefined(fiber.context, Quota.Quotas) ?? client.quotas
  const clock = fiber.getRef(Clock.Clock)
  return {
    client,
    action,
    version,
    successCodes,
    clock,
    policy: override === undefined ? policy : { ...policy, ...override },
    observer: Context.getOrUndefined(fiber.context, Telemetry.Observer) ?? client.observer,
    context: fiber.context,
    lane: client.quota && quotas.lane(client.quota.owner, action, clock),
    isTraced: isTraced(fiber),
    spanIds: fiber.getRef(Telemetry.SpanIds),
    propagatesTrace: fiber.getRef(Telemetry.PropagateTrace),
    span: undefined,
    credential: undefined,
    attempts: 0
  }
}

/** Effect's native tracer keeps its spans to itself, so making them would only cost time. */
export const isTraced = (fiber: Fiber.Fiber<unknown, unknown>): boolean =>
  fiber.cache.tracerEnabled && fiber.getRef(Tracer.Tracer) !== Tracer.nativeTracer
