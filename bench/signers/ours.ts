/** Our signature over node:crypto, from the parameters on. */
import * as Credentials from "@effect-cloudauth/core/Credentials"
import * as Signature from "@effect-cloudauth/core/Signature"
import { nodeCrypto } from "@effect-cloudauth/node/NodeCrypto"
import { accessKey } from "../clients/BenchClient.ts"
import { nextCall, workloads } from "../workloads.ts"
import type { CreateSigner } from "./Signer.ts"
import { signedHost } from "./Signer.ts"

export const create: CreateSigner = () => {
  const credential = Credentials.make({ accessKeyId: accessKey.id, accessKeySecret: accessKey.secret })
  return () => {
    const { isReturnImage, merchantBizId, transactionId } = nextCall(workloads.small1)
    const signed = Signature.sign(nodeCrypto, {
      method: "POST",
      path: "/",
      host: signedHost,
      action: "CheckResult",
      version: "2022-08-09",
      query: [
        ["IsReturnImage", isReturnImage],
        ["MerchantBizId", merchantBizId],
        ["TransactionId", transactionId]
      ],
      credential,
      now: Date.now(),
      nonce: nodeCrypto.nonce()
    })
    return signed.headers["authorization"] ?? ""
  }
}
