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
import type * as Crypto from "node:crypto"
import { SignatureCrypto } from "@effect-cloudauth/core/SignatureCrypto"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Redacted, value as reveal } from "effect/Redacted"

let loaded: typeof Crypto | undefined

/** Loaded by the first signature, not by the import: it takes longer than all of this package. TLS needs it anyway. */
const crypto = (): typeof Crypto => (loaded ??= process.getBuiltinModule("node:crypto"))

const sha256 = (data: string | Buffer): string => crypto().hash("sha256", data, "hex")

const nonceBytes = 16

// One call to the random generator for many nonces: a single one costs more than the whole signature.
const pool = Buffer.alloc(nonceBytes * 256)
let used = pool.length

const blockBytes = 64
const hashBytes = 32

/** The two keyed blocks of RFC 2104; the text comes after the first, the hash of both after the second. */
interface Pads {
  inner: Buffer
  readonly outer: Buffer
}

const padsOf = (secret: string): Pads => {
  const short = Buffer.byteLength(secret) <= blockBytes
  const key = short ? Buffer.from(secret) : crypto().hash("sha256", secret, "buffer")
  const pads = { inner: Buffer.alloc(blockBytes + 256), outer: Buffer.alloc(blockBytes + hashBytes) }
  for (let at = 0; at < blockBytes; at++) {
    pads.inner[at] = (key[at] ?? 0) ^ 0x36
    pads.outer[at] = (key[at] ?? 0) ^ 0x5c
  }
  key.fill(0)
  return pads
}

/** The block in a larger buffer of its own; `Buffer.concat` would cut it from memory that others get, too. */
const enlarged = (inner: Buffer, size: number): Buffer => {
  const larger = Buffer.alloc(size)
  inner.copy(larger, 0, 0, blockBytes)
  inner.fill(0)
  return larger
}

/** As long as the key lives. */
const padsOfKeys = new WeakMap<Redacted<string>, Pads>()

/**
 * HMAC as two hashes over blocks that are made once for a key: `createHmac` makes an object of OpenSSL's for every
 * signature, which costs twice as much, and as much again when it is collected.
 */
const hmac = (key: Redacted<string>, text: string): string => {
  // Asked for every time: a key that was wiped signs nothing more.
  const secret = reveal(key)
  let pads = padsOfKeys.get(key)
  if (pads === undefined) padsOfKeys.set(key, (pads = padsOf(secret)))
  const size = blockBytes + Buffer.byteLength(text)
  if (size > pads.inner.length) pads.inner = enlarged(pads.inner, size)
  pads.inner.write(text, blockBytes)
  pads.outer.write(sha256(pads.inner.subarray(0, size)), blockBytes, "hex")
  return sha256(pads.outer)
}

/** The primitives, for use without a layer. */
export const nodeCrypto: SignatureCrypto = {
  // Computed at once: the caller is inside an effect already, and there is nothing to wait for.
  sha256: (text) => Effect.succeed(sha256(text)),
  hmacSha256: (key, text) => Effect.succeed(hmac(key, text)),
  nonce: () => {
    if (used === pool.length) {
      crypto().randomFillSync(pool)
      used = 0
    }
    const nonce = pool.toString("hex", used, used + nonceBytes)
    used += nonceBytes
    return nonce
  }
}

/** Provides the primitives to the client. Put it below `Cloudauth.layer`, which reads them when it is built. */
export const layer: Layer.Layer<never> = Layer.succeed(SignatureCrypto, nodeCrypto)
