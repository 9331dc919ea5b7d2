/**
 * The signature's primitives on `node:crypto`: synchronous, and about ten times faster than Web Crypto on Node.
 *
 * @example
 * import * as NodeCrypto from "@effect-cloudauth/node/NodeCrypto"
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Layer from "effect/Layer"
 *
 * const layer = Cloudauth.layer().pipe(Layer.provide(NodeCrypto.layer))
 */
import { createHmac, hash, randomFillSync } from "node:crypto"
import { SignatureCrypto } from "@effect-cloudauth/core/SignatureCrypto"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { value as reveal } from "effect/Redacted"

const nonceBytes = 16

// One call to the random generator for many nonces: a single one costs more than the whole signature.
const pool = Buffer.alloc(nonceBytes * 256)
let used = pool.length

/** The primitives, for use without a layer. */
export const nodeCrypto: SignatureCrypto = {
  // Computed at once: the caller is inside an effect already, and there is nothing to wait for.
  sha256: (text) => Effect.succeed(hash("sha256", text, "hex")),
  hmacSha256: (key, text) => Effect.succeed(createHmac("sha256", reveal(key)).update(text).digest("hex")),
  nonce: () => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const nonce = pool.toString("hex", used, used + nonceBytes)
    used += nonceBytes
    return nonce
  }
}

/** Provides the primitives to the client. Put it below `Cloudauth.layer`, which reads them when it is built. */
export const layer: Layer.Layer<never> = Layer.succeed(SignatureCrypto, nodeCrypto)
