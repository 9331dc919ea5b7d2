/** The network's side: a pool with more to do than time, and a program that blocks its event loop. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Effect from "effect/Effect"
import { withVirtualGlobals } from "../globals.ts"
import * as Machine from "../machine.ts"
import * as People from "../people.ts"
import * as Pool from "../pool.ts"
import * as Service from "../service.ts"
import type { World } from "../simulation.ts"

const answerTime = 300
const deadline = 30_000

/** After so many rounds of answers the pool knows how long an answer takes. */
const measuredRounds = 4

export const pool: World = {
  name: "pool",
  about:
    "10,000 calls on 64 connections, 300 ms an answer: at least 6,000 pass, the others are refused once answers are measured",
  run: (simulation, { scale }) =>
    Effect.gen(function* () {
      const { loop, must } = simulation
      const connections = Math.round(64 * scale)
      const service = Service.make(simulation, { way: [0, 0], work: [answerTime, answerTime] })
      const ids = People.finished(service, Math.round(10_000 * scale))
      const { client, on } = Machine.make(simulation)
      const layer = client(service, { transport: Pool.layer(service, connections) })
      const endings = yield* People.allAtOnce(simulation, ids, (id) =>
        Cloudauth.checkResult(People.requestOf(id))
      ).pipe(Effect.provide(layer), on, (all) => withVirtualGlobals(loop, all))
      const passed = endings.filter(People.isAnswered).length
      const bound = (connections * deadline) / answerTime
      must(passed >= bound * 0.9375, `${passed} of ${ids.length} calls passed; ${bound} have time`)
      const isLate = ({ at }: People.Ending) => at > deadline - answerTime
      const refused = endings.filter((ending) => !People.isAnswered(ending) && !isLate(ending))
      for (const error of People.errorsOf(refused)) {
        const isQueue = error._tag === "CallTimeout" && error.phase === "queue" && error.queue !== undefined
        must(isQueue && error.attempts === 0, `a refused call ended as ${error._tag} after ${error.attempts} attempts`)
      }
      const latest = Math.round(Math.max(0, ...refused.map(({ at }) => at)))
      must(latest <= measuredRounds * answerTime, `a call waited ${latest} ms to be refused`)
      // The last round gets its connections, and has no time left for an answer.
      const late = ids.length - passed - refused.length
      must(late <= connections, `${late} calls waited until their deadline, and got no answer`)
      const sent = service.arrivals.length
      must(sent === passed + late, `${sent} requests were sent for ${passed} that passed`)
      return { calls: ids.length, passed, refused: refused.length, refusedAfterMillis: latest, late, sent }
    })
}

/** 50 calls are under way; then the program computes for 2.5 s, while all their answers come. */
const blocked = (name: string, transportOf: (service: Service.Service) => Machine.ClientOptions): World => ({
  name,
  about: `50 answers come while the program blocks its event loop for 2.5 s, with attempts of 2 s (${name}): none is asked again`,
  run: (simulation) =>
    Effect.gen(function* () {
      const { loop, must } = simulation
      const service = Service.make(simulation, { work: [400, 1500] })
      const ids = People.finished(service, 50)
      const { client, on } = Machine.make(simulation)
      const calls = People.allAtOnce(simulation, ids, (id) =>
        Cloudauth.checkResult(People.requestOf(id), { retry: { attemptTimeout: "2 seconds" } })
      )
      const block = Effect.andThen(
        Effect.sleep(200),
        Effect.sync(() => loop.block(2500))
      )
      const [endings] = yield* Effect.all([calls, block], { concurrency: "unbounded" }).pipe(
        Effect.provide(client(service, transportOf(service))),
        on,
        (all) => withVirtualGlobals(loop, all)
      )
      const answered = endings.filter(People.isAnswered).length
      must(answered === ids.length, `of ${ids.length} calls: ${People.summary(endings)}`)
      const repeated = service.arrivals.length - ids.length
      must(repeated === 0, `${repeated} requests were sent again`)
      return { answered, sent: service.arrivals.length, repeated }
    })
})

export const blockedHttpClient: World = blocked("blockedHttpClient", () => ({}))

export const blockedPool: World = blocked("blockedPool", (service) => ({ transport: Pool.layer(service, 64) }))
