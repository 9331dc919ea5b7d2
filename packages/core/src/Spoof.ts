/**
 * The anti-spoofing check of one side of a document. `spoofResult` decides; the types are kept, whatever it says.
 *
 * The service reports `N` and no type if the check was not asked for (`IdSpoof` at Initialize), so `N` alone does not show that
 * the document is clear. The client also needs the expectation.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { printableLike } from "./internal/decode/serverText.ts"

/**
 * The types of attack that are known; the list is open.
 *
 * @category constants
 * @since 0.1.0
 */
export const knownTypes = ["SCREEN_REMARK", "PHOTO_COPY", "TAMPER"] as const

/**
 * A type of attack: `SCREEN_REMARK` (taken from a screen), `PHOTO_COPY`, `TAMPER`, or one that came later. It is "an
 * algorithm prediction result" (the vendor's page) and can be missing: don't let a decision depend on it.
 *
 * @category models
 * @since 0.1.0
 */
export type SpoofType = (typeof knownTypes)[number] | (string & {})

/** An algorithm's prediction; don't depend on it. */
const types = Schema.Array(printableLike(`^(?:${knownTypes.join("|")})$`)).annotate({
  description: "The types of attack that an algorithm predicts; a decision should not depend on them."
})

/**
 * The check was not asked for at Initialize.
 *
 * @category models
 * @since 0.1.0
 */
export const NotRequested = Schema.TaggedStruct("NotRequested", { types })
export interface NotRequested extends Schema.Schema.Type<typeof NotRequested> {}

/**
 * The answer has no readable result of the check.
 *
 * @category models
 * @since 0.1.0
 */
export const NotReported = Schema.TaggedStruct("NotReported", { types })
export interface NotReported extends Schema.Schema.Type<typeof NotReported> {}

/**
 * `spoofResult` is `N`, but it is unknown whether the check was asked for: bind the call to what Initialize asked for.
 *
 * @category models
 * @since 0.1.0
 */
export const Unconfirmed = Schema.TaggedStruct("Unconfirmed", { types })
export interface Unconfirmed extends Schema.Schema.Type<typeof Unconfirmed> {}

/**
 * The check was asked for, and `spoofResult` is `N`: no risk was found.
 *
 * @category models
 * @since 0.1.0
 */
export const Clear = Schema.TaggedStruct("Clear", { types })
export interface Clear extends Schema.Schema.Type<typeof Clear> {}

/**
 * `spoofResult` is `Y`: a risk was found.
 *
 * @category models
 * @since 0.1.0
 */
export const Risk = Schema.TaggedStruct("Risk", { types })
export interface Risk extends Schema.Schema.Type<typeof Risk> {}

/**
 * What the anti-spoofing check says of one side.
 *
 * @category models
 * @since 0.1.0
 */
export const Spoof = Schema.Union([NotRequested, NotReported, Unconfirmed, Clear, Risk]).pipe(
  Schema.toTaggedUnion("_tag")
)
export type Spoof = typeof Spoof.Type
