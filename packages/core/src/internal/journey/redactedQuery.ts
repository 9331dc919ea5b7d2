/** The query of a callback as traces may show it. */

/** What may show: everything else can be the token, an id, or the merchant's own. */
const harmless = /^(?:passed|subcode)=[\w.-]{0,10}$/i

export const redactQuery = (query: string): string =>
  query
    .split(/[?&]/)
    .map((part) => (harmless.test(part) ? part : "REDACTED"))
    .join("&")

/** A URL, or a path, with such a query. */
export const redactUrl = (url: string): string => {
  const start = url.indexOf("?")
  return start < 0 ? url : `${url.slice(0, start)}?${redactQuery(url.slice(start + 1))}`
}
