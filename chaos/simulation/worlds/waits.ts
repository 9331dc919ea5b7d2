/** Waits for users: how many calls they cost, and what they live through. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Fault } from "@effect-cloudauth/emulator/Fault"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Machine from "../machine.ts"
import * as People from "../people.ts"
import * as Service from "../service.ts"
import type { Simulation, World } from "../simulation.ts"

const minute = 60_000
const pending = Scenario.errorCode("ProcessNotCompleted")
const passed = Scenario.passed({ document: "global-passport" })

/** A user who takes 10 minutes; what happens meanwhile. */
const tenMinutes = (simulation: Simulation, meanwhile: (service: Service.Service) => Effect.Effect<void>) =>
  Effect.gen(function* () {
    const { loop } = simulation
    const service = Service.make(simulation)
    const [id = ""] = People.finished(service, 1)
    service.gateway.register(id, pending)
    loop.outside(10 * minute, () => service.gateway.register(id, passed))
    const { client, on } = Machine.make(simulation)
    const fiber = yield* Effect.forkChild(meanwhile(service))
    const endings = yield* People.allAtOnce(simulation, [id], (id) => Cloudauth.awaitResult(People.requestOf(id))).pipe(
      Effect.provide(client(service)),
      on
    )
    yield* Fiber.interrupt(fiber)
    return { service, end: People.summary(endings), waited: loop.now() }
  })

export const slowUser: World = {
  name: "slowUser",
  about: "One user takes 10 minutes: at most 15 calls until then, and the result within a poll's pause",
  run: (simulation) =>
    Effect.gen(function* () {
      const { must } = simulation
      const { end, service, waited } = yield* tenMinutes(simulation, () => Effect.void)
      must(end === "answered 1", `the wait ended: ${end}`)
      const calls = service.arrivals.filter(({ at }) => at < 10 * minute).length
      must(calls <= 15, `${calls} calls in ten minutes`)
      const late = waited - 10 * minute
      must(late <= 1.2 * minute + 1000, `the result came ${Math.round(late)} ms after the user was done`)
      return { calls, lateSeconds: Math.round(late / 1000) }
    })
}

export const outage: World = {
  name: "outage",
  about: "A user takes 10 minutes, and the service answers 503 for 4.5 s just when a poll comes: the wait goes on",
  run: (simulation) =>
    Effect.gen(function* () {
      const { lots, loop, must } = simulation
      const before = 1 + lots("outage").below(8)
      const { end, service } = yield* tenMinutes(simulation, (service) =>
        Effect.gen(function* () {
          while (service.arrivals.length < before) yield* Effect.sleep(10)
          service.failFor(Infinity, Fault.cases.ServerError.make({ status: 503 }))
          while (service.arrivals.length === before) yield* Effect.sleep(10)
          loop.outside(4500, () => service.gateway.faults.setRules([]))
        })
      )
      must(end === "answered 1", `the wait ended: ${end}`)
      const failed = service.arrivals.filter(({ code }) => code === "ServiceUnavailable").length
      must(failed > 0, "no poll met the outage")
      return { pollsBefore: before, failed, calls: service.arrivals.length }
    })
}

export const pollsTogether: World = {
  name: "pollsTogether",
  about: "100 machines begin to wait at the same moment: their polls spread",
  run: (simulation, { scale }) =>
    Effect.gen(function* () {
      const { loop, must } = simulation
      const service = Service.make(simulation, { way: [10, 10], work: [20, 20] })
      const ids = People.finished(service, Math.round(100 * scale))
      for (const id of ids) service.gateway.register(id, pending)
      loop.outside(2 * minute, () => ids.forEach((id) => service.gateway.register(id, passed)))
      const endings = yield* People.allAtOnce(simulation, ids, (id) => {
        const { client, on } = Machine.make(simulation, id)
        return Cloudauth.awaitResult(People.requestOf(id)).pipe(Effect.provide(client(service)), on)
      })
      must(endings.every(People.isAnswered), `of ${ids.length} users: ${People.summary(endings)}`)
      // The first polls come as the users do.
      const later = service.arrivals.filter(({ at }) => at > 1000).map(({ at }) => at)
      const most = Service.mostInASecond(later.map((at) => at * 10))
      must(most <= ids.length / 2, `${most} of ${ids.length} polls came within 100 ms`)
      return { calls: service.arrivals.length, mostIn100Millis: most }
    })
}

export const retriesTogether: World = {
  name: "retriesTogether",
  about: "30 calls fail at the same moment: their retries spread",
  run: (simulation) =>
    Effect.gen(function* () {
      const { must } = simulation
      const service = Service.make(simulation, { way: [0, 0], work: [0, 0] })
      const ids = People.finished(service, 30)
      service.failFor(1, Fault.cases.ServerError.make({ status: 503 }))
      const endings = yield* People.allAtOnce(simulation, ids, (id) => {
        const { client, on } = Machine.make(simulation, id)
        return Cloudauth.checkResult(People.requestOf(id)).pipe(Effect.provide(client(service)), on)
      })
      must(endings.every(People.isAnswered), `of ${ids.length} calls: ${People.summary(endings)}`)
      const retries = service.arrivals.filter(({ at }) => at > 0.5).map(({ at }) => at)
      const most = Service.mostInASecond(retries.map((at) => at * 100))
      must(most <= ids.length / 2, `${most} of ${ids.length} retries came within 10 ms`)
      return { calls: service.arrivals.length, mostIn10Millis: most }
    })
}
