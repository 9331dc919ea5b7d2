/**
 * A process whose metrics are scraped (`OTEL_METRICS_EXPORTER=prometheus`): it makes calls of every kind until it is
 * killed. It prints a line when the first ones have ended.
 */
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as DecisionPolicy from "@effect-cloudauth/core/DecisionPolicy"
import * as DocType from "@effect-cloudauth/core/DocType"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as OtelNodeSdk from "../../src/OtelNodeSdk.ts"
import * as support from "../support.ts"

const day = 86_400_000

const strange = Canned.passed(undefined, { fields: { birthDate: "soon" } })
const replies = [
  support.throttled,
  strange,
  support.rejected("212"),
  support.error("Forbidden.AccountAccessDenied", 403)
]
const transport = support.fakeTransport((_, count) => {
  const reply = replies[count % replies.length] ?? support.throttled
  return Effect.andThen(Telemetry.limiterWaited(20), reply)
})
// A key that is always about to expire is fetched for each attempt.
const credentials = Credentials.layerRefreshing({
  load: Effect.sync(() => ({ ...support.key, expiresAt: Date.now() + 60_000 }))
})
const client = Cloudauth.layerTransport({ quota: 1000 }).pipe(Layer.provide([credentials, transport.layer]))

// Each a transaction of its own: a verdict counts once.
let calls = 0
const call = Effect.tap(
  Effect.suspend(() =>
    Cloudauth.checkResult({ ...support.request, transactionId: `${support.request.transactionId}${calls++}` })
  ),
  Effect.suspend(() => Effect.andThen(Telemetry.resultFetched(Date.now() - 28 * day), Telemetry.storeSwept(undefined)))
)
// A user's whole way, to its decision.
const way = Effect.suspend(() => {
  const merchantBizId = `${support.request.merchantBizId}${calls++}`
  return TransactionStore.initialize({ merchantBizId, merchantUserId: "user", docType: DocType.GlobalPassport }).pipe(
    Effect.andThen(TransactionStore.checkStored({ merchantBizId })),
    Effect.flatMap(TransactionStore.decide(DecisionPolicy.standard))
  )
}).pipe(Effect.provide([Cloudauth.layerTest(() => Canned.rejected("212")), TransactionStore.layerMemory]))
const round = Effect.andThen(
  Effect.forEach(replies, () => Effect.exit(call), { discard: true }),
  way
)

await Effect.runPromise(
  round.pipe(
    Effect.andThen(Effect.sync(() => process.stdout.write("ready\n"))),
    Effect.andThen(Effect.forever(Effect.delay(round, "50 millis"))),
    Effect.provide(client),
    Effect.provide(OtelNodeSdk.layer())
  )
)
