/**
 * OpenTelemetry's semantic conventions beside what this client does. The names of attributes and metrics among them are
 * checked against `@opentelemetry/semantic-conventions`.
 */

/** One point of the conventions. */
export interface Convention {
  readonly point: string
  /** What the conventions ask for, with their stability. */
  readonly convention: string
  readonly ours: string
  /** Why ours differs; `undefined` if it does not. */
  readonly because?: string
}

export const conventions: ReadonlyArray<Convention> = [
  {
    point: "span of a call",
    convention: "RPC, stable: a CLIENT span over all retries, with `rpc.system.name`, `rpc.method`, `rpc.status_code`",
    ours: "the same"
  },
  {
    point: "name of that span",
    convention: "RPC, stable: `rpc.method`, so `Cloudauth/CheckResult`",
    ours: "`Cloudauth.checkResult`",
    because: "It is the name of the function in the code and of Effect's own spans; `rpc.method` is beside it."
  },
  {
    point: "span of a request",
    convention:
      "HTTP, stable: a CLIENT span each, with `http.request.method`, `server.address`, `url.full`, `http.request.resend_count`",
    ours: "the same"
  },
  {
    point: "name of that span",
    convention: "HTTP, stable: `POST`",
    ours: "`Cloudauth.attempt`",
    because: "A search for `POST` finds every HTTP client of a program."
  },
  {
    point: "`url.full`",
    convention: "HTTP, stable: the whole URL; values that are sensitive may be removed",
    ours: "without the query",
    because: "The query holds the ids."
  },
  {
    point: "`error.type`",
    convention: "RPC, stable: the status code, or the exception's type",
    ours: "the error's tag, for example `Throttled`",
    because: "Several codes are one error to a program; the code is `rpc.status_code`."
  },
  {
    point: "status of a span",
    convention: "stable: unset on success, ERROR on failure; a 4xx is an error on a CLIENT span",
    ours: "the same, except that a user who has not finished (404) is no error",
    because: "The conventions allow it if the instrumentation knows better: the call has done its work."
  },
  {
    point: "description of the status",
    convention: "stable: no text that only repeats `error.type`",
    ours: "the error's message: what happened, and what to do"
  },
  {
    point: "exceptions",
    convention: "development: moving from span events to log records",
    ours: "none for the client's errors",
    because: "A stack of the library's own says nothing, and a defect's text can hold personal data."
  },
  {
    point: "attributes at the start of a span",
    convention: "stable: those that samplers look at are given when the span is made",
    ours: "the same, on the tracer of this package (`Telemetry.StartAttributes`)"
  },
  {
    point: "`cloud.region`",
    convention: "development: of the resource; on client spans of cloud SDKs the region that is called",
    ours: "on the operation's span; no `cloud.provider`, which would say where the program itself runs"
  },
  {
    point: "`service.peer.name`",
    convention: "development: the name of the service that is called",
    ours: "`Cloudauth`, and the older `peer.service`, `rpc.system` and `rpc.service`",
    because: "Several backends draw their maps by the older names and show `unknown` without them."
  },
  {
    point: "`OTEL_SEMCONV_STABILITY_OPT_IN`",
    convention: "for instrumentation that had older names before the stable ones",
    ours: "not read",
    because: "There was no release with other names: `rpc` and `http` are in force, whatever the variable says."
  },
  {
    point: "duration of a call",
    convention: "RPC, stable: the histogram `rpc.client.call.duration`, buckets from 5 ms to 10 s",
    ours: "`cloudauth.operation.duration`, buckets from 25 ms to 60 s",
    because: "A call has a deadline of 30 or 60 seconds, and `cloudauth.outcome` tells a rejection from a failure."
  },
  {
    point: "duration of a request",
    convention: "HTTP, stable: the histogram `http.client.request.duration`",
    ours: "`cloudauth.attempt.duration`",
    because: "It holds the time for the credential as well, and it has no `server.address`: one client, one endpoint."
  },
  {
    point: "units",
    convention: "stable: seconds, bytes, `{thing}` for counts",
    ours: "the same"
  },
  {
    point: "scope",
    convention: "stable: name and version of the instrumentation, schema URL",
    ours: "`@effect-cloudauth/otel`, its version, `https://opentelemetry.io/schemas/1.45.0`; the program's own spans have Effect's scope"
  },
  {
    point: "context sent along",
    convention: "stable: the propagator's headers on every request",
    ours: "none, unless `Telemetry.PropagateTrace` asks for `traceparent`",
    because: "The vendor is a third party."
  }
]
