/** Masks for a person's data, unless the user asked to see it. */

/** Shown for any value, so that not even its length shows. */
export const hidden = "••••••"

/** A value, or what stands for it. */
export const value = (text: string, reveal: boolean): string => (reveal ? text : hidden)

/**
 * A transaction id. It leads to a person, so only its ends are shown: `hksb…4b5d`.
 */
export const id = (text: string, reveal: boolean): string =>
  reveal ? text : text.length >= 12 ? `${text.slice(0, 4)}…${text.slice(-4)}` : hidden
