/**
 * Alibaba Cloud ID Verification's CheckResult on Node. Each module is also a subpath of its own
 * (`@effect-cloudauth/node/NodeTransport`), which loads less.
 *
 * @since 0.1.0
 */
export * as Client from "./Client.ts"
export { createClient } from "./Client.ts"
export * as DefaultCredentials from "./DefaultCredentials.ts"
export * as NodeCloudauth from "./NodeCloudauth.ts"
export * as NodeCrypto from "./NodeCrypto.ts"
export * as NodeTransport from "./NodeTransport.ts"
