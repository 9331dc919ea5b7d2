/** Our client as an Effect program would use it, as a plug of the benchmark: `ours` and its modes of tracing. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Document from "@effect-cloudauth/core/Document"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import { checkAnswer, nextCall } from "../workloads.ts"
import { accessKey } from "./BenchClient.ts"
import type { BenchClient, Target } from "./BenchClient.ts"
import { transport as defaultTransport } from "./transport.ts"

interface Parts {
  readonly tracer?: Layer.Layer<never>
  readonly transport?: typeof defaultTransport
  readonly quota?: number
}

export const effectClient = async (
  name: string,
  { host, protocol }: Target,
  { quota, tracer = Layer.empty, transport = defaultTransport }: Parts = {}
): Promise<BenchClient> => {
  const runtime = ManagedRuntime.make(
    Layer.merge(
      Cloudauth.layerTransport({ url: `${protocol}://${host}`, quota }).pipe(
        Layer.provide(Credentials.layerStatic({ accessKeyId: accessKey.id, accessKeySecret: accessKey.secret })),
        Layer.provide(transport)
      ),
      tracer
    )
  )
  // Building the layers is construction, not part of the first call. Each call is then a fiber of its own, as a request is
  // in an Effect server; the runtime's own `runPromise` would keep a list of them besides.
  const run = Effect.runPromiseWith(await runtime.context())
  return {
    name,
    call: async (workload) => {
      const { isReturnImage, merchantBizId, transactionId } = nextCall(workload)
      const result = await run(
        Cloudauth.checkResult({
          merchantBizId,
          transactionId,
          isReturnImage: isReturnImage === "Y",
          document: Document.HongKongIdentityCard
        })
      )
      const { back, front } = result.images
      checkAnswer(workload, {
        passed: result.verdict._tag === "Passed",
        subCode: result.verdict._tag === "Inconclusive" ? "" : result.verdict.subCode.code,
        idNumber: Document.reveal(result.ocr)?.idNumber ?? "",
        spoofRisk: result.spoof.front._tag === "Risk",
        images: [front, back].flatMap((image) => (image === undefined ? [] : [Redacted.value(image.bytes)]))
      })
    },
    close: () => runtime.dispose()
  }
}
