/** The `authorization` header of a call that ACS3-HMAC-SHA256 signs. */
import * as Protocol from "../Protocol.ts"

export interface Authorization {
  readonly accessKeyId: string
  readonly signedHeaders: ReadonlyArray<string>
  readonly signature: string
}

const parse = (value: string): Authorization | undefined => {
  const prefix = `${Protocol.algorithm} `
  if (!value.startsWith(prefix)) return undefined
  const parts = new Map(
    value
      .slice(prefix.length)
      .split(",")
      .map((part) => {
        const mark = part.indexOf("=")
        return [part.slice(0, mark).trim(), part.slice(mark + 1).trim()] as const
      })
  )
  const accessKeyId = parts.get("Credential")
  const signedHeaders = parts.get("SignedHeaders")
  const signature = parts.get("Signature")
  if (accessKeyId === undefined || accessKeyId === "") return undefined
  if (signedHeaders === undefined || signature === undefined || signature === "") return undefined
  return { accessKeyId, signedHeaders: signedHeaders.split(";"), signature }
}

/** `undefined` unless there is exactly one such header with all its parts. */
export const parseAuthorization = (request: Protocol.Request): Authorization | undefined => {
  const [value, ...others] = Protocol.headerValues(request, "authorization")
  return value === undefined || others.length > 0 ? undefined : parse(value)
}
