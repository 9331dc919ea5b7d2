/** One request to object storage: signed, over the client's proxies, and sent again if the network or the service stumbles. */
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
import { AwsV4Signer } from "aws4fetch"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { errorCode } from "./errorCode.ts"

export interface Keys {
  readonly region: string
  readonly accessKeyId: Redacted.Redacted
  readonly accessKeySecret: Redacted.Redacted
  readonly sessionToken?: Redacted.Redacted | undefined
}

export interface Request {
  readonly method: "PUT" | "GET" | "DELETE"
  readonly url: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: Uint8Array<ArrayBuffer> | undefined
  /** The statuses of success. */
  readonly accepted: ReadonlyArray<number>
}

export interface Response {
  readonly status: number
  readonly body: Uint8Array
}

/** The request failed. */
export class RequestFailed extends Schema.TaggedError<RequestFailed>("@effect-cloudauth/cli/S3RequestFailed")(
  "S3RequestFailed",
  {
    /** In words that hold no value. */
    reason: Schema.String,
    /** Whether sending it again can help. */
    isTransient: Schema.Boolean,
    /** How long the service asks to wait, in milliseconds. */
    retryAfter: Schema.UndefinedOr(Schema.Number)
  }
) {}

/** How long one attempt may take. */
const timeout = "30 seconds"

/** As the client's own calls: full jitter, but no sooner than the service asks for, within 30 seconds. */
const schedule: Schedule.Schedule<unknown, RequestFailed> = Schedule.min([
  Schedule.exponential("100 millis"),
  Schedule.spaced("10 seconds")
]).pipe(
  Schedule.upTo({ times: 7 }),
  Schedule.modifyDelay(({ duration, input }) =>
    Effect.map(Random.next, (random) =>
      Duration.millis(Math.max(Duration.toMillis(duration) * random, Math.min(input.retryAfter ?? 0, 30_000)))
    )
  )
)

/** What to look at, by status. */
const hints: Readonly<Record<number, string>> = {
  301: "the bucket is in another region (CLOUDAUTH_S3_REGION)",
  307: "the bucket is in another region (CLOUDAUTH_S3_REGION)",
  401: "the storage's access key is not accepted",
  403: "the storage's access key may not do this, or is not accepted",
  404: "there is no such bucket"
}

const transient = new Set([408, 425, 429, 500, 502, 503, 504])

/** Codes that mean the same under a status that means something else. */
const transientCodes = /<Code>(?:RequestTimeout|SlowDown|ServiceUnavailable|InternalError|OperationAborted)<\/Code>/

const refused = ({ body, headers, status }: Response & { readonly headers: Answer["headers"] }): RequestFailed => {
  const hint = hints[status]
  const after = headers["retry-after"]
  return new RequestFailed({
    reason: `HTTP ${status}${hint === undefined ? "" : `; ${hint}`}`,
    isTransient: transient.has(status) || transientCodes.test(Buffer.from(body.subarray(0, 2000)).toString("latin1")),
    retryAfter: typeof after === "string" && /^\d{1,5}$/.test(after) ? Number(after) * 1000 : undefined
  })
}

interface Answer extends Response {
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
}

const unanswered = (host: string, cause: unknown): RequestFailed => {
  const code = errorCode(cause)
  return new RequestFailed({
    reason:
      code === "ERR_PROXY_REFUSED"
        ? `the proxy does not open the way to ${host}; look at HTTPS_PROXY, its user and password`
        : `${host} does not answer (${code ?? (cause instanceof Error ? cause.name : "unknown")}); look at CLOUDAUTH_S3_ENDPOINT and the network`,
    isTransient: code !== "ERR_PROXY_REFUSED",
    retryAfter: undefined
  })
}

/** Makes the function that sends requests; it lives as long as the scope. */
export const make = Effect.fnUntraced(function* (keys: Keys) {
  const dispatcher = yield* NodeTransport.dispatcher()
  const cache = new Map<string, ArrayBuffer>()

  const sign = ({ body, headers, method, url }: Request, now: number) =>
    new AwsV4Signer({
      method,
      url,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      service: "s3",
      region: keys.region,
      accessKeyId: Redacted.value(keys.accessKeyId),
      secretAccessKey: Redacted.value(keys.accessKeySecret),
      ...(keys.sessionToken === undefined ? {} : { sessionToken: Redacted.value(keys.sessionToken) }),
      datetime: new Date(now).toISOString().replaceAll(/[:-]|\.\d{3}/g, ""),
      cache
    }).sign()

  const exchange = async (request: Request, now: number, signal: AbortSignal): Promise<Answer> => {
    const { headers, method, url } = await sign(request, now)
    const answer = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: Object.fromEntries(headers),
      body: request.body ?? null,
      signal
    })
    return { status: answer.statusCode, headers: answer.headers, body: await answer.body.bytes() }
  }

  return (request: Request): Effect.Effect<Response, RequestFailed> => {
    const { host } = new URL(request.url)
    return Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.tryPromise({
        // The names of objects lead to a person.
        try: (signal) => Telemetry.suppressTracing(() => exchange(request, now, signal)),
        catch: (cause) => unanswered(host, cause)
      })
    ).pipe(
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => Effect.fail(unanswered(host, new DOMException("", "TimeoutError")))
      }),
      Effect.filterOrFail(({ status }) => request.accepted.includes(status), refused),
      Effect.retry({ schedule, while: ({ isTransient }) => isTransient })
    )
  }
})
