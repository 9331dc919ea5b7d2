/** What an error says of its cause without quoting a value: the first code in it, such as `ECONNREFUSED`. */
export const errorCode = (error: unknown): string | undefined => {
  let cause = error
  for (let depth = 0; depth < 6 && typeof cause === "object" && cause !== null; depth++) {
    const { code } = cause as { readonly code?: unknown } // any value can be a cause
    if (typeof code === "string" && /^[A-Z0-9_]{2,40}$/.test(code)) return code
    cause = (cause as { readonly cause?: unknown }).cause ?? (cause as { readonly reason?: unknown }).reason // as above
  }
  return undefined
}
