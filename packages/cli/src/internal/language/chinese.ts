/** A text in Simplified Chinese, and in Traditional Chinese as Hong Kong writes it. */
export type Chinese = readonly [hans: string, hant: string]
