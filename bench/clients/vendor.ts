/**
 * The vendor's core, called as its generated SDK does (`checkResultWithOptions` of cloudauth-intl20220809), then what
 * the SDK leaves to the caller: parsing the nested strings and decoding the images. Throttling: the core's own retry
 * options, which are off unless asked for; a condition without both lists fails with a TypeError.
 */
import OpenApi, { $OpenApiUtil, OpenApiUtil } from "@alicloud/openapi-core"
import { RetryOptions, RuntimeOptions } from "@darabonba/typescript"
import { checkAnswer, nextCall } from "../workloads.ts"
import { accessKey } from "./BenchClient.ts"
import type { CreateClient } from "./BenchClient.ts"
import { plainDecode } from "./plainDecode.ts"

const params = new $OpenApiUtil.Params({
  action: "CheckResult",
  version: "2022-08-09",
  protocol: "HTTPS",
  pathname: "/",
  method: "POST",
  authType: "AK",
  style: "RPC",
  reqBodyType: "formData",
  bodyType: "json"
})

const retryOptions = new RetryOptions({
  retryable: true,
  retryCondition: [
    {
      maxAttempts: 3,
      exception: ["ThrottlingError"],
      errorCode: ["Throttling", "Throttling.User", "Throttling.Api"],
      backoff: { policy: "Fixed", period: 100 }
    }
  ]
})

export const create: CreateClient = async ({ host, protocol }) => {
  const client = new OpenApi.default(
    new $OpenApiUtil.Config({
      accessKeyId: accessKey.id,
      accessKeySecret: accessKey.secret,
      endpoint: host,
      protocol: protocol.toUpperCase(),
      retryOptions
    })
  )
  // The defaults (3 s each, the read timeout for the whole answer) are short for 4 MB on a busy machine.
  const runtime = new RuntimeOptions({ connectTimeout: 10_000, readTimeout: 10_000 })
  return {
    name: "vendor",
    call: async (workload) => {
      const { isReturnImage, merchantBizId, transactionId } = nextCall(workload)
      const request = new $OpenApiUtil.OpenApiRequest({
        query: OpenApiUtil.query({
          IsReturnImage: isReturnImage,
          MerchantBizId: merchantBizId,
          TransactionId: transactionId
        })
      })
      const response = await client.callApi(params, request, runtime)
      checkAnswer(workload, plainDecode(response.body))
    },
    // Its keep-alive agent is global to the process and can't be closed.
    close: async () => {}
  }
}
