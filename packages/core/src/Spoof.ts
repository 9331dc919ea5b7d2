/**
 * The anti-spoofing check of one side of a document. `spoofResult` decides; the types are kept, whatever it says.
 *
 * Without `IdSpoof=Y` at Initialize the service reports `N` and no type, which can't be told from a clear check.
 *
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/ocr-checkresult
 */
import * as Schema from "effect/Schema"

/** The kinds of attack that are known; the list is open. */
export const knownTypes = ["SCREEN_REMARK", "PHOTO_COPY", "TAMPER"] as const

/** A kind of attack: `SCREEN_REMARK` (photographed from a screen), `PHOTO_COPY`, `TAMPER`, or one that came later. */
export type SpoofType = (typeof knownTypes)[number] | (string & {})

const types = Schema.Array(Schema.String)

/** The answer has no result of the check. */
export const NotReported = Schema.TaggedStruct("NotReported", { types })
export interface NotReported extends Schema.Schema.Type<typeof NotReported> {}

/** `spoofResult` is `N`. */
export const Clear = Schema.TaggedStruct("Clear", { types })
export interface Clear extends Schema.Schema.Type<typeof Clear> {}

/** `spoofResult` is `Y`: a risk was found. */
export const Risk = Schema.TaggedStruct("Risk", { types })
export interface Risk extends Schema.Schema.Type<typeof Risk> {}

export const Spoof = Schema.Union([NotReported, Clear, Risk])
export type Spoof = NotReported | Clear | Risk

/** No result of the check. */
export const notReported: Spoof = { _tag: "NotReported", types: [] }

/** Reads `spoofType`: an array of text, or one text; `undefined` where it is neither. */
export const readTypes = (spoofType: unknown): ReadonlyArray<string> | undefined => {
  if (spoofType === undefined || spoofType === null || spoofType === "") return []
  if (typeof spoofType === "string") return [spoofType]
  return Array.isArray(spoofType) && spoofType.every((type) => typeof type === "string")
    ? spoofType.filter((type) => type !== "")
    : undefined
}

/** The spoof value of a result and its types. */
export const make = (spoofResult: unknown, types: ReadonlyArray<string>): Spoof =>
  spoofResult === "Y"
    ? { _tag: "Risk", types }
    : spoofResult === "N"
      ? { _tag: "Clear", types }
      : { _tag: "NotReported", types }
