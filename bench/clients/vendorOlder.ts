/**
 * The vendor's older core, which its earlier generated SDKs call (`tea-typescript`), as `vendor` calls the newer one. Its
 * own retries act on broken connections alone, so throttled calls take the loop that people write by hand.
 */
import OpenApi, { Config, OpenApiRequest, Params } from "@alicloud/openapi-client"
import OpenApiUtil from "@alicloud/openapi-util"
import { RuntimeOptions } from "@alicloud/tea-util"
import { checkAnswer, nextCall } from "../workloads.ts"
import { accessKey } from "./BenchClient.ts"
import type { CreateClient } from "./BenchClient.ts"
import { plainDecode } from "./plainDecode.ts"
import type { Envelope } from "./plainDecode.ts"
import { throttleLoop } from "./throttleLoop.ts"
import type { Reply } from "./throttleLoop.ts"

const params = new Params({
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

export const create: CreateClient = async ({ host, protocol }) => {
  const client = new OpenApi.default(
    new Config({
      accessKeyId: accessKey.id,
      accessKeySecret: accessKey.secret,
      endpoint: host,
      protocol: protocol.toUpperCase()
    })
  )
  const runtime = new RuntimeOptions({ connectTimeout: 10_000, readTimeout: 10_000 })
  return {
    name: "vendorOlder",
    call: async (workload) => {
      const { isReturnImage, merchantBizId, transactionId } = nextCall(workload)
      const query = { IsReturnImage: isReturnImage, MerchantBizId: merchantBizId, TransactionId: transactionId }
      const request = new OpenApiRequest({ query: OpenApiUtil.default.query(query) })
      const envelope = await throttleLoop(() => client.callApi(params, request, runtime).then(replied, refused))
      checkAnswer(workload, plainDecode(envelope))
    },
    // Its keep-alive agent is global to the process and can't be closed.
    close: async () => {}
  }
}

/** The core's types say that a body is anything. */
const replied = ({ body }: { readonly body?: unknown }): Reply => ({
  status: 200,
  retryAfter: undefined,
  body: body as Reply["body"]
})

/** An error shows the code, not the headers: the loop waits as long as the benchmark's server asks. */
const refused = (error: unknown): Reply => {
  if (!(error instanceof Error) || !("code" in error)) throw error
  return { status: 403, retryAfter: "1", body: { ...none, Code: String(error.code) } }
}

const none: Envelope = { Result: { Passed: "", SubCode: "", ExtIdInfo: "" } }
