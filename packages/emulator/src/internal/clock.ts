/** A clock that can be moved. */
export interface MovableClock {
  readonly now: () => number
  readonly advance: (millis: number) => void
  readonly setTime: (epochMillis: number) => void
}

export const make = (base: () => number): MovableClock => {
  let offset = 0
  return {
    now: () => base() + offset,
    advance: (millis) => {
      offset += millis
    },
    setTime: (epochMillis) => {
      offset = epochMillis - base()
    }
  }
}
