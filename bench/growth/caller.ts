/**
 * One process of several under one quota. Arguments: the service's URL, the store that holds the quota, calls a second,
 * seconds. It says when it is warm, waits for a message, and gives the times of its answers, in milliseconds since 1970.
 */
import { once } from "node:events"
import * as Stores from "@effect-cloudauth/cli/Stores"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as SqlQuota from "@effect-cloudauth/core/SqlQuota"
import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
import * as NodeCrypto from "@effect-cloudauth/node/NodeCrypto"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { accessKey } from "../clients/BenchClient.ts"
import { nextCall, workloads } from "../workloads.ts"

const [url = "", store = "", quota = "", seconds = ""] = process.argv.slice(2)

const call = Effect.suspend(() => {
  const { merchantBizId, transactionId } = nextCall(workloads.small16)
  return Cloudauth.checkResult({ merchantBizId, transactionId })
})

const program = Effect.gen(function* () {
  // Compiles what is hot.
  yield* Effect.repeat(call, { times: 60 })
  process.send?.("ready")
  yield* Effect.promise(() => once(process, "message"))
  const answered: Array<number> = []
  const cpu = process.cpuUsage()
  const end = performance.now() + Number(seconds) * 1000
  const lane = call.pipe(
    Effect.tap(() => Effect.sync(() => answered.push(Date.now()))),
    Effect.repeat({ while: () => performance.now() < end })
  )
  yield* Effect.all(
    Array.from({ length: 16 }, () => lane),
    { concurrency: "unbounded" }
  )
  const { system, user } = process.cpuUsage(cpu)
  return { answered, cpuMicros: system + user }
})

const live = Cloudauth.layerTransport({ url, quota: Number(quota) }).pipe(
  Layer.provide(SqlQuota.layer),
  Layer.provide([
    Credentials.layerStatic({ accessKeyId: accessKey.id, accessKeySecret: accessKey.secret }),
    Layer.merge(NodeTransport.layer(), NodeCrypto.layer),
    Stores.layer(Stores.parse(store)).pipe(Layer.provide(NodeServices.layer))
  ])
)

process.send?.(await Effect.runPromise(Effect.provide(program, live)))
process.disconnect?.()
