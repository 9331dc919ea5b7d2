export const dayMillis = 24 * 60 * 60 * 1000

/** How long the vendor keeps a result, in milliseconds: 30 days. */
export const retentionMillis = 30 * dayMillis
