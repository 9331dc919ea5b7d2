/** Faults of the machine that the clients run on: its clock is set, and its event loop is blocked. */
import * as Random from "./random.ts"

export interface Weather {
  /** The wall clock is set again and again. */
  readonly isClockStepping: boolean
  /** The event loop is blocked for longer than an attempt may take. */
  readonly isLoopBlocked: boolean
}

/** The rounds take turns: calm, one fault, the other, both. */
export const ofRound = (round: number): Weather => ({
  isClockStepping: round % 2 === 1,
  isLoopBlocked: round % 4 >= 2
})

const minute = 60_000

/** What the clock is off by, in milliseconds: some within the service's 15 minutes, some beyond. */
const offsets = [0, 2 * minute, -10 * minute, 60 * minute, -60 * minute, 24 * 60 * minute] as const

/** How long a block lasts, in milliseconds: the clients give an attempt 1000. */
const blockMillis = 1500

export interface Struck {
  clockSteps: number
  blocks: number
}

/** Begins the weather. Returns what ends it: the clock is right again, and nothing blocks. */
export const begin = (seed: string, { isClockStepping, isLoopBlocked }: Weather, struck: Struck): (() => void) => {
  const random = Random.make(`weather:${seed}`)
  const ends: Array<() => void> = []
  if (isClockStepping) {
    const clock = steppedClock()
    const timer = setInterval(() => {
      clock.setOffset(random.pick(offsets))
      struck.clockSteps++
    }, 150)
    ends.push(() => clearInterval(timer), clock.restore)
  }
  if (isLoopBlocked) {
    const timer = setTimeout(
      () => {
        struck.blocks++
        block(blockMillis)
      },
      100 + random.below(200)
    )
    ends.push(() => clearTimeout(timer))
  }
  return () => {
    for (const end of ends) end()
  }
}

/** Keeps the event loop busy for so many milliseconds. */
export const block = (millis: number): void => {
  const end = performance.now() + millis
  while (performance.now() < end);
}

/** Takes the place of this process's wall clock until it is restored. */
export const steppedClock = () => {
  const right = globalThis.Date
  let offset = 0
  const now = () => right.now() + offset
  globalThis.Date = new Proxy(right, {
    construct: (target, given, self) => Reflect.construct(target, given.length === 0 ? [now()] : given, self),
    get: (target, name, self) => (name === "now" ? now : Reflect.get(target, name, self))
  })
  return {
    setOffset: (millis: number): void => {
      offset = millis
    },
    restore: (): void => {
      globalThis.Date = right
    }
  }
}
