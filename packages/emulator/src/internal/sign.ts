import { createHmac, randomUUID } from "node:crypto"
import * as Protocol from "../Protocol.ts"

export interface Signer {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string | undefined
}

/** A signed request, for the example calls that are printed and for the recorder, which calls on a caller's behalf. */
export const sign = (
  signer: Signer,
  call: {
    readonly host: string
    readonly action: string
    readonly version: string
    readonly query: string
    readonly now: number
  }
): Protocol.Request => {
  const body = new Uint8Array()
  const headers: ReadonlyArray<readonly [string, string]> = [
    ["host", call.host],
    ...(signer.securityToken === undefined ? [] : [["x-acs-accesskey-id", signer.accessKeyId] as const]),
    ["x-acs-action", call.action],
    ["x-acs-content-sha256", Protocol.sha256Hex(body)],
    ["x-acs-date", new Date(call.now).toISOString().replace(/\.\d+Z$/, "Z")],
    ...(signer.securityToken === undefined ? [] : [["x-acs-security-token", signer.securityToken] as const]),
    ["x-acs-signature-nonce", randomUUID()],
    ["x-acs-version", call.version]
  ]
  const names = headers.map(([name]) => name)
  const unsigned: Protocol.Request = { method: "POST", target: `/?${call.query}`, headers, body }
  const canonical = Protocol.canonicalRequest(unsigned, names)
  if (canonical === undefined) throw new TypeError("The query is not percent-encoded UTF-8.")
  const signature = createHmac("sha256", signer.accessKeySecret).update(Protocol.stringToSign(canonical)).digest("hex")
  const authorization = `${Protocol.algorithm} Credential=${signer.accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`
  return { ...unsigned, headers: [...headers, ["authorization", authorization]] }
}
