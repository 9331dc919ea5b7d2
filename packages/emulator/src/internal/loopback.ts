/** The names of this machine. */
export const loopback: ReadonlyArray<string> = ["127.0.0.1", "localhost", "[::1]"]

/** A URL that nobody on the way can read: `https:`, or `http:` on this machine, where tests run; `undefined` for others. */
export const confidential = (text: string): URL | undefined => {
  const url = URL.parse(text)
  if (url === null) return undefined
  return url.protocol === "https:" || (url.protocol === "http:" && loopback.includes(url.hostname)) ? url : undefined
}
