/**
 * The signature's primitives on `node:crypto`: several times faster than the portable ones.
 *
 * @example
 * import * as NodeCrypto from "@effect-cloudauth/node/NodeCrypto"
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as Layer from "effect/Layer"
 *
 * const layer = Cloudauth.layer().pipe(Layer.provide(NodeCrypto.layer))
 *
 * @since 0.1.0
 */
import { createHmac, hash, randomUUID } from "node:crypto"
import { SignatureCrypto } from "@effect-cloudauth/core/SignatureCrypto"
import * as Layer from "effect/Layer"
import { value as reveal } from "effect/Redacted"

/**
 * The primitives, for use without a layer.
 *
 * @category services
 * @since 0.1.0
 */
export const nodeCrypto: SignatureCrypto = {
  sha256: (text) => hash("sha256", text, "hex"),
  hmacSha256: (key, text) => createHmac("sha256", reveal(key)).update(text).digest("hex"),
  nonce: () => randomUUID()
}

/**
 * Provides the primitives to the client. Put it below `Cloudauth.layer`, which reads them when it is built.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never> = Layer.succeed(SignatureCrypto, nodeCrypto)
