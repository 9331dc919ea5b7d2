/**
 * A virtual event loop with the phases of Node's: due timers, then what arrived, then what was put off until both are
 * done. Time passes only between the phases, and from one event to the next.
 *
 * What order Node leaves open, the seed decides: among the timers of one moment, the arrivals of one moment, and the
 * fibers that are ready in one turn.
 */
import * as DueHeap from "../../packages/emulator/src/internal/dueHeap.ts"
import type { Random } from "../random.ts"

/** What runs at the end of a wait. */
type Task = () => void

export interface EventLoop {
  /** Milliseconds since the simulation began: monotonic, whatever a machine's clock says. */
  readonly now: () => number
  /** Runs `task` after so many milliseconds, up to one late, as timers are. Returns how to cancel it. */
  readonly timer: (millis: number, task: Task) => () => void
  /** The program gets something over the network in so many milliseconds. */
  readonly arrival: (millis: number, task: Task) => void
  /** Something happens outside the program, at its time even while the program is busy. */
  readonly outside: (millis: number, task: Task) => void
  /** Runs `task` in the next turn, tasks of a lower priority number first. */
  readonly soon: (task: Task, priority?: number) => void
  /** The program computes for so long: nothing else of it runs. */
  readonly block: (millis: number) => void
  /** Runs until `isDone`. Throws if the program then waits for nothing. */
  readonly run: (isDone: () => boolean) => Promise<void>
}

/** The runtime's own: `virtualGlobals` replaces the global one for a while. */
const nativeImmediate = setImmediate

/** Lets all promises go on. */
const settled = (): Promise<void> => new Promise((resolve) => void nativeImmediate(resolve))

const shuffle = <A>(items: Array<A>, random: Random): void => {
  for (let at = items.length - 1; at > 0; at--) {
    const other = random.below(at + 1)
    const item = items[at] as A // both are below the length
    items[at] = items[other] as A
    items[other] = item
  }
}

interface Timer {
  readonly task: Task
  isCancelled: boolean
}

interface Ready {
  readonly task: Task
  readonly priority: number
}

export const make = (random: Random): EventLoop => {
  const timers = DueHeap.make<Timer>()
  const arrivals = DueHeap.make<Task>()
  const outside = DueHeap.make<Task>()
  let ready: Array<Ready> = []
  let time = 0

  const dueOf = <A>(heap: DueHeap.DueHeap<A>): Array<A> => {
    const due: Array<A> = []
    while (heap.nextAt() <= time) {
      const item = heap.take()
      if (item !== undefined) due.push(item)
    }
    shuffle(due, random)
    return due
  }

  /** The world goes on by itself until `end`, event by event. */
  const pass = (end: number): void => {
    while (outside.nextAt() <= end) {
      time = Math.max(time, outside.nextAt())
      outside.take()?.()
    }
    time = Math.max(time, end)
  }

  const runTimers = (): number => {
    let count = 0
    // While one of them blocks, others become due: Node runs them in the same phase.
    for (let due = dueOf(timers); due.length > 0; due = dueOf(timers)) {
      // One of them may cancel another.
      for (const timer of due) if (!timer.isCancelled) timer.task()
      count += due.length
    }
    return count
  }

  const runArrivals = (): number => {
    const due = dueOf(arrivals)
    for (const task of due) task()
    return due.length
  }

  const runReady = (): number => {
    const turn = ready
    ready = []
    shuffle(turn, random)
    turn.sort((one, other) => one.priority - other.priority)
    for (const { task } of turn) task()
    return turn.length
  }

  /** Goes to the next event of the program, if it has nothing to do now. `false` if there is none. */
  const advance = (): boolean => {
    if (ready.length > 0) return true
    while (true) {
      const next = Math.min(timers.nextAt(), arrivals.nextAt())
      // What happens outside can bring something sooner.
      const first = Math.min(next, outside.nextAt())
      if (first === Infinity) return false
      pass(first)
      if (Math.min(timers.nextAt(), arrivals.nextAt()) <= time) return true
    }
  }

  return {
    now: () => time,
    timer: (millis, task) => {
      const timer: Timer = { task, isCancelled: false }
      timers.add(time + Math.max(0, millis) + random.float(), timer)
      return () => {
        timer.isCancelled = true
      }
    },
    arrival: (millis, task) => arrivals.add(time + millis, task),
    outside: (millis, task) => outside.add(time + millis, task),
    soon: (task, priority = 0) => {
      ready.push({ task, priority })
    },
    block: (millis) => pass(time + millis),
    run: async (isDone) => {
      while (!isDone()) {
        if (!advance()) {
          await settled()
          if (advance()) continue
          throw new Error("The program waits for nothing: no timer, no arrival, and no fiber is ready")
        }
        for (const phase of [runTimers, runArrivals, runReady]) if (phase() > 0) await settled()
      }
    }
  }
}
