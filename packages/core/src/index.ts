/**
 * Alibaba Cloud ID Verification's CheckResult for Effect. Each module is also a subpath of its own
 * (`@effect-cloudauth/core/Cloudauth`), which loads less.
 *
 * Two modules are subpaths alone, so that nobody loads a web server's router or a database's client without need:
 * `@effect-cloudauth/core/Callback` and `@effect-cloudauth/core/TransactionStoreSql`.
 */
export * as Answer from "./Answer.ts"
export * as Canned from "./Canned.ts"
export type { CheckResult, Warning } from "./CheckResult.ts"
export * as CheckResultRequest from "./CheckResultRequest.ts"
export { Cloudauth } from "./Cloudauth.ts"
export * as CloudauthError from "./CloudauthError.ts"
export { Credentials } from "./Credentials.ts"
export * as DocType from "./DocType.ts"
export * as Document from "./Document.ts"
export * as DocumentDate from "./DocumentDate.ts"
export * as Endpoint from "./Endpoint.ts"
export * as IdImage from "./IdImage.ts"
export * as Initialize from "./Initialize.ts"
export * as InitializeRequest from "./InitializeRequest.ts"
export * as Options from "./Options.ts"
export * as ResponseCode from "./ResponseCode.ts"
export * as RetryPolicy from "./RetryPolicy.ts"
export * as Sex from "./Sex.ts"
export * as Signature from "./Signature.ts"
export * as SignatureCrypto from "./SignatureCrypto.ts"
export * as Spoof from "./Spoof.ts"
export * as SubCode from "./SubCode.ts"
export * as Telemetry from "./Telemetry.ts"
export { TransactionStore } from "./TransactionStore.ts"
export * as TransactionStoreError from "./TransactionStoreError.ts"
export * as Transport from "./Transport.ts"
export * as Verdict from "./Verdict.ts"
