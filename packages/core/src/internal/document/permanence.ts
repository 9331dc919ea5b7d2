/** Whether a card is a permanent one, in one spelling. */

/**
 * What `isPermanent` says; the vendor does not document its values.
 *
 * @category models
 * @since 0.1.0
 */
export interface Permanence {
  /** `Unknown` if the spelling is not known. */
  readonly value: "Yes" | "No" | "Unknown"
  /** The text as it came. */
  readonly raw: string
}

const spellings = new Map<string, "Yes" | "No">([
  ["y", "Yes"],
  ["yes", "Yes"],
  ["1", "Yes"],
  ["true", "Yes"],
  ["是", "Yes"],
  ["n", "No"],
  ["no", "No"],
  ["0", "No"],
  ["false", "No"],
  ["否", "No"]
])

/**
 * Whether a Hong Kong identity card is a permanent one; `undefined` if that was not read. Known are Y and N, 1 and 0, true
 * and false, yes and no, 是 and 否.
 *
 * @example
 * import * as Document from "@effect-cloudauth/core/Document"
 *
 * Document.isPermanent({ isPermanent: "是" })?.value // => "Yes"
 * Document.isPermanent({ isPermanent: "maybe" }) // => { value: "Unknown", raw: "maybe" }
 *
 * @category getters
 * @since 0.1.0
 */
export const isPermanent = ({
  isPermanent: raw
}: {
  readonly isPermanent?: string | undefined
}): Permanence | undefined =>
  raw === undefined ? undefined : { value: spellings.get(raw.normalize("NFKC").trim().toLowerCase()) ?? "Unknown", raw }
