/** Findings that no policy can accept. */

/** These say that it is unknown whose document was read, or that it is none: nothing can make them acceptable. */
const codes = ["DocumentMismatch", "EvidenceUnreadable", "SpoofRisk"] as const
export type NeverAccepted = (typeof codes)[number]

export const isNeverAccepted = (code: string): code is NeverAccepted => codes.some((never) => never === code)
