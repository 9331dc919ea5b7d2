import { gzipSync } from "node:zlib"
import * as Fault from "../Fault.ts"
import type * as Protocol from "../Protocol.ts"
import * as ResponseCode from "../ResponseCode.ts"
import type * as Scenario from "../Scenario.ts"
import type * as Seeded from "./seeded.ts"

const json = "application/json;charset=utf-8"
// The vendor's SDK looks for exactly this text before it parses XML.
const xml = "text/xml;charset=utf-8"

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

export interface ErrorAnswer {
  readonly code: string
  readonly message?: string | undefined
  readonly status?: number | undefined
  readonly retryAfterMillis?: number | undefined
  readonly format?: Scenario.ErrorFormat | undefined
}

/** A gateway's error carries HostId and Recommend besides what the service's error has. */
export const error = (answer: ErrorAnswer, requestId: string, hostId: string): Protocol.Response => {
  const facts = ResponseCode.facts(answer.code)
  const fields: Record<string, string> = {
    RequestId: requestId,
    ...(facts.from === "gateway" ? { HostId: hostId } : {}),
    Code: answer.code,
    Message: answer.message ?? facts.message,
    ...(facts.from === "gateway"
      ? { Recommend: `https://api.example/troubleshoot?q=${encodeURIComponent(answer.code)}` }
      : {})
  }
  const format = answer.format ?? "json"
  const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)
  const entries = Object.entries(fields)
  const text =
    format === "xml"
      ? `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${entries.map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join("")}</Error>`
      : JSON.stringify(
          format === "json" ? fields : Object.fromEntries(entries.map(([name, value]) => [lower(name), value]))
        )
  return {
    status: answer.status ?? facts.status,
    headers: [
      ["content-type", format === "xml" ? xml : json],
      ...(answer.retryAfterMillis === undefined
        ? []
        : [["x-acs-retry-after", String(Math.max(0, Math.round(answer.retryAfterMillis)))] as const])
    ],
    body: Buffer.from(text)
  }
}

/** What a scenario changes of the answer around `Result`. */
export interface Envelope {
  /** The HTTP status; 200 unless given. */
  readonly status?: number | undefined
  /** Keys behind the others, each value already JSON text. */
  readonly appended?: ReadonlyArray<readonly [key: string, json: string]> | undefined
}

/** A success around an already rendered `Result`, so that large results are rendered once and sent often. */
export const success = (
  result: Uint8Array,
  requestId: string,
  { appended = [], status = 200 }: Envelope = {}
): Protocol.Response => ({
  status,
  headers: [["content-type", json]],
  body: Buffer.concat([
    Buffer.from(`{"RequestId":"${requestId}","Code":"Success","Message":"success","Result":`),
    result,
    Buffer.from(`${appended.map(([key, value]) => `,${JSON.stringify(key)}:${value}`).join("")}}`)
  ])
})

export const raw = (step: Extract<Scenario.Step, { _tag: "Raw" }>): Protocol.Response => ({
  status: step.status,
  headers: Object.entries(step.headers ?? { "content-type": json }),
  body: Buffer.from(step.body, step.encoding ?? "utf8")
})

const withHeader = (response: Protocol.Response, name: string, value: string): Protocol.Response => ({
  ...response,
  headers: [...response.headers.filter(([present]) => present.toLowerCase() !== name), [name, value]]
})

/** The faults that change what is said, as far as they need no socket. */
export const distort = (
  response: Protocol.Response,
  faults: ReadonlyArray<Fault.Fault>,
  seeded: Seeded.Seeded
): Protocol.Response => {
  let distorted = response
  const garbage = Fault.find(faults, "Garbage")
  if (garbage) distorted = { ...distorted, body: Buffer.from(seeded.bytes(garbage.bytes)) }
  const charset = Fault.find(faults, "WrongCharset")
  if (charset) {
    const text = Buffer.from(distorted.body).toString("utf8")
    distorted = withHeader(
      { ...distorted, body: Buffer.from(text, charset.charset) },
      "content-type",
      charset.declared
        ? `application/json;charset=${charset.charset === "latin1" ? "iso-8859-1" : charset.charset}`
        : json
    )
  }
  const huge = Fault.find(faults, "HugeBody")
  if (huge && huge.bytes > distorted.body.length) {
    const body = Buffer.alloc(huge.bytes, " ")
    body.set(distorted.body)
    distorted = { ...distorted, body }
  }
  const gzip = Fault.find(faults, "Gzip")
  if (gzip) {
    distorted = { ...distorted, body: gzipSync(distorted.body) }
    if (gzip.declared) distorted = withHeader(distorted, "content-encoding", "gzip")
  }
  return distorted
}
