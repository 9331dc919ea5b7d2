/**
 * Every attribute that the client puts on spans, events, logs and metrics: its name, where it is and what it means.
 * Names are OpenTelemetry's where its semantic conventions (1.45) have one, else under `cloudauth.`, and one is Effect's.
 */
import { Attribute } from "@effect-cloudauth/core/Telemetry"

/** Where an attribute can stand. */
export type Place =
  | "awaitResult"
  | "checkResult"
  | "initialize"
  | "attempt"
  | "refreshCredential"
  | "retry event"
  | "limiter event"
  | "credential event"
  | "decode event"
  | "log"
  | "metric"

/** One row of the table. */
export interface Facts {
  readonly type: "string" | "int" | "double" | "boolean"
  readonly places: ReadonlyArray<Place>
  /** When it is there. */
  readonly present: string
  readonly meaning: string
  /** What an on-call engineer does with it. */
  readonly action: string
  /** `stable` or `development` in OpenTelemetry's semantic conventions; `own` or `effect` where they have none. */
  readonly source: "stable" | "development" | "own" | "effect"
}

/** The name of an attribute. */
export type Name = (typeof Attribute)[keyof typeof Attribute]

const operations = ["checkResult", "initialize"] as const

/** The table: name → facts. */
export const table = {
  "rpc.system.name": {
    type: "string",
    places: operations,
    present: "always",
    meaning: "`alibaba_cloud`: the vendor's RPC style, parameters in the query and a signature in the headers.",
    action: "Filter by it to see every call of this client.",
    source: "stable"
  },
  "rpc.method": {
    type: "string",
    places: [...operations, "metric"],
    present: "always",
    meaning: "`Cloudauth/CheckResult` or `Cloudauth/Initialize`.",
    action: "Group by it to tell the operations apart.",
    source: "stable"
  },
  "rpc.status_code": {
    type: "string",
    places: ["awaitResult", ...operations],
    present: "where the service or its gateway answered",
    meaning: "The answer's `Code` of the final attempt: `Success`, or the vendor's error code.",
    action: "Look the code up in the README's table of errors; it says what to do.",
    source: "stable"
  },
  "cloud.provider": {
    type: "string",
    places: operations,
    present: "always",
    meaning: "`alibaba_cloud`.",
    action: "Nothing; backends use it for their icons and maps.",
    source: "development"
  },
  "cloud.region": {
    type: "string",
    places: operations,
    present: "where the endpoint is one of the vendor's",
    meaning: "The region that is asked, for example `cn-hongkong`.",
    action: "Slow or failing in one region only: look at the vendor's status page, or move to another region.",
    source: "development"
  },
  "server.address": {
    type: "string",
    places: [...operations, "attempt"],
    present: "always",
    meaning: "The endpoint's host name.",
    action: "Not the host that you expect: check the region and CLOUDAUTH_ENDPOINT.",
    source: "stable"
  },
  "server.port": {
    type: "int",
    places: [...operations, "attempt"],
    present: "always",
    meaning: "The endpoint's port.",
    action: "As for `server.address`.",
    source: "stable"
  },
  "http.request.method": {
    type: "string",
    places: ["attempt"],
    present: "always",
    meaning: "`POST`.",
    action: "Nothing.",
    source: "stable"
  },
  "http.request.resend_count": {
    type: "int",
    places: ["attempt"],
    present: "from the second attempt on",
    meaning: "How often the request had been sent before.",
    action: "Above 0 for many calls: look at the retries by class.",
    source: "stable"
  },
  "http.response.status_code": {
    type: "int",
    places: ["attempt", "log", "metric"],
    present: "where an answer came",
    meaning: "The HTTP status. On metrics, unusual ones are rounded down to their hundred.",
    action: "The response code says more; without one, the answer came from a proxy in between.",
    source: "stable"
  },
  "http.response.body.size": {
    type: "int",
    places: ["attempt"],
    present: "where an answer was read to its end",
    meaning: "The size of the answer in bytes, photographs as Base64 included.",
    action: "Near 16 MiB: raise maxBodyBytes, or ask for fewer images.",
    source: "development"
  },
  "network.protocol.version": {
    type: "string",
    places: ["attempt"],
    present:
      "where an answer came over a transport that says so: those of `NodeTransport` but fetch, and not with `http2`",
    meaning: "The version of HTTP that was spoken: `1.1`.",
    action: "Nothing; it tells a proxy's version from the vendor's.",
    source: "stable"
  },
  "url.full": {
    type: "string",
    places: ["attempt"],
    present: "always",
    meaning: "The endpoint's URL without its query, which holds the ids and is never recorded.",
    action: "As for `server.address`.",
    source: "stable"
  },
  "error.type": {
    type: "string",
    places: ["awaitResult", ...operations, "attempt", "refreshCredential", "retry event", "log", "metric"],
    present: "where it failed; never for a rejection, and never for a user who has not finished",
    meaning: "The error's tag, for example `Throttled`, or the class of a defect.",
    action: "Each tag has its advice in the README's table of errors, and on the error itself.",
    source: "stable"
  },
  "effect.fiber.interrupted": {
    type: "boolean",
    places: ["awaitResult", ...operations, "attempt", "refreshCredential"],
    present: "where the caller gave up; the status is then unset",
    meaning: "`true`: a timeout or a cancelled request of the caller's ended it.",
    action: "Many: the callers' patience is shorter than the service's answers.",
    source: "effect"
  },
  "cloudauth.attempts": {
    type: "int",
    places: ["log"],
    present: "always",
    meaning: "How many times the request was sent; 0 where it never was.",
    action: "As for `http.request.resend_count`.",
    source: "own"
  },
  "cloudauth.billed": {
    type: "boolean",
    places: ["awaitResult", "checkResult", "metric"],
    present: "where the vendor's page says it of the sub code",
    meaning: "Whether the authentication record is billed.",
    action: "Compare the count of billed verdicts with the vendor's bill.",
    source: "own"
  },
  "cloudauth.credential.refresh": {
    type: "string",
    places: ["metric"],
    present: "always",
    meaning: "`succeeded` or `failed`: how fetching a credential ended.",
    action: "Failing: check the credentials source now; the old key serves only until it expires.",
    source: "own"
  },
  "cloudauth.credential.wait": {
    type: "double",
    places: ["credential event"],
    present: "always",
    meaning: "How long the attempt waited for a credential that another call was fetching, in seconds.",
    action: "Long: look for that call's `Cloudauth.refreshCredential`, and at the credentials source.",
    source: "own"
  },
  "cloudauth.decode.duration": {
    type: "double",
    places: ["decode event"],
    present: "always",
    meaning: "How long decoding took, in seconds, the photographs included.",
    action: "Above some milliseconds: large photographs, or a busy event loop.",
    source: "own"
  },
  "cloudauth.document": {
    type: "string",
    places: ["awaitResult", "checkResult", "metric"],
    present: "where OCR read a document whose kind is known; `none` on metrics otherwise",
    meaning: "The kind of document, for example `HongKongIdentityCard`.",
    action: "Rejections of one kind only: look at that document's capture screen.",
    source: "own"
  },
  "cloudauth.image.bytes": {
    type: "int",
    places: ["awaitResult", "checkResult"],
    present: "where photographs came back",
    meaning: "Their size in bytes, front and back together.",
    action: "Ask for photographs only where you keep them.",
    source: "own"
  },
  "cloudauth.limiter.wait": {
    type: "double",
    places: ["limiter event"],
    present: "always",
    meaning: "How long the rate limiter held the attempt back, in seconds.",
    action: "Long waits: ask the vendor for a larger quota, or spread the calls.",
    source: "own"
  },
  "cloudauth.merchant_biz_id": {
    type: "string",
    places: operations,
    present: "only with `Privacy.layerPlain` or `Privacy.layerHashed`",
    meaning: "Your id of the check, plain or hashed.",
    action: "Support: hash the id from the ticket with `Privacy.hash` and search for it.",
    source: "own"
  },
  "cloudauth.outcome": {
    type: "string",
    places: ["metric"],
    present: "always",
    meaning:
      "`passed`, `rejected`, `inconclusive`, `not_completed`, `succeeded` (Initialize), `failed` or `interrupted`.",
    action: "Only `failed` is the system's fault; `rejected` is the service doing its work.",
    source: "own"
  },
  "cloudauth.request_id": {
    type: "string",
    places: ["awaitResult", ...operations, "attempt", "log"],
    present: "where the answer had one; on an attempt only where it failed",
    meaning: "The vendor's id of the request. It leads to no person without the vendor.",
    action: "Give it to the vendor's support.",
    source: "own"
  },
  "cloudauth.response.code": {
    type: "string",
    places: ["awaitResult", ...operations, "attempt", "log", "metric"],
    present: "at the end, but for a defect and an interruption; on an attempt only where it failed",
    meaning:
      "The answer's `Code`, or the error's own tag where no server answered. On metrics, unknown ones are `other`.",
    action: "As for `rpc.status_code`.",
    source: "own"
  },
  "cloudauth.retry.class": {
    type: "string",
    places: ["retry event", "metric"],
    present: "always",
    meaning: "Why the call is tried again: `transient`, `throttle`, `clock` or `credentials`.",
    action: "throttle: quota. transient: network or vendor. clock: NTP. credentials: key lifetime.",
    source: "own"
  },
  "cloudauth.retry.delay": {
    type: "double",
    places: ["retry event"],
    present: "always",
    meaning: "How long is waited before the next attempt, in seconds.",
    action: "The gap between two attempts in the trace is this wait.",
    source: "own"
  },
  "cloudauth.spoof.back": {
    type: "string",
    places: ["awaitResult", "checkResult"],
    present: "where the answer reports the check of the back",
    meaning: "`Clear` or `Risk`.",
    action: "As for `cloudauth.spoof.front`.",
    source: "own"
  },
  "cloudauth.spoof.front": {
    type: "string",
    places: ["awaitResult", "checkResult"],
    present: "where the answer reports the check of the front",
    meaning: "`Clear` or `Risk`: what the anti-spoofing check decided.",
    action: "Many risks at once: somebody may be trying stolen documents; tell the fraud team.",
    source: "own"
  },
  "cloudauth.sub_code": {
    type: "string",
    places: ["awaitResult", "checkResult", "metric"],
    present: "where the answer had one; `none` on metrics otherwise",
    meaning: "Why the check passed or was rejected: 200, 211, 212, 213. On metrics, unknown ones are `other`.",
    action: "211 and 213 rising: the capture screen. 212 rising: fraud, or a camera that the check mistakes.",
    source: "own"
  },
  "cloudauth.transaction_id": {
    type: "string",
    places: ["checkResult"],
    present: "only with `Privacy.layerPlain` or `Privacy.layerHashed`",
    meaning: "The id of the authentication, plain or hashed.",
    action: "As for `cloudauth.merchant_biz_id`.",
    source: "own"
  },
  "cloudauth.verdict": {
    type: "string",
    places: ["awaitResult", "checkResult", "metric"],
    present: "where a result came",
    meaning: "`Passed`, `Rejected` or `Inconclusive`.",
    action:
      "Inconclusive: the answer contradicts itself, or shows another document than the one asked for; a person must decide.",
    source: "own"
  },
  "cloudauth.warning.path": {
    type: "string",
    places: ["metric"],
    present: "always",
    meaning: "Where in the answer something was not as documented. Unknown paths are `other`.",
    action: "The vendor has changed that field: look at a raw answer and update the package.",
    source: "own"
  },
  "cloudauth.warnings": {
    type: "int",
    places: ["awaitResult", "checkResult"],
    present: "where there are any",
    meaning: "How many parts of the answer were not as documented. The rest of the result is there.",
    action: "Look at `warnings` of the result: path and expectation, the value redacted.",
    source: "own"
  },
  span_id: {
    type: "string",
    places: ["log"],
    present: "with a tracer",
    meaning: "The span of the operation that failed.",
    action: "Jump from the log to the trace.",
    source: "stable"
  },
  trace_id: {
    type: "string",
    places: ["log"],
    present: "with a tracer",
    meaning: "The trace of the operation that failed.",
    action: "Jump from the log to the trace.",
    source: "stable"
  }
} as const satisfies Readonly<Record<Name, Facts>>

/** The facts of an attribute. */
export const facts = (name: Name): Facts => table[name]

/** All names, in the table's order. */
export const names: ReadonlyArray<Name> = Object.values(Attribute)
