/** How long the vendor keeps a result, in milliseconds: 30 days. */
export const retentionMillis = 30 * 24 * 60 * 60 * 1000
