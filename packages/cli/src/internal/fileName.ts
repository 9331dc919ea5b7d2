import { createHash } from "node:crypto"

/** Of bytes or text, in hex. */
export const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex")

/**
 * The name of an id's files: `ab/abcdef…`. A hash, because an id can hold any character, can differ from another by case
 * alone, and should not show in listings and backups.
 */
export const of = (transactionId: string): string => {
  const hash = sha256(transactionId).slice(0, 40)
  return `${hash.slice(0, 2)}/${hash}`
}
