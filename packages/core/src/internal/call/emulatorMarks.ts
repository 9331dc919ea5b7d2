/** Keeps the emulator's keys and transactions away from the real service, by the marks that they carry. */
import * as Redacted from "effect/Redacted"
import * as CloudauthError from "../../CloudauthError.ts"
import type { Credential } from "../../Credentials.ts"
import type { Pairs } from "./canonicalRequest.ts"
import type { Client } from "./client.ts"

/** The emulator marks its access keys and the transactions that its Initialize begins. */
const mark = "emulator-"

/** `hksb-passed-…` and the like name the emulator's scenarios; real ids have no hyphen there. */
const isEmulated = (transactionId: string): boolean =>
  transactionId.startsWith(mark) || transactionId.startsWith("hksb-")

/** Whether a client calls one of the service's own hosts. */
const isService = ({ endpoint, isTest }: Client): boolean =>
  !isTest && /(?:^|\.)aliyuncs\.com\.?$/.test(endpoint.hostname)

/** Why a client does not use a key, if the key is the emulator's and the client calls the service. */
export const refuseKey = (client: Client, { accessKeyId }: Credential): CloudauthError.CredentialsError | undefined =>
  isService(client) && Redacted.value(accessKeyId).startsWith(mark)
    ? CloudauthError.credentialsError(
        `the access key is the emulator's (its id begins with ${mark}), and ${client.endpoint.hostname} is the real service`,
        undefined,
        "Use a real access key, or set the endpoint's url (CLOUDAUTH_ENDPOINT) to the emulator's."
      )
    : undefined

/** Why a client does not send a query, if its transaction is the emulator's and the client calls the service. */
export const refuseTransaction = (client: Client, query: Pairs): CloudauthError.InvalidRequest | undefined =>
  isService(client) && query.some(([name, value]) => name === "TransactionId" && isEmulated(value))
    ? CloudauthError.invalidRequest(
        "transactionId",
        `an id from the real service: this one is the emulator's (it begins with ${mark} or hksb-), and ${client.endpoint.hostname} does not know it`
      )
    : undefined
