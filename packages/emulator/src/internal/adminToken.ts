/** The token of the admin API. */

/** Why a token is refused; `undefined` for a good one. */
export const refusal = (token: string): string | undefined =>
  /^[\x21-\x7e]{16,}$/.test(token) ? undefined : "adminToken must be at least 16 visible ASCII characters."
