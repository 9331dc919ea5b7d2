/**
 * The Promise client with everything inside: no peer dependency, no type of Effect's. It is `@effect-cloudauth/node/Client`,
 * bundled, so that it stands beside any version of Effect, or none.
 *
 * @example
 * import { createClient, Decision, DecisionPolicy, DocType, reveal } from "@effect-cloudauth/client"
 *
 * await using client = createClient({ region: "cn-hongkong", store: "memory" })
 *
 * const { transactionUrl } = await client.initialize({
 *   merchantBizId: "order1",
 *   merchantUserId: "5e884898da28047151d0e56f8dc6292773603d0d",
 *   docType: DocType.GlobalPassport
 * })
 * console.log("send the user to", reveal(transactionUrl))
 *
 * const result = await client.awaitStored({ merchantBizId: "order1" })
 * console.log(Decision.of(DecisionPolicy.standard, result)._tag)
 *
 * @since 0.1.0
 */
import * as AllAssessment from "@effect-cloudauth/core/Assessment"
import * as AllDecision from "@effect-cloudauth/core/Decision"
import * as AllPolicy from "@effect-cloudauth/core/DecisionPolicy"
import * as AllDocTypes from "@effect-cloudauth/core/DocType"
import * as AllVerdict from "@effect-cloudauth/core/Verdict"

export {
  AccountAccessDenied,
  CallTimeout,
  ClientClosed,
  ClockSkewed,
  createClient,
  CredentialsError,
  DecodeError,
  InitializedNotStored,
  InvalidAccessKey,
  InvalidParameter,
  InvalidRequest,
  MerchantBizIdTaken,
  MissingParameter,
  nodeHandler,
  ProcessNotCompleted,
  ProxyRefused,
  RamUserAccessDenied,
  reveal,
  SecurityTokenExpired,
  ServiceDown,
  ServiceFailed,
  SignatureRejected,
  Throttled,
  TransactionAbandoned,
  TransactionConflict,
  TransactionExpired,
  TransactionIdInvalid,
  TransactionNotStored,
  TransactionStoreError,
  TransportError,
  TransportUnavailable,
  UnknownResponseCode,
  WaitTimedOut
} from "@effect-cloudauth/node/Client"

/**
 * What a careful reviewer would see in a result beside the verdict.
 *
 * @category constants
 * @since 0.1.0
 */
export const Assessment: Pick<typeof AllAssessment, "assess" | "match"> = {
  assess: AllAssessment.assess,
  match: AllAssessment.match
}

/**
 * The decision on an assessed result.
 *
 * @category constants
 * @since 0.1.0
 */
export const Decision: Pick<typeof AllDecision, "of" | "match"> = {
  of: AllDecision.of,
  match: AllDecision.match
}

/**
 * Which verdicts and findings lead to which decision.
 *
 * @category constants
 * @since 0.1.0
 */
export const DecisionPolicy: Pick<typeof AllPolicy, "standard" | "make"> = {
  standard: AllPolicy.standard,
  make: AllPolicy.make
}

/**
 * The codes of documents that `initialize` takes.
 *
 * @category constants
 * @since 0.1.0
 */
export const DocType = {
  HongKongIdentityCard2003: AllDocTypes.HongKongIdentityCard2003,
  HongKongIdentityCard2018: AllDocTypes.HongKongIdentityCard2018,
  ExitEntryPermitHongKongMacao: AllDocTypes.ExitEntryPermitHongKongMacao,
  MainlandTravelPermitHongKongMacao: AllDocTypes.MainlandTravelPermitHongKongMacao,
  MainlandTravelPermitTaiwan: AllDocTypes.MainlandTravelPermitTaiwan,
  GlobalPassport: AllDocTypes.GlobalPassport
} as const

/**
 * What the service says of a document.
 *
 * @category constants
 * @since 0.1.0
 */
export const Verdict: Pick<typeof AllVerdict, "match" | "explain"> = {
  match: AllVerdict.match,
  explain: AllVerdict.explain
}
