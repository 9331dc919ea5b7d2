/** What is to happen at a time, the earliest first: a binary heap. */
export interface DueHeap<A> {
  readonly add: (at: number, item: A) => void
  /** When the earliest is due; `Infinity` without one. */
  readonly nextAt: () => number
  /** Takes the earliest. */
  readonly take: () => A | undefined
  readonly size: () => number
  readonly clear: () => void
}

interface Entry<A> {
  readonly at: number
  /** Of those due at the same time the first added comes first. */
  readonly order: number
  readonly item: A
}

const isBefore = (one: Entry<unknown>, other: Entry<unknown>): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

export const make = <A>(): DueHeap<A> => {
  const entries: Array<Entry<A>> = []
  let added = 0

  /** Moves an entry up from a free place. */
  const rise = (entry: Entry<A>, from: number): void => {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = entries[above]
      if (parent === undefined || !isBefore(entry, parent)) break
      entries[place] = parent
      place = above
    }
    entries[place] = entry
  }

  /** Moves an entry down from the top. */
  const sink = (entry: Entry<A>): void => {
    let place = 0
    while (true) {
      const left = entries[2 * place + 1]
      if (left === undefined) break
      const right = entries[2 * place + 2]
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (!isBefore(child, entry)) break
      entries[place] = child
      place = 2 * place + (isRight ? 2 : 1)
    }
    entries[place] = entry
  }

  return {
    add: (at, item) => rise({ at, order: added++, item }, entries.length),
    nextAt: () => entries[0]?.at ?? Infinity,
    take: () => {
      const first = entries[0]
      const last = entries.pop()
      if (last !== undefined && entries.length > 0) sink(last)
      return first?.item
    },
    size: () => entries.length,
    clear: () => {
      entries.length = 0
    }
  }
}
