/** Findings that no policy can accept. */

const codes = ["DocumentMismatch", "EvidenceUnreadable", "SpoofRisk"] as const

/**
 * The findings that no policy can accept. They say that it is unknown whose document was read, or that it is none.
 *
 * @category models
 * @since 0.1.0
 */
export type NeverAccepted = (typeof codes)[number]

export const isNeverAccepted = (code: string): code is NeverAccepted => codes.some((never) => never === code)
