/** The lines of the vendor's `doRequest` that make and sign the headers, in its order, on its own functions. */
import { OpenApiUtil } from "@alicloud/openapi-core"
import { Request } from "@darabonba/typescript"
import { nextCall, workloads } from "../workloads.ts"
import { accessKey } from "../clients/BenchClient.ts"
import type { CreateSigner } from "./Signer.ts"
import { signedHost } from "./Signer.ts"

const algorithm = "ACS3-HMAC-SHA256"

export const create: CreateSigner = () => () => {
  const { isReturnImage, merchantBizId, transactionId } = nextCall(workloads.small1)
  const request = new Request()
  request.protocol = "HTTPS"
  request.method = "POST"
  request.pathname = "/"
  request.query = OpenApiUtil.query({
    IsReturnImage: isReturnImage,
    MerchantBizId: merchantBizId,
    TransactionId: transactionId
  })
  const payload = OpenApiUtil.hash(Buffer.from("", "utf-8"), algorithm).toString("hex")
  request.headers = {
    host: signedHost,
    "x-acs-version": "2022-08-09",
    "x-acs-action": "CheckResult",
    "user-agent": OpenApiUtil.getUserAgent(""),
    "x-acs-date": OpenApiUtil.getTimestamp(),
    "x-acs-signature-nonce": OpenApiUtil.getNonce(),
    accept: "application/json",
    "x-acs-content-sha256": payload
  }
  return OpenApiUtil.getAuthorization(request, algorithm, payload, accessKey.id, accessKey.secret)
}
