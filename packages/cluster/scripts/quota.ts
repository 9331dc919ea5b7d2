/**
 * The quota, measured by the service's own log: `node scripts/quota.ts [LIMIT]` prints a table for 1, 2 and 4 processes
 * that ask as fast as they are let. Ends with 1 where more than the quota arrived, or less than 90 % of it was used.
 */
import { join } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { most, share } from "./support/arrivals.ts"
import * as processes from "./support/processes.ts"
import * as servers from "./support/servers.ts"

const limit = Number(process.argv[2] ?? 50)
const load = join(import.meta.dirname, "support/load.ts")

const measure = (count: number) =>
  Effect.gen(function* () {
    const account = `measure-${process.pid}-${count}`
    const emulator = yield* processes.emulator()
    for (let index = 0; index < count; index++) {
      yield* processes.supervised(load, {}, { args: [emulator.url, account, String(limit)] })
    }
    for (;;) {
      const arrivals = yield* emulator.arrivals()
      if (new Set(arrivals.map(([, id]) => id)).size === count) break
      yield* Effect.sleep("200 millis")
    }
    yield* Effect.sleep("1 second")
    const from = yield* Clock.currentTimeMillis
    yield* Effect.sleep("8 seconds")
    const to = yield* Clock.currentTimeMillis
    const times = (yield* emulator.arrivals()).map(([time]) => time)
    yield* Effect.provide(servers.forget(account), servers.redis)
    return { most: most(times, 1000), used: share(times, limit, from, to) }
  }).pipe(Effect.scoped)

const missing = await servers.missing()
if (missing !== undefined) {
  console.error(missing)
  process.exit(1)
}
let isKept = true
console.log(`| processes | at most within any second, of ${limit} | used over eight seconds |`)
console.log("|---|---|---|")
for (const count of [1, 2, 4]) {
  const { most, used } = await Effect.runPromise(measure(count))
  isKept = isKept && most <= limit && used >= 0.9
  console.log(`| ${count} | ${most} | ${(100 * used).toFixed(1)} % |`)
}
process.exit(isKept ? 0 : 1)
