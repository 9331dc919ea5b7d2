/** Many people and one quota: everyone gets an answer, in turn, as fast as the quota allows. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Machine from "../machine.ts"
import * as People from "../people.ts"
import * as Service from "../service.ts"
import type { Simulation, World } from "../simulation.ts"

const quota = 10

/** What must hold wherever a quota is shared: the service never counts more, whatever the network does. */
const mustKeep = ({ must }: Simulation, { arrivals }: Service.Service, perSecond: number): number => {
  const most = Service.mostInASecond(arrivals.map(({ at }) => at))
  must(most <= perSecond, `${most} calls came within a second; the quota is ${perSecond}`)
  const throttled = arrivals.filter(({ code }) => code.startsWith("Throttling")).length
  must(throttled <= arrivals.length * 0.02, `${throttled} of ${arrivals.length} calls were throttled`)
  return most
}

/** How far from its place in the queue a call came, at most. */
const farthest = (ids: ReadonlyArray<string>, { arrivals }: Service.Service): number => {
  const places = new Map(ids.map((id, place) => [id, place]))
  return Math.max(...arrivals.map(({ transactionId = "" }, at) => Math.abs(at - (places.get(transactionId) ?? 0))))
}

export const thousandWaiters: World = {
  name: "thousandWaiters",
  about: "1,000 users wait in awaitResult, ready at the first poll, at 10 calls a second: all are answered",
  run: (simulation, { scale }) =>
    Effect.gen(function* () {
      const { loop, must } = simulation
      const service = Service.make(simulation, { qps: quota })
      const ids = People.finished(service, Math.round(1000 * scale))
      const { client, on } = Machine.make(simulation)
      const endings = yield* People.allAtOnce(simulation, ids, (id) =>
        Cloudauth.awaitResult(People.requestOf(id))
      ).pipe(Effect.provide(client(service, { quota })), on)
      const answered = endings.filter(People.isAnswered).length
      const calls = service.arrivals.length
      must(answered === ids.length, `of ${ids.length} users: ${People.summary(endings)}`)
      const limit = (1300 * ids.length) / quota
      must(loop.now() <= limit, `it took ${Math.round(loop.now())} ms; ${limit} ms are 1.3 times what the quota needs`)
      const mostInASecond = mustKeep(simulation, service, quota)
      // As many polls as go at a time can change places with each other.
      const unfairness = farthest(ids, service)
      must(unfairness <= 16, `a poll came ${unfairness} places from its turn`)
      return { answered, calls, seconds: Math.round(loop.now() / 1000), mostInASecond, unfairness }
    })
}

export const burst: World = {
  name: "burst",
  about: "250 calls at once at 10 a second, 25 s of work within a deadline of 30 s: all are answered, in their order",
  run: (simulation, { scale }) =>
    Effect.gen(function* () {
      const { loop, must } = simulation
      const service = Service.make(simulation, { qps: quota })
      const ids = People.finished(service, Math.round(250 * scale))
      const { client, on } = Machine.make(simulation)
      const endings = yield* People.allAtOnce(simulation, ids, (id) =>
        Cloudauth.checkResult(People.requestOf(id))
      ).pipe(Effect.provide(client(service, { quota })), on)
      const answered = endings.filter(People.isAnswered).length
      must(answered === ids.length, `of ${ids.length} calls: ${People.summary(endings)}`)
      must(service.arrivals.length === ids.length, `${service.arrivals.length} requests came for ${ids.length} calls`)
      const mostInASecond = mustKeep(simulation, service, quota)
      const unfairness = farthest(ids, service)
      // Two calls in a row are 110 ms apart, and can be up to 50 ms longer under way than the other.
      must(unfairness === 0, `a call came ${unfairness} places from its turn`)
      return { answered, calls: service.arrivals.length, seconds: Math.round(loop.now() / 1000), mostInASecond }
    })
}

export const overload: World = {
  name: "overload",
  about: "600 calls at once at 10 a second: those that can't be sent by their deadline are refused before they wait",
  run: (simulation, { scale }) =>
    Effect.gen(function* () {
      const { must } = simulation
      const service = Service.make(simulation, { qps: quota })
      const ids = People.finished(service, Math.round(600 * scale))
      const { client, on } = Machine.make(simulation)
      const endings = yield* People.allAtOnce(simulation, ids, (id) =>
        Cloudauth.checkResult(People.requestOf(id))
      ).pipe(Effect.provide(client(service, { quota })), on)
      const answered = endings.filter(People.isAnswered).length
      must(answered >= 260, `of ${ids.length} calls: ${People.summary(endings)}`)
      const refused = endings.filter((ending) => !People.isAnswered(ending) && ending.at < 100)
      for (const error of People.errorsOf(refused)) {
        const isQueue = error._tag === "CallTimeout" && error.phase === "queue" && error.queue !== undefined
        must(isQueue && error.attempts === 0, `a refused call ended as ${error._tag} after ${error.attempts} attempts`)
      }
      // The place of the last few comes just before their deadline: too late for an answer.
      const late = ids.length - answered - refused.length
      must(late <= 5, `${late} calls waited until their deadline, and got no answer`)
      const mostInASecond = mustKeep(simulation, service, quota)
      return { answered, refused: refused.length, late, calls: service.arrivals.length, mostInASecond }
    })
}

export const perRequest: World = {
  name: "perRequest",
  about: "40 requests at 2 a second, each with a layer of its own: the process has one quota",
  run: (simulation, { scale }) =>
    Effect.gen(function* () {
      const { must } = simulation
      const perSecond = 2
      const service = Service.make(simulation, { qps: perSecond })
      const ids = People.finished(service, Math.round(40 * scale))
      const { client, on } = Machine.make(simulation)
      const endings = yield* People.allAtOnce(simulation, ids, (id) =>
        Effect.provide(Cloudauth.checkResult(People.requestOf(id)), Layer.fresh(client(service, { quota: perSecond })))
      ).pipe(on)
      const answered = endings.filter(People.isAnswered).length
      must(answered === ids.length, `of ${ids.length} calls: ${People.summary(endings)}`)
      const mostInASecond = mustKeep(simulation, service, perSecond)
      return { answered, calls: service.arrivals.length, mostInASecond }
    })
}
