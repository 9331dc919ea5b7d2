/** The attributes of OpenTelemetry's semantic conventions, and one of Effect's. */
import type { Definition } from "./Definition.ts"

const operations = ["checkResult", "initialize", "deleteVerifyResult", "checkVerifyLog"] as const

export const standard = {
  "rpc.system.name": {
    type: "string",
    signals: operations,
    present: "always",
    meaning: "`alibaba_cloud`: the vendor's RPC style, parameters in the query and a signature in the headers.",
    action: "Filter by it to see every call of this client.",
    source: "stable"
  },
  "rpc.method": {
    type: "string",
    signals: [...operations, "metric"],
    present: "always",
    meaning: "`Cloudauth/CheckResult`, `Cloudauth/Initialize`, or another operation's name.",
    action: "Group by it to tell the operations apart.",
    source: "stable"
  },
  "rpc.status_code": {
    type: "string",
    signals: ["awaitResult", ...operations],
    present: "if the service or its gateway answered",
    meaning: "The answer's `Code` of the final attempt: `Success`, or the vendor's error code.",
    action: "Look the code up in the reference of errors (docs/reference/errors); it says what to do.",
    source: "stable"
  },
  "rpc.system": {
    type: "string",
    signals: operations,
    present: "always",
    meaning: "The older name of `rpc.system.name`: New Relic, Azure Monitor and Elastic take the kind of call from it.",
    action: "Prefer `rpc.system.name`.",
    source: "older"
  },
  "rpc.service": {
    type: "string",
    signals: operations,
    present: "always",
    meaning: "`Cloudauth`. Today's conventions have it in `rpc.method`; Elastic and Datadog name the call by it.",
    action: "Prefer `rpc.method`.",
    source: "older"
  },
  "peer.service": {
    type: "string",
    signals: operations,
    present: "always",
    meaning:
      "`Cloudauth`: the name of the vendor's service on the maps of Datadog, Azure Monitor, Elastic and Grafana.",
    action: "Prefer `service.peer.name`.",
    source: "older"
  },
  "service.peer.name": {
    type: "string",
    signals: operations,
    present: "always",
    meaning: "`Cloudauth`: what the conventions call `peer.service` now.",
    action: "Group a map of services by it.",
    source: "development"
  },
  "cloud.region": {
    type: "string",
    signals: [...operations, "metric"],
    present: "if the endpoint is one of the vendor's",
    meaning: "The region that is asked, for example `cn-hongkong`.",
    action: "Slow or failing in one region only: look at the vendor's status page, or move to another region.",
    source: "development"
  },
  "server.address": {
    type: "string",
    signals: [...operations, "attempt"],
    present: "always",
    meaning: "The endpoint's host name.",
    action: "Not the host that you expect: check the region and CLOUDAUTH_ENDPOINT.",
    source: "stable"
  },
  "server.port": {
    type: "int",
    signals: [...operations, "attempt"],
    present: "always",
    meaning: "The endpoint's port.",
    action: "As for `server.address`.",
    source: "stable"
  },
  "http.request.method": {
    type: "string",
    signals: ["attempt"],
    present: "always",
    meaning: "`POST`.",
    action: "Nothing.",
    source: "stable"
  },
  "http.request.resend_count": {
    type: "int",
    signals: ["attempt"],
    present: "from the second attempt on",
    meaning: "How often the request had been sent before.",
    action: "Above 0 for many calls: look at the retries by class.",
    source: "stable"
  },
  "http.response.status_code": {
    type: "int",
    signals: ["attempt", "log", "metric"],
    present: "if an answer came",
    meaning: "The HTTP status. On metrics, unusual ones are rounded down to their hundred.",
    action: "The response code says more; without one, the answer came from a proxy in between.",
    source: "stable"
  },
  "http.response.body.size": {
    type: "int",
    signals: ["attempt"],
    present: "if an answer was read to its end",
    meaning: "The size of the answer in bytes, images as Base64 included.",
    action: "Near 16 MiB: raise maxBodyBytes, or ask for fewer images.",
    source: "development"
  },
  "network.protocol.version": {
    type: "string",
    signals: ["attempt"],
    present: "if an answer came over a transport that says so: `NodeTransport`",
    meaning: "The version of HTTP that was spoken: `1.1`.",
    action: "Nothing; it tells a proxy's version from the vendor's.",
    source: "stable"
  },
  "url.full": {
    type: "string",
    signals: ["attempt"],
    present: "always",
    meaning: "The endpoint's URL without its query, which holds the ids and is never recorded.",
    action: "As for `server.address`.",
    source: "stable"
  },
  "error.type": {
    type: "string",
    signals: ["awaitResult", ...operations, "attempt", "refreshCredential", "retry event", "log", "metric"],
    present: "if it failed; never for a rejection, and never for a user who has not finished",
    meaning: "The error's tag, for example `Throttled`, or the class of a defect.",
    action: "The guide to retries says which tag is retried; the error itself has the advice.",
    source: "stable"
  },
  "effect.fiber.interrupted": {
    type: "boolean",
    signals: ["awaitResult", ...operations, "attempt", "refreshCredential"],
    present: "if the caller gave up; the status is then unset",
    meaning: "`true`: a timeout or a cancelled request of the caller's ended it.",
    action: "Many: the callers' patience is shorter than the service's answers.",
    source: "effect"
  },
  span_id: {
    type: "string",
    signals: ["log"],
    present: "with a tracer",
    meaning: "The span of the operation that failed.",
    action: "Jump from the log to the trace.",
    source: "stable"
  },
  trace_id: {
    type: "string",
    signals: ["log"],
    present: "with a tracer",
    meaning: "The trace of the operation that failed.",
    action: "Jump from the log to the trace.",
    source: "stable"
  }
} as const satisfies Readonly<Record<string, Definition>>
