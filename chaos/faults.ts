/** The faults of the campaign. Each kind has one meaning here, so that the call log, which names kinds, decides what must come out. */
import * as Fault from "@effect-cloudauth/emulator/Fault"
import type * as Middlebox from "./middlebox.ts"

const of = Fault.Fault.cases

/** Larger than what the campaign's clients read, in bytes. */
export const hugeBytes = 2 * 1024 * 1024

/** How patient the campaign's clients are, in milliseconds and times. */
export const limits = {
  attemptTimeout: 1000,
  deadline: 4000,
  maxBodyBytes: 1024 * 1024,
  transient: { times: 3, base: 5, cap: 50 },
  throttle: { times: 4, base: 10, cap: 50 }
} as const

const minutes = 60_000

/** Every kind that a request can meet. About half of all attempts meet one or more. */
export const ofRequests: ReadonlyArray<Fault.Rule> = [
  Fault.rule(of.Delay.make({ millis: 25 }), { probability: 0.03 }),
  Fault.rule(of.Delay.make({ millis: 2000 }), { probability: 0.006 }),
  Fault.rule(of.SlowBody.make({ chunkBytes: 400, everyMillis: 2 }), { probability: 0.03 }),
  Fault.rule(of.SlowBody.make({ chunkBytes: 1, everyMillis: 5 }), { probability: 0.006 }),
  ...(["before-headers", "within-headers", "after-headers", "within-body"] as const).map((at) =>
    Fault.rule(of.Reset.make({ at }), { probability: 0.015 })
  ),
  Fault.rule(of.TruncatedBody.make({ keep: 0 }), { probability: 0.01 }),
  Fault.rule(of.TruncatedBody.make({ keep: 0.7 }), { probability: 0.02 }),
  Fault.rule(of.WrongContentLength.make({ by: 9 }), { probability: 0.015 }),
  Fault.rule(of.WrongContentLength.make({ by: -9 }), { probability: 0.015 }),
  Fault.rule(of.Garbage.make({ bytes: 3000 }), { probability: 0.03 }),
  Fault.rule(of.WrongCharset.make({ charset: "utf-16le", declared: true }), { probability: 0.01 }),
  Fault.rule(of.WrongCharset.make({ charset: "utf-16le", declared: false }), { probability: 0.01 }),
  Fault.rule(of.WrongCharset.make({ charset: "latin1", declared: true }), { probability: 0.01 }),
  Fault.rule(of.Gzip.make({ declared: true }), { probability: 0.03 }),
  Fault.rule(of.HugeBody.make({ bytes: hugeBytes }), { probability: 0.005 }),
  Fault.rule(of.ServerError.make({ status: 500 }), { probability: 0.01 }),
  Fault.rule(of.ServerError.make({ status: 503 }), { burst: { strikes: 6, every: 200 } }),
  Fault.rule(of.Throttle.make({ retryAfterMillis: 15 }), { burst: { strikes: 8, every: 250 } }),
  Fault.rule(of.Throttle.make({}), { probability: 0.02 }),
  Fault.rule(of.ClockSkew.make({ millis: 25 * minutes }), { probability: 0.004 }),
  Fault.rule(of.ClockSkew.make({ millis: -40 * minutes }), { probability: 0.004 }),
  Fault.rule(of.DuplicatedAnswer.make({}), { probability: 0.03 }),
  Fault.rule(of.DroppedAnswer.make({}), { probability: 0.01 }),
  Fault.rule(of.HalfClose.make({}), { probability: 0.03 }),
  Fault.rule(of.HalfClose.make({ when: "next-request" }), { probability: 0.03 })
]

/** Decided for each connection; the plain server has no handshake to break. */
export const ofConnections: ReadonlyArray<Fault.Rule> = [Fault.rule(of.TlsError.make({}), { probability: 0.05 })]

/** Decided for each connection, between the clients and the service. */
export const ofMiddlebox: Middlebox.Faults = { hungConnect: 0.05, strayAnswer: 0.5 }

/** Kinds after which the connection may be of no use to the next request over it. */
export const poisoning: ReadonlySet<string> = new Set<Fault.Kind>([
  "Reset",
  "TruncatedBody",
  "WrongContentLength",
  "DuplicatedAnswer",
  "HalfClose",
  "TlsError"
])
