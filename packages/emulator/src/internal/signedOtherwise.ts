/** Which usual mistake explains a signature that does not match: what the caller signed in place of what arrived. */
import { createHmac } from "node:crypto"
import * as Protocol from "../Protocol.ts"
import type { Authorization } from "./authorization.ts"

export interface Mistake {
  /** The mistake in a sentence. */
  readonly what: string
  /** What the caller signed. */
  readonly canonicalRequest: string
  readonly stringToSign: string
}

/** The parts of a canonical request, each on a line of its own; `headerLines` ends with a line break. */
interface Parts {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headerLines: string
  readonly names: string
  readonly bodyHash: string
}

const partsOf = (request: Protocol.Request, { signedHeaders }: Authorization): Parts | undefined => {
  const { path, query } = Protocol.splitTarget(request.target)
  const pairs = Protocol.parsePairs(query)
  if (pairs === undefined) return undefined
  return {
    method: request.method,
    path,
    query: Protocol.canonicalQuery(pairs),
    headerLines: signedHeaders.map((name) => `${name}:${Protocol.headerValues(request, name).join(",")}\n`).join(""),
    names: signedHeaders.join(";"),
    bodyHash: Protocol.sha256Hex(request.body)
  }
}

const join = ({ bodyHash, headerLines, method, names, path, query }: Parts): string =>
  [method, path, query, headerLines, names, bodyHash].join("\n")

const withoutPort = (lines: string): string => lines.replace(/^(host:.*):\d+$/m, "$1")

/** The mistakes of the canonical request, the likely ones first. */
const canonicalMistakes = (
  parts: Parts,
  rawQuery: string
): ReadonlyArray<readonly [what: string, canonical: string]> => {
  const { bodyHash, headerLines, method, names, path, query } = parts
  const sorted = rawQuery.split("&").sort().join("&")
  return [
    ["The query was signed in the order in which it was sent. Sort it by name.", join({ ...parts, query: rawQuery })],
    ["The query was signed in another encoding. Percent-encode as RFC 3986 says.", join({ ...parts, query: sorted })],
    [
      "Blanks in the query were signed as +. Sign them as %20.",
      join({ ...parts, query: query.replaceAll("%20", "+") })
    ],
    ["The query was not percent-encoded before signing.", join({ ...parts, query: decodeURIComponent(query) })],
    ["The query was not signed.", join({ ...parts, query: "" })],
    ["The host was signed without its port.", join({ ...parts, headerLines: withoutPort(headerLines) })],
    ["The path was left out. Sign / for an empty path.", join({ ...parts, path: "" })],
    [
      "The blank line between the headers and SignedHeaders is missing.",
      [method, path, query, headerLines.trimEnd(), names, bodyHash].join("\n")
    ],
    ["The hash of the body was left out.", [method, path, query, headerLines, names].join("\n")],
    ["The line with the hash of the body is empty.", join({ ...parts, bodyHash: "" })],
    ...["GET", "POST", method.toLowerCase()].map(
      (other) => [`The method was signed as ${other}.`, join({ ...parts, method: other })] as const
    ),
    ["The canonical request ends with a line break too many.", `${join(parts)}\n`]
  ]
}

interface Attempt extends Mistake {
  /** What the signature would be. */
  readonly signature: string
}

const attempts = (parts: Parts, rawQuery: string, secret: string): ReadonlyArray<Attempt> => {
  const right = join(parts)
  const toSign = Protocol.stringToSign(right)
  const digest = (text: string, key = secret) => createHmac("sha256", key).update(text).digest()
  const ofRight = { canonicalRequest: right, stringToSign: toSign }
  const unhashed = `${Protocol.algorithm}\n${right}`
  return [
    ...canonicalMistakes(parts, rawQuery).map(([what, canonicalRequest]) => {
      const stringToSign = Protocol.stringToSign(canonicalRequest)
      return { what, canonicalRequest, stringToSign, signature: digest(stringToSign).toString("hex") }
    }),
    {
      ...ofRight,
      what: "The string to sign has the canonical request itself. It needs its SHA-256 hash, in hexadecimal.",
      stringToSign: unhashed,
      signature: digest(unhashed).toString("hex")
    },
    {
      ...ofRight,
      what: "The string to sign lacks its first line, the algorithm.",
      stringToSign: Protocol.sha256Hex(right),
      signature: digest(Protocol.sha256Hex(right)).toString("hex")
    },
    {
      ...ofRight,
      what: "The signature is in upper case. Write it in lower case.",
      signature: digest(toSign).toString("hex").toUpperCase()
    },
    {
      ...ofRight,
      what: "The signature is in Base64. Write it in hexadecimal.",
      signature: digest(toSign).toString("base64")
    },
    {
      ...ofRight,
      what: "The key had & appended, as signature V1 wants. Sign with the secret itself.",
      signature: digest(toSign, `${secret}&`).toString("hex")
    }
  ]
}

/** The mistake that gives the signature that came; `undefined` if none of the usual ones does. */
export const find = (
  request: Protocol.Request,
  authorization: Authorization,
  accessKeySecret: string
): Mistake | undefined => {
  const parts = partsOf(request, authorization)
  if (parts === undefined) return undefined
  const { query } = Protocol.splitTarget(request.target)
  const found = attempts(parts, query, accessKeySecret).find(({ signature }) => signature === authorization.signature)
  if (found === undefined) return undefined
  const { signature: _, ...mistake } = found
  return mistake
}

/** The answer's `Message`: begins as the vendor's, which names the server's string to sign. */
export const message = (stringToSign: string, mistake: Mistake | undefined): string =>
  `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}. ${
    mistake === undefined
      ? "No usual mistake explains it: check the access key's secret first."
      : `Emulator: ${mistake.what}`
  }`
