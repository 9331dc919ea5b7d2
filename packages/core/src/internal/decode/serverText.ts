/** Text of the server: what of it may be printed, and what its headers say. */
import * as Schema from "effect/Schema"

/** Server text that is printed: a name or a code, nothing longer and nothing else. `raw` has it as it came. */
export const printable = (text: string): string => text.replace(/[^\w.:-]/g, "?").slice(0, 100)

/** The media type of a `content-type` header, without its parameters; `undefined` if there is none. */
export const mediaType = (header: string | undefined): string | undefined => {
  const text = (header ?? "").slice(0, 1000).split(/[;,]/)[0]?.trim().toLowerCase() ?? ""
  return text === "" ? undefined : text.replace(/[^\w.+/-]/g, "?").slice(0, 100)
}

/** What an error keeps of an answer's headers. */
export const described = (headers: Readonly<Record<string, string | undefined>>) => {
  const requestId = headers["x-acs-request-id"]
  return {
    requestId: requestId === undefined ? undefined : printable(requestId),
    contentType: mediaType(headers["content-type"])
  }
}

/** A date of HTTP, in milliseconds since 1970; `undefined` if it is none. JavaScript's own parser takes almost any text. */
export const httpDate = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text))
    return undefined
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? undefined : millis
}

/** What `printable` makes of a text that is not empty; generators make text of the pattern `usual`. */
export const printableLike = (usual: string, description?: string) =>
  Schema.String.annotate({ description }).check(
    Schema.makeFilter((text) => /^[\w.:?-]{1,100}$/.test(text), {
      expected: "1 to 100 letters, digits, or any of . : ? _ -",
      arbitraryConstraint: { patterns: [{ source: usual, flags: "u" }] }
    })
  )
