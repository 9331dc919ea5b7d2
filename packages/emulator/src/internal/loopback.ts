/** The names of this machine. */
export const loopback: ReadonlyArray<string> = ["127.0.0.1", "localhost", "[::1]"]

/** Whether an address to listen on is this machine's own. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)

/** A URL that no one on the way can read: `https:`, or `http:` on this machine; `undefined` for others. */
export const confidential = (text: string): URL | undefined => {
  const url = URL.parse(text)
  if (url === null) return undefined
  return url.protocol === "https:" || (url.protocol === "http:" && loopback.includes(url.hostname)) ? url : undefined
}
