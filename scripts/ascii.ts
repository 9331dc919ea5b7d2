/**
 * Writes what is not ASCII as escapes: V8 keeps a file with one Chinese character at two bytes a character, and takes twice
 * as long to read it. A bundle that takes such a file over would be one, whole.
 */
export const ascii = (code: string): string =>
  code.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
