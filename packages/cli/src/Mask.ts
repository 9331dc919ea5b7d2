/** What stands in the place of a person's data unless somebody asked to see it. */

/** Shown for any value, so that not even its length is told. */
export const hidden = "••••••"

/** A value, or what stands for it. */
export const value = (text: string, reveal: boolean): string => (reveal ? text : hidden)

/**
 * A transaction id. It leads to a person, so only its ends are shown: enough to find one's own again.
 *
 * @example
 * import * as Mask from "@effect-cloudauth/cli/Mask"
 *
 * Mask.id("hksb7e3a55f0c1d24b5d", false) // => "hksb…4b5d"
 */
export const id = (text: string, reveal: boolean): string =>
  reveal ? text : text.length >= 12 ? `${text.slice(0, 4)}…${text.slice(-4)}` : hidden
