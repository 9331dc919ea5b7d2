/** A machine whose clock is wrong, or is set while it works. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Effect from "effect/Effect"
import * as Machine from "../machine.ts"
import * as People from "../people.ts"
import * as Service from "../service.ts"
import type { World } from "../simulation.ts"

const minute = 60_000
const quota = 10

/** How often the clock is set, and how many calls come together afterwards. */
const steps = 6
const together = 12

const clockSet = (name: string, direction: -1 | 1): World => ({
  name,
  about: `200 users wait at 10 calls a second, and others call all at once each time the clock was set ${direction < 0 ? "back" : "forward"}: all succeed, in the same time`,
  run: (simulation, { scale }) =>
    Effect.gen(function* () {
      const { log, lots, loop, must } = simulation
      const service = Service.make(simulation, { work: [100, 400] })
      const users = Math.round(200 * scale)
      const ids = People.finished(service, users + steps * together)
      const { client, clock, on } = Machine.make(simulation)
      const random = lots("clock")
      const calls = Effect.provide(client(service, { quota: "none" }))(
        Effect.gen(function* () {
          const endings: Array<People.Ending> = []
          for (let step = 0; step < steps; step++) {
            yield* Effect.sleep(2000 + random.below(1500))
            const by = direction * Math.round((20 + random.float() * 160) * minute)
            clock.set(by)
            log.add(`the clock is set by ${by} ms`)
            const next = ids.slice(step * together, (step + 1) * together)
            const ends = yield* People.allAtOnce(simulation, next, (id) => Cloudauth.checkResult(People.requestOf(id)))
            endings.push(...ends)
          }
          return endings
        })
      )
      const waiting = People.allAtOnce(simulation, ids.slice(steps * together), (id) =>
        Cloudauth.awaitResult(People.requestOf(id))
      ).pipe(
        Effect.provide(client(service, { quota })),
        Effect.map((endings) => ({ endings, tookMillis: loop.now() }))
      )
      const [called, waited] = yield* on(Effect.all([calls, waiting], { concurrency: "unbounded" }))
      must(called.every(People.isAnswered), `of ${called.length} calls: ${People.summary(called)}`)
      must(waited.endings.every(People.isAnswered), `of ${users} users: ${People.summary(waited.endings)}`)
      const limit = (1300 * users) / quota + 2000
      must(waited.tookMillis <= limit, `the waits took ${Math.round(waited.tookMillis)} ms, ${limit} ms at most`)
      const refused = service.arrivals.filter(({ code }) => /timestamp/i.test(code)).length
      must(refused > 0, "no request was refused for its date")
      must(service.arrivals.length === ids.length + refused, `${service.arrivals.length} requests came`)
      return { calls: service.arrivals.length, refused, seconds: Math.round(waited.tookMillis / 1000) }
    })
})

export const clockSetBack: World = clockSet("clockSetBack", -1)

export const clockSetForward: World = clockSet("clockSetForward", 1)
