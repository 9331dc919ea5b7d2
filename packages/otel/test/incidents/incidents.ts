/** Incidents on the emulator, each with the alerts that it raises: those, and no others. */
import * as CallbackHandler from "@effect-cloudauth/core/CallbackHandler"
import { Cloudauth, type Options } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as HttpTransport from "@effect-cloudauth/core/HttpTransport"
import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as Transport from "@effect-cloudauth/core/Transport"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Fault from "@effect-cloudauth/emulator/Fault"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import { asProcess, Time } from "./recording.ts"

interface Incident {
  readonly raises: ReadonlyArray<string>
  readonly happens: Effect.Effect<unknown, unknown, Time>
}

const hour = 60
const day = 24 * hour

/** The service takes so long for an answer. */
const takes = (millis: number) => Fault.rule(Fault.Fault.cases.Delay.make({ millis }))

const usual = takes(80)

/** Faults on top of the usual time of an answer. */
const faults = (...rules: ReadonlyArray<Fault.Rule>) => Effect.flatMap(Emulator, ({ setFaults }) => setFaults(rules))

const transport = HttpTransport.layer.pipe(Layer.provide(Emulator.layerHttpClient))

interface Setting extends Options {
  readonly accessKeyId?: string
  readonly transport?: Layer.Layer<Transport.Transport, never, Emulator>
}

/** What happens to a process with a client of the emulator. */
const at = <E>(incident: Effect.Effect<unknown, E, Time | Cloudauth | Emulator>, setting: Setting = {}) => {
  const { accessKeyId, transport: over = transport, ...options } = setting
  const client = Layer.unwrap(
    Effect.map(Emulator, (emulator) => {
      const key = { ...emulator, accessKeyId: accessKeyId ?? emulator.accessKeyId }
      return Cloudauth.layerTransport({ quota: "none", url: emulator.url, ...options }).pipe(
        Layer.provide([Credentials.layerStatic(key), over])
      )
    })
  )
  const emulator = Emulator.layerMemory({ faults: [usual], defaultScenario: Scenario.passed(), keepCalls: 1 })
  return Effect.provide(incident, Layer.provideMerge(client, emulator))
}

const pass = <E = never, R = never>(minutes: number, each?: Effect.Effect<unknown, E, R>) =>
  Effect.flatMap(Time, (time) => time.pass(minutes, each))

const dead = (minutes: number) => Effect.flatMap(Time, (time) => time.dead(minutes))

let transactions = 0

/** Asks for the result of another transaction. */
const check = Effect.suspend(() => {
  const transactionId = `t${transactions++}`
  return Cloudauth.checkResult({ merchantBizId: `order${transactionId}`, transactionId })
})

const times = (count: number) => Array.from({ length: count }, (_, index) => index)

/** So many in a minute, one after the other. */
const spread = <E, R>(count: number, one: Effect.Effect<unknown, E, R>) =>
  Effect.forEach(times(count), (index) => Effect.delay(Effect.exit(one), (index * 60_000) / count), {
    concurrency: "unbounded",
    discard: true
  })

/** So many at once. */
const atOnce = (count: number) =>
  Effect.forEach(times(count), () => Effect.exit(check), { concurrency: "unbounded", discard: true })

/** Of each `all` checks in an hour so many are rejected. */
const rejecting = (rejected: number, all: number) => {
  let count = 0
  return Effect.gen(function* () {
    const { setDefault } = yield* Emulator
    yield* setDefault(count++ % all < rejected ? Scenario.rejected("211") : Scenario.passed())
    yield* check
  })
}

/** A process with a callback's route, whose handler does this. */
const collecting = (
  onResult: Effect.Effect<void, string>,
  use: Effect.Effect<unknown, unknown, Emulator | Time | TransactionStore>
) =>
  CallbackHandler.make({
    callbackToken: Redacted.make("b7e23ec29af22b0b4e41da31e868d572"),
    onResult: () => onResult
  }).pipe(Effect.andThen(use), Effect.scoped)

/** A user has finished, and the callback was noted. */
const finishes = Effect.gen(function* () {
  const store = yield* TransactionStore
  const transactionId = `t${transactions++}`
  yield* store.put({ transactionId, merchantBizId: `order${transactionId}` })
  yield* (yield* Emulator).register(transactionId, Scenario.passed())
  yield* store.notified(transactionId)
})

/** One connection for all calls. */
const oneConnection = Layer.unwrap(
  Effect.map(Semaphore.make(1), (places) =>
    Transport.map(transport, (send) => (request) => places.withPermits(1)(send(request)))
  )
)

export const incidents: Readonly<Record<string, Incident>> = {
  nothing: { raises: [], happens: at(pass(3 * hour, spread(6, check))) },
  "the vendor hangs, and the callers give up after 2 seconds": {
    raises: ["CloudauthCallersGiveUp", "CloudauthSlow"],
    happens: at(
      Effect.gen(function* () {
        const patient = spread(3, Effect.timeout(check, "2 seconds"))
        yield* pass(day, patient)
        yield* faults(Fault.rule(Fault.Fault.cases.DroppedAnswer.make({})))
        yield* pass(40, patient)
      })
    )
  },
  "our own quota makes calls wait": { raises: [], happens: at(pass(hour, atOnce(20)), { quota: 2 }) },
  "our own pool makes calls wait": {
    raises: [],
    happens: at(Effect.andThen(faults(takes(400)), pass(hour, atOnce(20))), { transport: oneConnection })
  },
  "the quota is exceeded": {
    raises: ["CloudauthThrottled"],
    happens: at(
      Effect.gen(function* () {
        yield* (yield* Emulator).setQps(5)
        yield* pass(hour, atOnce(8))
      })
    )
  },
  "three times as many are rejected": {
    raises: ["CloudauthRejectionsShifted"],
    happens: at(Effect.andThen(pass(2 * day, rejecting(1, 10)), pass(90, rejecting(3, 10))))
  },
  "the vendor writes dates in another way": {
    raises: ["CloudauthAnswersChanged"],
    happens: at(
      Effect.gen(function* () {
        yield* pass(hour, spread(2, check))
        yield* (yield* Emulator).setDefault(Scenario.passed({ fields: { birthDate: "12-Mar-90" } }))
        yield* pass(30, spread(2, check))
      })
    )
  },
  "the service is down": {
    raises: ["CloudauthFailing"],
    happens: at(
      Effect.gen(function* () {
        yield* pass(hour, spread(2, check))
        yield* faults(Fault.rule(Fault.Fault.cases.ServerError.make({ status: 503 })))
        yield* pass(30, spread(2, check))
      })
    )
  },
  "the key is refused": {
    raises: ["CloudauthCredentialsFailing"],
    happens: at(pass(30, spread(2, check)), { accessKeyId: "emulator-unknown" })
  },
  "a release asks for transactions that do not exist": {
    raises: ["CloudauthRequestsRefused"],
    happens: at(
      Effect.gen(function* () {
        yield* (yield* Emulator).setDefault(undefined)
        yield* pass(30, spread(2, check))
      })
    )
  },
  "the handler of results fails for four days": {
    raises: ["CloudauthResultsWaiting"],
    happens: at(
      collecting(Effect.fail("down"), Effect.andThen(finishes, pass(4 * day))).pipe(
        Effect.provide(TransactionStore.layerMemory)
      )
    )
  },
  "the process that collects dies": {
    raises: ["CloudauthCollectorSilent"],
    happens: at(
      Effect.andThen(collecting(Effect.void, pass(day)), dead(2 * hour)).pipe(
        Effect.provide(TransactionStore.layerMemory)
      )
    )
  },
  "it is started again when little time is left": {
    raises: ["CloudauthResultsExpiring"],
    happens: at(
      Effect.gen(function* () {
        yield* collecting(Effect.void, pass(hour))
        yield* finishes
        yield* dead(28 * day)
        yield* asProcess(collecting(Effect.void, pass(30)))
      }).pipe(Effect.provide(TransactionStore.layerMemory))
    )
  }
}
