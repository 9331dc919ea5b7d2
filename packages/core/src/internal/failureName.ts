/**
 * The tag or the class of what failed, where it is a plain name, else `_OTHER`: never its words, which may hold anything.
 */
export const failureName = (failed: unknown): string => {
  if (typeof failed !== "object" || failed === null) return "_OTHER"
  const name = "_tag" in failed && typeof failed._tag === "string" ? failed._tag : failed.constructor?.name
  return name !== undefined && /^[A-Za-z]{1,60}$/.test(name) ? name : "_OTHER"
}
