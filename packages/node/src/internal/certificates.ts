/** Reads certificates and keys, PEM text or DER bytes, before a connection needs them. */
import { type InvalidRequest, invalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto"
import * as Effect from "effect/Effect"
import type { Pem, Tls } from "./options.ts"

/** Certificates and key as Node's TLS takes them. */
export interface Material {
  readonly ca: ReadonlyArray<string> | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
}

/** Fails with the name of the part that can't be read or does not fit. */
export const material = Effect.fnUntraced(function* (options: Tls): Effect.fn.Return<Material, InvalidRequest> {
  const ca = yield* certificates("tls.ca", options.ca)
  const chain = yield* certificates("tls.cert", options.cert)
  if (options.passphrase !== undefined && options.key === undefined) {
    return yield* invalidRequest("tls.passphrase", "left out without tls.key: it is the passphrase of that key")
  }
  if ((chain === undefined) !== (options.key === undefined)) {
    return yield* invalidRequest(
      chain === undefined ? "tls.cert" : "tls.key",
      "given, too: a certificate needs its key"
    )
  }
  const key = options.key === undefined ? undefined : yield* privateKey(options.key, options.passphrase)
  const leaf = chain?.[0]
  if (leaf !== undefined && key !== undefined && !leaf.checkPrivateKey(key)) {
    return yield* invalidRequest("tls.key", "the private key of the first certificate of tls.cert")
  }
  return {
    ca: ca?.map(String),
    cert: chain?.map(String).join(""),
    key: key?.export({ type: "pkcs8", format: "pem" }).toString()
  }
})

const certificates = (
  path: string,
  input: Pem | undefined
): Effect.Effect<ReadonlyArray<X509Certificate> | undefined, InvalidRequest> => {
  if (input === undefined) return Effect.undefined
  const parts = Array.isArray(input) ? input : [input]
  const found = attempt(() => parts.flatMap((part) => blocks(part).map((block) => new X509Certificate(block))))
  return found === undefined || found.length === 0
    ? Effect.fail(invalidRequest(path, "certificates as PEM text or DER bytes; read a file first, a path is not taken"))
    : Effect.succeed(found)
}

const pemCertificates = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** The certificates of a part. Throws if it has none. */
const blocks = (part: string | Uint8Array): ReadonlyArray<string | Uint8Array> => {
  const text = typeof part === "string" ? part : Buffer.from(part).toString("latin1")
  const found = text.match(pemCertificates)
  if (found !== null) return found
  if (typeof part === "string") throw new TypeError("no certificate")
  return [part]
}

const privateKey = (
  input: string | Uint8Array,
  passphrase: string | undefined
): Effect.Effect<KeyObject, InvalidRequest> => {
  const plain = readKey(input, undefined)
  if (plain !== undefined) {
    return passphrase === undefined
      ? Effect.succeed(plain)
      : Effect.fail(invalidRequest("tls.passphrase", "left out: tls.key is not encrypted"))
  }
  const decrypted = passphrase === undefined ? undefined : readKey(input, passphrase)
  if (decrypted !== undefined) return Effect.succeed(decrypted)
  return Effect.fail(
    isEncrypted(input)
      ? invalidRequest("tls.passphrase", "the passphrase of tls.key, which is encrypted")
      : invalidRequest("tls.key", "a private key as PEM text or DER bytes; read a file first, a path is not taken")
  )
}

const forms = ["pkcs8", "sec1", "pkcs1"] as const

const readKey = (input: string | Uint8Array, passphrase: string | undefined): KeyObject | undefined => {
  const secret = passphrase === undefined ? {} : { passphrase }
  const pem = attempt(() => createPrivateKey({ key: asInput(input), format: "pem", ...secret }))
  if (pem !== undefined || typeof input === "string") return pem
  const key = Buffer.from(input)
  for (const type of forms) {
    const der = attempt(() => createPrivateKey({ key, format: "der", type, ...secret }))
    if (der !== undefined) return der
  }
  return undefined
}

const asInput = (input: string | Uint8Array): string | Buffer =>
  typeof input === "string" ? input : Buffer.from(input)

/** PKCS#8 and the older form say so in PEM; DER of PKCS#8 begins with the identifier of its encryption (PBES2). */
const isEncrypted = (input: string | Uint8Array): boolean => {
  const text = typeof input === "string" ? input : Buffer.from(input).toString("latin1")
  return /ENCRYPTED/.test(text) || text.includes("\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d")
}

const attempt = <A>(parse: () => A): A | undefined => {
  try {
    return parse()
  } catch {
    return undefined
  }
}
