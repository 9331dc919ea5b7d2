/**
 * The primitives that signing needs, as a service, so that a runtime can bring faster ones.
 *
 * They are synchronous: a request is signed at once, also under `TestClock`. The default runs on every runtime (by
 * `@noble/hashes`); `@effect-cloudauth/node/NodeCrypto` is several times faster on Node.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Redacted from "effect/Redacted"
import { value as reveal } from "effect/Redacted"
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

/**
 * The primitives.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignatureCrypto {
  /** SHA-256 of the text's UTF-8 bytes, as lower-case hex. */
  readonly sha256: (text: string) => string
  /** HMAC-SHA-256 of the text's UTF-8 bytes, as lower-case hex. */
  readonly hmacSha256: (key: Redacted.Redacted, text: string) => string
  /** A nonce that was never used before. */
  readonly nonce: () => string
}

/**
 * The primitives for any runtime.
 *
 * @category services
 * @since 0.1.0
 */
export const portable: SignatureCrypto = {
  sha256: (text) => bytesToHex(sha256(utf8ToBytes(text))),
  hmacSha256: (key, text) => bytesToHex(hmac(sha256, utf8ToBytes(reveal(key)), utf8ToBytes(text))),
  nonce: () => crypto.randomUUID()
}

/**
 * The primitives in force: `portable` by default.
 *
 * @category services
 * @since 0.1.0
 */
export const SignatureCrypto = Context.Reference<SignatureCrypto>("@effect-cloudauth/core/SignatureCrypto", {
  defaultValue: () => portable
})
