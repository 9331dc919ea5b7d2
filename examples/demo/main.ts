/**
 * The demo: a CheckResult service on a loopback port, called over real HTTP with real signatures through the public API.
 * `--reveal` shows the (fictitious) people's fields.
 */
import {
  Assessment,
  Cloudauth,
  Credentials,
  Decision,
  DecisionPolicy,
  Document,
  Telemetry
} from "@effect-cloudauth/core"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { DateTime, Effect, Layer, Schedule } from "effect"
import * as print from "./print.ts"

const reveal = process.argv.includes("--reveal")
const merchantBizId = "demo0001"

/** Notes the waits between attempts, as a metrics pipeline would. */
const waits: Array<number> = []
const observer = Telemetry.makeObserver({ retryScheduled: ({ delay }) => waits.push(delay) })

const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase()

/** Asks for a result, looks at it as a careful reviewer does, and decides. */
const decide = (transactionId: string, document: Document.Name) =>
  Effect.gen(function* () {
    const expect = { document: Document.kinds[document], idSpoof: true }
    const result = yield* Cloudauth.checkResult({ merchantBizId, transactionId, isReturnImage: true, expect })
    const assessed = Assessment.assess(result, { now: yield* DateTime.now })
    return { result, decision: Decision.of(DecisionPolicy.standard, assessed) }
  })

const documents = Effect.gen(function* () {
  print.heading("Seven documents, decoded")
  for (const name of Document.names) {
    const { result } = yield* decide(`hksb-passed-${kebab(name)}`, name)
    print.document(name, result, reveal)
  }
})

const outcomes = Effect.gen(function* () {
  print.heading("What is not a pass")
  const cases: ReadonlyArray<readonly [id: string, document: Document.Name, what: string]> = [
    ["hksb-rejected-211", "HongKongIdentityCard", "a blurred image"],
    ["hksb-rejected-213", "HongKongIdentityCard", "no document in the image"],
    ["hksb-spoofed", "HongKongIdentityCard", "a card on a screen"],
    ["hksb-contradictory", "HongKongIdentityCard", "Passed, with a rejection's code"],
    ["hksb-other-document", "HongKongIdentityCard", "a passport, not the card"],
    ["hksb-expired", "GlobalPassport", "a passport that has expired"],
    ["hksb-wrong-check-digit", "HongKongIdentityCard", "a number that can't be"]
  ]
  for (const [id, document, what] of cases) {
    const { decision, result } = yield* decide(id, document)
    print.outcome(what, result, decision)
  }
})

const recoveries = Effect.gen(function* () {
  print.heading("What the client does by itself")
  const emulator = yield* Emulator
  const throttled = { merchantBizId, transactionId: "hksb-throttled-twice" }
  const pending = { merchantBizId, transactionId: "hksb-pending-three" }
  yield* Cloudauth.checkResult(throttled)
  print.attempts("throttled twice", yield* emulator.callsOf(throttled.transactionId), waits)
  yield* Cloudauth.awaitResult(pending, { polling: Schedule.spaced("200 millis") })
  print.attempts("a user who takes time", yield* emulator.callsOf(pending.transactionId), [])
  print.failure("an unknown transaction id", yield* Effect.flip(decide("from-a-users-device", "GlobalPassport")))
})

const client = Layer.unwrap(
  Effect.map(Emulator, ({ accessKeyId, accessKeySecret, url }) =>
    NodeCloudauth.layer({ url, credentials: Credentials.layerStatic({ accessKeyId, accessKeySecret }) })
  )
)

const demo = Effect.gen(function* () {
  const emulator = yield* Emulator
  print.title(emulator.url)
  yield* documents
  yield* outcomes
  yield* recoveries
  print.closing((yield* emulator.calls).length, reveal)
}).pipe(
  Effect.provide(Layer.provideMerge(client, Emulator.layer())),
  Effect.provideService(Telemetry.Observer, observer)
)

await Effect.runPromise(demo)
