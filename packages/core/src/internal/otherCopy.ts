/** A `Redacted` that this copy of Effect can't reveal. */
import * as Redacted from "effect/Redacted"

/** Whether a `Redacted` can be revealed: not if another copy of Effect made it, or if it was wiped. */
export const isReadable = (hidden: Redacted.Redacted<unknown>): boolean => {
  try {
    Redacted.value(hidden)
    return true
  } catch {
    return false
  }
}

/** What to do, in the words of an error. */
export const whatToDo =
  "Either it was wiped, or two copies of effect are installed and the other one made it: npm ls effect shows them, keep one"
