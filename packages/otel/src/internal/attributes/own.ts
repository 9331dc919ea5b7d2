/** The attributes whose names begin with `cloudauth.`. */
import type { Definition } from "./Definition.ts"

const operations = ["checkResult", "initialize", "deleteVerifyResult", "checkVerifyLog"] as const

export const own = {
  "cloudauth.attempts": {
    type: "int",
    signals: ["log"],
    present: "always",
    meaning: "How many times the request was sent; 0 if it never was.",
    action: "As for `http.request.resend_count`.",
    source: "own"
  },
  "cloudauth.billed": {
    type: "boolean",
    signals: ["awaitResult", "checkResult", "metric"],
    present: "if the vendor's page says it of the sub code; always on metrics",
    meaning:
      "Whether the vendor bills the authentication. A result that is fetched twenty times is one billed authentication.",
    action:
      "Don't add it up over calls: the metrics `cloudauth.authentications.billed` and `cloudauth.journey.duration` count each authentication once.",
    source: "own"
  },
  "cloudauth.credential.refresh": {
    type: "string",
    signals: ["metric"],
    present: "always",
    meaning: "`succeeded` or `failed`: how fetching a credential ended.",
    action: "Failing: check the credentials source now; the old key serves only until it expires.",
    source: "own"
  },
  "cloudauth.credential.wait": {
    type: "double",
    signals: ["credential event"],
    present: "always",
    meaning: "How long the attempt waited for a credential that another call was fetching, in seconds.",
    action: "Long: look for that call's `Cloudauth.refreshCredential`, and at the credentials source.",
    source: "own"
  },
  "cloudauth.decode.duration": {
    type: "double",
    signals: [...operations],
    present: "if an answer was decoded",
    meaning: "How long decoding took, in seconds, the images included.",
    action: "Above some milliseconds: large images, or a busy event loop.",
    source: "own"
  },
  "cloudauth.document": {
    type: "string",
    signals: ["awaitResult", "checkResult", "metric"],
    present:
      "if OCR read a document whose kind is known, of a journey if one kind was asked for; `none` on metrics otherwise",
    meaning: "The kind of document, for example `HongKongIdentityCard`.",
    action: "Rejections of one kind only: look at that document's capture screen.",
    source: "own"
  },
  "cloudauth.image.bytes": {
    type: "int",
    signals: ["awaitResult", "checkResult"],
    present: "if images came back",
    meaning: "Their size in bytes, front and back together.",
    action: "Ask for images only if you keep them.",
    source: "own"
  },
  "cloudauth.journey.step": {
    type: "string",
    signals: ["metric"],
    present: "always",
    meaning:
      "How far a user's way has come: `begun`, `finished`, `abandoned` or `expired`, and what `TransactionStore.decide` decided: `passed`, `retaken`, `reviewed` or `declined`.",
    action: "Compare each with `begun`: where the share falls, users are lost.",
    source: "own"
  },
  "cloudauth.limiter.wait": {
    type: "double",
    signals: ["limiter event"],
    present: "always",
    meaning: "How long the quota, or a rate limiter in front of the transport, held the call back, in seconds.",
    action: "Long waits: ask the vendor for a larger quota, or spread the calls.",
    source: "own"
  },
  "cloudauth.merchant_biz_id": {
    type: "string",
    signals: ["checkResult", "initialize", "checkVerifyLog"],
    present: "only with `Privacy.layerPlain` or `Privacy.layerHashed`",
    meaning: "Your id of the check, plain or hashed.",
    action: "Support: hash the id from the ticket with `Privacy.hash` and search for it.",
    source: "own"
  },
  "cloudauth.phase": {
    type: "string",
    signals: [...operations, "attempt"],
    present: "if it ended with a `CallTimeout`",
    meaning:
      "What the call waited for when its time was over: `queue`, `credential`, `connect`, `headers`, `body` or `backoff`.",
    action:
      "`queue`: begin fewer calls at once, or raise the quota or the connections. `credential`: look at the vault. The others: the network or the vendor.",
    source: "own"
  },
  "cloudauth.outcome": {
    type: "string",
    signals: ["metric"],
    present: "always",
    meaning:
      "`passed`, `rejected`, `inconclusive`, `not_completed`, `succeeded` (Initialize), `failed` or `interrupted`.",
    action: "Only `failed` is the system's fault; `rejected` is the service doing its work.",
    source: "own"
  },
  "cloudauth.quota.share": {
    type: "double",
    signals: ["limiter event"],
    present: "if the client's own quota held the call back",
    meaning: "The part of the account's quota that the last second has used; 1 is all of it.",
    action: "Near 1 for long: ask the vendor for a larger quota, or spread the calls.",
    source: "own"
  },
  "cloudauth.quota.waiting": {
    type: "int",
    signals: ["limiter event"],
    present: "if the client's own quota held the call back",
    meaning: "How many calls wait behind this one for a place under the account's quota.",
    action:
      "Growing without end: give the calls of batches the priority `batch`, or ask the vendor for a larger quota.",
    source: "own"
  },
  "cloudauth.request_id": {
    type: "string",
    signals: ["awaitResult", ...operations, "attempt", "log"],
    present: "if the answer had one; on an attempt only if it failed",
    meaning: "The vendor's id of the request. It leads to no person without the vendor.",
    action: "Give it to the vendor's support.",
    source: "own"
  },
  "cloudauth.response.code": {
    type: "string",
    signals: ["awaitResult", ...operations, "attempt", "log", "metric"],
    present: "at the end, but for a defect and an interruption; on an attempt only if it failed",
    meaning: "The answer's `Code`, or the error's own tag if no server answered. On metrics, unknown ones are `other`.",
    action: "As for `rpc.status_code`.",
    source: "own"
  },
  "cloudauth.retry.class": {
    type: "string",
    signals: ["retry event", "metric"],
    present: "always",
    meaning: "Why the call is tried again: `transient`, `throttle`, `clock` or `credentials`.",
    action: "throttle: quota. transient: network or vendor. clock: NTP. credentials: key lifetime.",
    source: "own"
  },
  "cloudauth.retry.delay": {
    type: "double",
    signals: ["retry event"],
    present: "always",
    meaning: "How long is waited before the next attempt, in seconds.",
    action: "The gap between two attempts in the trace is this wait.",
    source: "own"
  },
  "cloudauth.spoof.back": {
    type: "string",
    signals: ["awaitResult", "checkResult"],
    present: "if the answer reports the check of the back",
    meaning: "As for `cloudauth.spoof.front`.",
    action: "As for `cloudauth.spoof.front`.",
    source: "own"
  },
  "cloudauth.spoof.front": {
    type: "string",
    signals: ["awaitResult", "checkResult"],
    present: "if the answer reports the check of the front",
    meaning:
      "What the anti-spoofing check decided: `Risk`; `Clear` if the check was requested; `NotRequested`; `Unconfirmed` if nothing says whether it was requested.",
    action: "Many risks at once: a fraudster may be trying stolen documents; tell the fraud team.",
    source: "own"
  },
  "cloudauth.sub_code": {
    type: "string",
    signals: ["awaitResult", "checkResult", "metric"],
    present: "if the answer had one; `none` on metrics otherwise",
    meaning: "Why the check passed or was rejected: 200, 211, 212, 213. On metrics, unknown ones are `other`.",
    action: "211 and 213 rising: the capture screen. 212 rising: fraud, or a camera that the check mistakes.",
    source: "own"
  },
  "cloudauth.transaction_id": {
    type: "string",
    signals: ["checkResult", "deleteVerifyResult", "checkVerifyLog"],
    present: "only with `Privacy.layerPlain` or `Privacy.layerHashed`",
    meaning: "The id of the authentication, plain or hashed.",
    action: "As for `cloudauth.merchant_biz_id`.",
    source: "own"
  },
  "cloudauth.verdict": {
    type: "string",
    signals: ["awaitResult", "checkResult", "metric"],
    present: "if a result came",
    meaning: "`Passed`, `Rejected` or `Inconclusive`.",
    action:
      "Inconclusive: the answer is incomplete, contradicts itself or is about something else; a person must decide.",
    source: "own"
  },
  "cloudauth.warning.path": {
    type: "string",
    signals: ["metric"],
    present: "always",
    meaning: "Where in the answer something was not as documented. Unknown paths are `other`.",
    action: "The vendor has changed that field: look at a raw answer and update the package.",
    source: "own"
  },
  "cloudauth.warnings": {
    type: "int",
    signals: ["awaitResult", "checkResult"],
    present: "if there are any",
    meaning: "How many parts of the answer were not as documented. The rest of the result is there.",
    action: "Look at `warnings` of the result: path and expectation, the value redacted.",
    source: "own"
  }
} as const satisfies Readonly<Record<string, Definition>>
