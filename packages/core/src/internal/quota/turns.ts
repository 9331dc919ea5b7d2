/** Whose turn it is among the calls that wait: by priority, and within a priority first come, first served. */

/** Who waits for a call's answer, the most urgent first. */
export const priorities = ["interactive", "wait", "batch"] as const

/**
 * Who waits for a call's answer: a person in front of a screen, a wait in the background, or no one.
 *
 * @category models
 * @since 0.1.0
 */
export type Priority = (typeof priorities)[number]

/** A call that waits. */
export interface Ticket {
  readonly priority: Priority
  /** Called when it may be this call's turn. */
  readonly wake: () => void
}

/** Of twenty places one is kept for each lower priority, so that urgent calls can't hold it up for ever. */
const cycle = 20
const kept: Readonly<Record<number, Priority>> = { 9: "wait", 19: "batch" }

const priorityAt = (turn: number, waits: (priority: Priority) => boolean): Priority | undefined => {
  const keptFor = kept[turn % cycle]
  return keptFor !== undefined && waits(keptFor) ? keptFor : priorities.find(waits)
}

/** Takes whole cycles in which no queue runs empty, all alike, and says how many: of thousands, not each is counted. */
const cyclesOf = (left: Record<Priority, number>, waits: (priority: Priority) => boolean): number => {
  if (left.interactive + left.wait + left.batch <= cycle) return 0
  const shares = { interactive: 0, wait: 0, batch: 0 }
  for (let turn = 0; turn < cycle; turn++) shares[priorityAt(turn, waits) ?? "batch"] += 1
  const cycles = Math.min(...priorities.filter(waits).map((each) => Math.floor((left[each] - 1) / shares[each])))
  for (const each of priorities) left[each] -= cycles * shares[each]
  return cycles
}

export interface Turns {
  readonly size: () => number
  readonly add: (ticket: Ticket) => void
  readonly remove: (ticket: Ticket) => void
  /** The call whose turn is next. */
  readonly next: () => Ticket | undefined
  /** A place was taken: the next turn begins. */
  readonly pass: () => void
  /** How many places go to others before a call of this priority that comes now. */
  readonly ahead: (priority: Priority) => number
}

export const make = (): Turns => {
  const queues = { interactive: new Set<Ticket>(), wait: new Set<Ticket>(), batch: new Set<Ticket>() }
  let turn = 0
  return {
    size: () => queues.interactive.size + queues.wait.size + queues.batch.size,
    add: (ticket) => queues[ticket.priority].add(ticket),
    remove: (ticket) => queues[ticket.priority].delete(ticket),
    next: () => {
      const priority = priorityAt(turn, (priority) => queues[priority].size > 0)
      return priority === undefined ? undefined : queues[priority].values().next().value
    },
    pass: () => {
      turn += 1
    },
    ahead: (newcomer) => {
      const left = { interactive: queues.interactive.size, wait: queues.wait.size, batch: queues.batch.size }
      left[newcomer] += 1
      const waits = (priority: Priority) => left[priority] > 0
      for (let ahead = 0; ;) {
        const cycles = cyclesOf(left, waits)
        ahead += cycle * cycles
        const priority = priorityAt(turn + ahead, waits) ?? newcomer
        if (priority === newcomer && left[newcomer] === 1) return ahead
        left[priority] -= 1
        ahead += 1
      }
    }
  }
}
