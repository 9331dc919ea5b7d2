/** A merchant's day: users begin, take their time, and finish or leave; callbacks are lost, late and doubled. */
import * as Callback from "@effect-cloudauth/core/Callback"
import * as DocType from "@effect-cloudauth/core/DocType"
import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Random } from "../../random.ts"
import * as Machine from "../machine.ts"
import * as People from "../people.ts"
import * as Service from "../service.ts"
import type { Simulation, World } from "../simulation.ts"
import * as Users from "../users.ts"

const minute = 60_000
const hour = 60 * minute
const quota = 10

export interface Day {
  readonly users: number
  readonly hours: number
  /** Hears of each hour that has passed. */
  readonly progress?: ((line: string) => void) | undefined
}

const callbackToken = Redacted.make("b7e23ec29af22b0b4e41da31e868d572")
const callbackUrl = "https://merchant.example/cloudauth/callback"

/** The network between the platform and the merchant: a tenth each of the callbacks is lost, late, or comes twice. */
const deliveries = (random: Random): ReadonlyArray<number> => {
  if (random.chance(0.1)) return []
  const first = random.chance(0.1) ? 5000 + random.float() * 2 * minute : 20 + random.float() * 200
  return random.chance(0.1) ? [first, first + random.float() * 10_000] : [first]
}

/** The merchant's callback route: gives how to call it. */
const route = (users: Users.Users) =>
  Effect.map(
    HttpRouter.toHttpEffect(
      Callback.layer({
        callbackToken,
        onResult: ({ transaction }) => Effect.sync(() => users.collected(transaction.transactionId)),
        onEnded: ({ transaction }) => Effect.sync(() => users.ended(transaction.transactionId))
      })
    ),
    (http) => (request: Request) =>
      Effect.scoped(
        Effect.provideService(http, HttpServerRequest.HttpServerRequest, HttpServerRequest.fromWeb(request))
      )
  )

/** One user, from the merchant's page to the result. */
const user = ({ log, loop }: Simulation, { gateway }: Service.Service, users: Users.Users, plan: Users.Plan) =>
  Effect.gen(function* () {
    const { transactionId } = yield* TransactionStore.initialize({
      merchantBizId: `order${plan.index}`,
      merchantUserId: `user${plan.index}`,
      docType: DocType.GlobalPassport,
      callbackUrl,
      callbackToken
    })
    users.begun(transactionId)
    if (plan.takes !== undefined) {
      loop.outside(plan.takes, () => {
        users.done(transactionId)
        gateway.journeys.complete(transactionId)
      })
    }
    if (!plan.waits) return
    const exit = yield* Effect.exit(TransactionStore.awaitStored({ transactionId }))
    const end = People.endOf({ exit })
    log.add(`${transactionId} waited: ${end}`)
    users.waited(transactionId, end)
  })

/** A world with so many users in so many hours. */
export const merchantDay = ({ hours, progress = () => {}, users: count }: Day): World => ({
  name: "callbacks",
  about: `${count} users in ${hours} hours at 10 calls a second, callbacks lost, late and doubled: each transaction ends once, with a result or a reason`,
  run: (simulation, { scale }) =>
    Effect.scoped(
      Effect.gen(function* () {
        const { log, lots, loop, must } = simulation
        const users = Users.make(loop)
        const fibers = yield* FiberSet.make<unknown, unknown>()
        const fork = yield* FiberSet.runtime(fibers)()
        const network = lots("callbacks")
        let receive: (request: Request) => Effect.Effect<unknown, unknown> = () => Effect.void
        const callback = (request: Request): void => {
          const id = new URL(request.url).searchParams.get("transactionId") ?? ""
          const after = deliveries(network)
          if (after[0] !== undefined) users.called(id, loop.now() + after[0])
          for (const millis of after) {
            loop.arrival(millis, () => {
              log.add(`${id} called back`)
              fork(receive(request.clone()))
            })
          }
        }
        const service = Service.make(simulation, { qps: quota, callback })
        const { client, on } = Machine.make(simulation)
        const services = Layer.merge(TransactionStore.layerMemory, client(service, { quota }))
        const plans = Users.plans(lots("users"), Math.round(count * scale), hours * hour)
        yield* Effect.gen(function* () {
          receive = yield* route(users)
          let hoursPassed = 0
          for (const plan of plans) {
            if (plan.at > loop.now()) yield* Effect.sleep(plan.at - loop.now())
            fork(yield* bound(user(simulation, service, users, plan)))
            if (loop.now() >= (hoursPassed + 1) * hour) progress(`${++hoursPassed} hours: ${users.summary()}`)
          }
          yield* FiberSet.awaitEmpty(fibers)
          // What no one waits for is collected by the route's sweep, once it is an hour old.
          const end = loop.now() + 3 * hour
          while (users.open() > 0 && loop.now() < end) yield* Effect.sleep(minute)
        }).pipe(Effect.provide(services), on)
        const most = Service.mostInASecond(
          service.arrivals.filter(({ action }) => action === "CheckResult").map(({ at }) => at)
        )
        must(most <= quota, `${most} calls came within a second; the quota is ${quota}`)
        return { ...users.judge(simulation, service, plans), mostInASecond: most }
      }).pipe(Effect.orDie)
    )
})

/** Takes what an effect needs from here, to run elsewhere. */
const bound = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<Effect.Effect<A, E>, never, R> =>
  Effect.map(Effect.context<R>(), (context) => Effect.provideContext(effect, context))

export const callbacks: World = merchantDay({ users: 240, hours: 2 })
