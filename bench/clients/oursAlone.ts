/** Ours without Effect in sight: the Promise client with everything inside, as `@effect-cloudauth/client` is published. */
import { createClient, reveal } from "@effect-cloudauth/client"
import { checkAnswer, nextCall } from "../workloads.ts"
import { accessKey, maxConnections } from "./BenchClient.ts"
import type { CreateClient } from "./BenchClient.ts"

export const create: CreateClient = async ({ host, protocol }) => {
  const client = createClient({
    url: `${protocol}://${host}`,
    credentials: { accessKeyId: accessKey.id, accessKeySecret: accessKey.secret },
    transport: { connections: maxConnections }
  })
  return {
    name: "oursAlone",
    call: async (workload) => {
      const { isReturnImage, merchantBizId, transactionId } = nextCall(workload)
      const { images, ocr, spoof, verdict } = await client.checkResult({
        merchantBizId,
        transactionId,
        isReturnImage: isReturnImage === "Y",
        document: "HongKongIdentityCard"
      })
      checkAnswer(workload, {
        passed: verdict._tag === "Passed",
        subCode: verdict._tag === "Inconclusive" ? "" : verdict.subCode.code,
        idNumber: reveal(ocr)?.idNumber ?? "",
        spoofRisk: spoof.front._tag === "Risk",
        images: [reveal(images.front), reveal(images.back)].filter((bytes) => bytes !== undefined)
      })
    },
    close: () => client.close()
  }
}
