/** Why a database failed, in words that hold no value. */
import type { SqlError } from "effect/sql/SqlError"
import { errorCode } from "./errorCode.ts"
import * as nodeSqlite from "./nodeSqlite.ts"

const words: Readonly<Record<string, string>> = {
  AuthenticationError: "the database does not accept the user or the password",
  AuthorizationError: "the user may not do this in the database",
  ConnectionError: "the database cannot be reached, or ended the connection",
  LockTimeoutError: "another process holds the database",
  UnknownError: "the database failed"
}

/** What is said in place of these words, by the code of the error. */
const byCode: ReadonlyArray<readonly [codes: RegExp, words: string]> = [
  [/^3D000$/, "there is no such database"],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, "the database's host is not known"],
  [
    /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_UNTRUSTED)/,
    "the database's certificate is by an authority that is not known here; name yours with sslrootcert=FILE"
  ],
  [/^CERT_/, "the database's certificate has expired, or is not valid yet"],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "the database's certificate is for another host; use that name, or sslmode=verify-ca"
  ]
]

/** The reason, with the code of the error if it has one. */
export const of = ({ reason }: SqlError): string => {
  if (/refused TLS/.test(reason.message)) {
    return "the database offers no TLS; turn it on there (sslmode=disable sends people's data in clear text)"
  }
  const code = nodeSqlite.reasonOf(reason.cause) ?? errorCode(reason.cause)
  const told = byCode.find(([codes]) => codes.test(code ?? ""))?.[1] ?? words[reason._tag] ?? reason._tag
  return `${told}${code === undefined ? "" : ` (${code})`}`
}
