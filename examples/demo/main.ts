/**
 * The demo: an embedded CheckResult service on a loopback port, called over real HTTP with real signatures through the
 * public API. `--reveal` shows the (fictitious) people's fields.
 */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Document from "@effect-cloudauth/core/Document"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import * as print from "./print.ts"

const reveal = process.argv.includes("--reveal")
const merchantBizId = "demo0001"

/** Notes the waits between attempts, as a metrics pipeline would. */
const waits: Array<number> = []
const observer = Telemetry.makeObserver({ retryScheduled: ({ delay }) => waits.push(delay) })

const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase()

const documents = Effect.gen(function* () {
  print.heading("The seven documents")
  for (const name of Document.names) {
    const result = yield* Cloudauth.checkResult({
      merchantBizId,
      transactionId: `hksb-passed-${kebab(name)}`,
      document: Document.kinds[name],
      isReturnImage: true
    })
    print.document(name, result, reveal)
  }
})

const verdicts = Effect.gen(function* () {
  print.heading("Verdicts")
  const ids = ["hksb-rejected-211", "hksb-rejected-212", "hksb-rejected-213", "hksb-contradictory"]
  for (const transactionId of ids) {
    print.verdict(transactionId, yield* Cloudauth.checkResult({ merchantBizId, transactionId }))
  }
})

const spoofed = Effect.gen(function* () {
  print.heading("A spoofed card")
  print.spoof(yield* Cloudauth.checkResult({ merchantBizId, transactionId: "hksb-spoofed" }))
})

const throttled = Effect.gen(function* () {
  print.heading("Throttled twice, then well")
  const emulator = yield* Emulator
  waits.length = 0
  const transactionId = "hksb-throttled-twice"
  const result = yield* Cloudauth.checkResult({ merchantBizId, transactionId })
  print.attempts(yield* emulator.callsOf(transactionId), waits, result)
})

const polled = Effect.gen(function* () {
  print.heading("Polling until the user has finished")
  const emulator = yield* Emulator
  const transactionId = "hksb-pending-three"
  const result = yield* Cloudauth.awaitResult(
    { merchantBizId, transactionId },
    { polling: Schedule.spaced("200 millis") }
  )
  print.attempts(yield* emulator.callsOf(transactionId), [], result)
})

const refused = Effect.gen(function* () {
  print.heading("A transaction id that nobody stored")
  print.failure(yield* Effect.flip(Cloudauth.checkResult({ merchantBizId, transactionId: "from-the-users-device" })))
})

const client = Layer.unwrap(
  Effect.map(Emulator, (emulator) =>
    NodeCloudauth.layer({
      url: emulator.url,
      credentials: Credentials.layerStatic({
        accessKeyId: emulator.accessKeyId,
        accessKeySecret: emulator.accessKeySecret
      })
    })
  )
)

const demo = Effect.gen(function* () {
  const emulator = yield* Emulator
  print.title(emulator.url)
  yield* documents
  yield* verdicts
  yield* spoofed
  yield* throttled
  yield* polled
  yield* refused
  print.closing((yield* emulator.calls).length, reveal)
}).pipe(
  Effect.provide(Layer.provideMerge(client, Emulator.layer())),
  Effect.provideService(Telemetry.Observer, observer),
  // The errors are printed below; their log lines would stand twice.
  Effect.provideService(References.MinimumLogLevel, "Error")
)

await Effect.runPromise(demo)
