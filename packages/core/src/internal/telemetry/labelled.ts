/** Labels that are made once: the same values give the same object. */

/**
 * The attributes of a value, each from a closed set.
 *
 * @category models
 * @since 0.1.0
 */
export type Labels = Readonly<Record<string, string | number>>

type Value = string | number | undefined

/** The labels of the values that lead here, and the ways on by the next value. */
interface Step {
  labels: Labels | undefined
  readonly next: Map<Value, Step>
}

const step = (): Step => ({ labels: undefined, next: new Map() })

const labelsOf = (keys: ReadonlyArray<string>, values: ReadonlyArray<Value>): Labels =>
  Object.fromEntries(
    keys.flatMap((key, at) => {
      const value = values[at]
      return value === undefined ? [] : [[key, value]]
    })
  )

/**
 * Gives the labels of these attributes by their values; `undefined` leaves one out. It keeps them, because making them for
 * every call costs more than recording: the sets of values are closed.
 */
export const labelled = <const Keys extends ReadonlyArray<string>>(...keys: Keys) => {
  const first = step()
  return (...values: { readonly [K in keyof Keys]: Value }): Labels => {
    let at = first
    for (const value of values) {
      const next = at.next.get(value)
      if (next === undefined) at.next.set(value, (at = step()))
      else at = next
    }
    return (at.labels ??= labelsOf(keys, values))
  }
}
