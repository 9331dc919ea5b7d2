/** A date of HTTP, in milliseconds since 1970; `undefined` if it is none. JavaScript's own parser takes almost any text. */
export const httpDate = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text))
    return undefined
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? undefined : millis
}
