/** What must not be in a recording: all that was secret, or a person's, in what passed between client and vendor. */
import type { Exchange } from "./vendor.ts"

/** The texts of an answer's documents, which are JSON within JSON; of an image, bytes from its middle. */
const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsOf)
  if (typeof value !== "string") return []
  if (value.startsWith("{")) return textsOf(JSON.parse(value))
  return [value.length > 1000 ? value.slice(600, 640) : value]
}

const ofExchange = ({ answer, headers }: Exchange): ReadonlyArray<string> => {
  const signature = /Signature=(\w+)/.exec(String(headers["authorization"]))?.[1]
  const nonce = headers["x-acs-signature-nonce"]
  if (signature === undefined || typeof nonce !== "string") throw new Error("a request reached the vendor unsigned")
  const { Result } = JSON.parse(answer) as { readonly Result?: { readonly ExtIdInfo?: string } } // the vendor's own form
  // Shorter ones, such as a sex, are in every recording.
  return [signature, nonce, ...textsOf(Result?.ExtIdInfo).filter(({ length }) => length > 4)]
}

export const ofExchanges = (exchanges: ReadonlyArray<Exchange>): ReadonlyArray<string> => [
  ...new Set(exchanges.flatMap(ofExchange))
]
