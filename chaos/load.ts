/**
 * The load: the highest rate that this machine gives, for as long as asked, with memory flat and no error; then a throttle storm, and how long the
 * client takes to recover.
 *
 *     node chaos/load.ts [--minutes 1] [--concurrency 64] [--storm-seconds 60] [--storm-rate 200]
 *
 * The emulator, which checks every signature, takes one core and the client the other. Ends with 1 if an answer was wrong or memory grew.
 */
import { parseArgs } from "node:util"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Fault from "@effect-cloudauth/emulator/Fault"
import * as Effect from "effect/Effect"
import * as Clients from "./clients.ts"
import * as EmulatorProcess from "./emulator.ts"
import * as Leaks from "./leaks.ts"

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    concurrency: { type: "string", default: "64" },
    "storm-seconds": { type: "string", default: "60" },
    "storm-rate": { type: "string", default: "200" }
  }
})

const number = (name: keyof typeof values): number => {
  const value = Number(values[name])
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`--${name} must be a number above 0`)
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
const quantile = (sorted: Float64Array, q: number): number => sorted[Math.floor((sorted.length - 1) * q)] ?? 0

const wrong: Array<string> = []
const emulator = await EmulatorProcess.start("load", "load")
const fibers = new Leaks.LiveFibers()
const runtime = Clients.make({
  emulator,
  name: "undici",
  told: () => {},
  fibers,
  // As a user has it.
  policy: RetryPolicy.standard
})

let asked = 0
const ask = Effect.suspend(() => Cloudauth.checkResult({ merchantBizId: "load", transactionId: `load${++asked}` }))

/** Asks without a pause until `end`, on every one of so many fibers; gives the latencies in milliseconds. */
const fullSpeed = async (end: number, concurrency: number): Promise<Float64Array> => {
  const latencies: Array<number> = []
  const one = Effect.gen(function* () {
    while (performance.now() < end) {
      const started = performance.now()
      const result = yield* Effect.result(ask)
      latencies.push(performance.now() - started)
      if (result._tag === "Failure") wrong.push(result.failure._tag)
      else if (result.success.verdict._tag !== "Passed") wrong.push(result.success.verdict._tag)
    }
  })
  await runtime.runPromise(
    Effect.all(
      Array.from({ length: concurrency }, () => one),
      { concurrency: "unbounded", discard: true }
    )
  )
  return Float64Array.from(latencies).sort()
}

const concurrency = number("concurrency")
await fullSpeed(performance.now() + 3000, concurrency)

const slices = Math.max(6, Math.round(number("minutes") * 2))
const sliceMillis = (number("minutes") * 60_000) / slices
const heap: Array<number> = []
console.log("| slice | calls a second | median | 99 % | longest | heap | resident | emulator |")
console.log("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
let total = 0
for (let slice = 1; slice <= slices; slice++) {
  const started = performance.now()
  const latencies = await fullSpeed(started + sliceMillis, concurrency)
  const seconds = (performance.now() - started) / 1000
  total += latencies.length
  const rate = (latencies.length / seconds).toFixed(0)
  const millis = [0.5, 0.99, 1].map((q) => `${quantile(latencies, q).toFixed(1)} ms`)
  const left = await Leaks.measure()
  heap.push(left.heap)
  const { residentBytes } = await emulator.ask("state", null)
  const bytes = [left.heap, left.resident, residentBytes].map(mebibytes)
  console.log(`| ${[slice, rate, ...millis, ...bytes].join(" | ")} |`)
}
const grown = Leaks.growth(heap)
if (grown > 4 * 2 ** 20) wrong.push(`the heap grew by ${mebibytes(grown)}`)
console.log(`\n${total} calls, ${wrong.length} errors, heap from first to last third: ${mebibytes(grown)}`)

/** Calls at a steady rate, whatever becomes of them, with a storm in the middle. */
const storm = async (): Promise<void> => {
  const rate = number("storm-rate")
  const length = number("storm-seconds") * 1000
  const calm = 5000
  const ended: Array<{
    readonly began: number
    readonly at: number
    readonly ending: string
    readonly attempts: number
  }> = []
  let underWay = 0
  let most = 0
  const origin = performance.now()
  const stormBegins = origin + calm
  const stormEnds = stormBegins + length
  const last = stormEnds + 40_000
  const one = Effect.gen(function* () {
    const began = performance.now()
    underWay++
    if (underWay > most) most = underWay
    const result = yield* Effect.result(ask)
    underWay--
    ended.push({
      began,
      at: performance.now(),
      ending: result._tag === "Success" ? result.success.verdict._tag : result.failure._tag,
      attempts: result._tag === "Success" ? 1 : result.failure.attempts
    })
  })
  const arrivals = Effect.gen(function* () {
    let due = origin
    while (due < last) {
      due += 1000 / rate
      const pause = due - performance.now()
      if (pause > 0) yield* Effect.sleep(pause)
      yield* Effect.forkChild(one, { startImmediately: true })
      // Calm again for five seconds: there is no more to see.
      const recent = ended.filter(({ at }) => at > performance.now() - 5000)
      if (
        ended.length % rate === 0 &&
        performance.now() > stormEnds + 6000 &&
        recent.every(({ ending }) => ending === "Passed") &&
        underWay < rate / 10
      )
        return
    }
  })
  const weather = (async () => {
    await new Promise((resolve) => setTimeout(resolve, calm))
    await emulator.ask("setFaults", [Fault.rule(Fault.Fault.cases.Throttle.make({ retryAfterMillis: 1000 }))])
    await new Promise((resolve) => setTimeout(resolve, length))
    await emulator.ask("setFaults", [])
  })()
  await runtime.runPromise(Effect.scoped(arrivals))
  await weather
  const during = ended.filter(({ began }) => began >= stormBegins && began < stormEnds)
  const lastFailure = Math.max(stormEnds, ...ended.filter(({ ending }) => ending !== "Passed").map(({ at }) => at))
  const endings: Record<string, number> = {}
  for (const { ending } of during) endings[ending] = (endings[ending] ?? 0) + 1
  for (const { ending } of ended) if (ending !== "Passed" && ending !== "Throttled") wrong.push(ending)
  console.log(`\nThrottle storm of ${length / 1000} s at ${rate} calls a second, retry policy as by default:`)
  console.log(`- ended during the storm: ${JSON.stringify(endings)}`)
  console.log(`- most calls under way at once: ${most}`)
  console.log(`- recovered (the last call that failed): ${(lastFailure - stormEnds).toFixed(0)} ms after the storm`)
}
await storm()

await runtime.dispose()
const connections = await EmulatorProcess.connectionsLeft(emulator)
await emulator[Symbol.asyncDispose]()
if (connections !== 0) wrong.push(`${connections} connections are left`)
if (fibers.live !== 0) wrong.push(`${fibers.live} fibers are left`)
console.log(
  `\n${connections} connections and ${fibers.live} fibers left; ${wrong.length === 0 ? "nothing wrong" : `wrong: ${[...new Set(wrong)].join(", ")}`}`
)
process.exitCode = wrong.length === 0 ? 0 : 1
