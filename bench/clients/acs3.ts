/** ACS3-HMAC-SHA256 as one would write it by hand for this one operation: for `limit` and `fetch`, none of our packages. */
import { createHmac, hash, randomUUID } from "node:crypto"
import type { CallParameters } from "../workloads.ts"
import { accessKey } from "./BenchClient.ts"

export interface SignedRequest {
  readonly path: string
  readonly headers: Record<string, string>
}

const emptyBodyHash = hash("sha256", "", "hex")
const signedHeaders = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"

export const sign = (host: string, { isReturnImage, merchantBizId, transactionId }: CallParameters): SignedRequest => {
  // The values are ASCII letters and digits here, but a real one may not be.
  const query =
    `IsReturnImage=${isReturnImage}` +
    `&MerchantBizId=${encodeURIComponent(merchantBizId)}` +
    `&TransactionId=${encodeURIComponent(transactionId)}`
  const date = `${new Date().toISOString().slice(0, 19)}Z`
  const nonce = randomUUID()
  const canonicalRequest =
    `POST\n/\n${query}\n` +
    `host:${host}\nx-acs-action:CheckResult\nx-acs-content-sha256:${emptyBodyHash}\nx-acs-date:${date}\n` +
    `x-acs-signature-nonce:${nonce}\nx-acs-version:2022-08-09\n\n${signedHeaders}\n${emptyBodyHash}`
  const signature = createHmac("sha256", accessKey.secret)
    .update(`ACS3-HMAC-SHA256\n${hash("sha256", canonicalRequest, "hex")}`)
    .digest("hex")
  return {
    path: `/?${query}`,
    headers: {
      host,
      accept: "application/json",
      "x-acs-action": "CheckResult",
      "x-acs-content-sha256": emptyBodyHash,
      "x-acs-date": date,
      "x-acs-signature-nonce": nonce,
      "x-acs-version": "2022-08-09",
      authorization: `ACS3-HMAC-SHA256 Credential=${accessKey.id},SignedHeaders=${signedHeaders},Signature=${signature}`
    }
  }
}
