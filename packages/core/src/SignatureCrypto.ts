/**
 * The three primitives that signing needs, as a service, so that each runtime brings its fastest.
 *
 * The default is Web Crypto, which every runtime has; it is asynchronous. `@effect-cloudauth/node/NodeCrypto` is
 * synchronous and several times faster.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { value as reveal } from "effect/Redacted"

export interface SignatureCrypto {
  /** SHA-256 of the text's UTF-8 bytes, as lower-case hex. */
  readonly sha256: (text: string) => Effect.Effect<string>
  /** HMAC-SHA-256 of the text's UTF-8 bytes, as lower-case hex. */
  readonly hmacSha256: (key: Redacted.Redacted, text: string) => Effect.Effect<string>
  /** A nonce that was never used before: 128 random bits, as lower-case hex. */
  readonly nonce: () => string
}

const hex = (bytes: Uint8Array): string => {
  let text = ""
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0")
  return text
}

const encoder = new TextEncoder()

/** Web Crypto: Node, Bun, Deno, browsers and edge runtimes. */
export const webCrypto: SignatureCrypto = {
  sha256: (text) =>
    Effect.map(
      Effect.promise(() => crypto.subtle.digest("SHA-256", encoder.encode(text))),
      (digest) => hex(new Uint8Array(digest))
    ),
  hmacSha256: (key, text) =>
    Effect.map(
      Effect.promise(async () => {
        const imported = await crypto.subtle.importKey(
          "raw",
          encoder.encode(reveal(key)),
          { name: "HMAC", hash: "SHA-256" },
          false,
          ["sign"]
        )
        return crypto.subtle.sign("HMAC", imported, encoder.encode(text))
      }),
      (digest) => hex(new Uint8Array(digest))
    ),
  nonce: () => hex(crypto.getRandomValues(new Uint8Array(16)))
}

/** The current primitives; Web Crypto where nothing else is provided. */
export const SignatureCrypto = Context.Reference<SignatureCrypto>("@effect-cloudauth/core/SignatureCrypto", {
  defaultValue: () => webCrypto
})
