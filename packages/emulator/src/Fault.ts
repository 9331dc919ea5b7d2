/**
 * Faults on demand: by rule or by probability, decided by a seed.
 *
 * @example
 * import * as Fault from "@effect-cloudauth/emulator/Fault"
 * const rules = [
 *   Fault.rule(Fault.Fault.cases.Reset.make({ at: "after-headers" }), { probability: 0.05 }),
 *   Fault.rule(Fault.Fault.cases.Throttle.make({ retryAfterMillis: 200 }), { times: 20 })
 * ]
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as OwnOptions from "@effect-cloudauth/core/Options"

const Millis = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const Bytes = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 256 * 1024 * 1024 }))

/**
 * The faults by name.
 *
 * @category models
 * @since 0.1.0
 */
export const Kind = Schema.Literals([
  "Delay",
  "SlowBody",
  "Reset",
  "TruncatedBody",
  "WrongContentLength",
  "Garbage",
  "WrongCharset",
  "Gzip",
  "HugeBody",
  "ServerError",
  "Throttle",
  "ClockSkew",
  "DuplicatedAnswer",
  "DroppedAnswer",
  "HalfClose",
  "TlsError"
])
export type Kind = typeof Kind.Type

/**
 * One fault.
 *
 * @category models
 * @since 0.1.0
 */
export const Fault = Schema.TaggedUnion({
  /** The answer starts later. */
  Delay: { millis: Millis },
  /** The body comes in pieces with pauses between them. */
  SlowBody: { chunkBytes: Bytes, everyMillis: Millis },
  /** The connection is reset (RST). */
  Reset: { at: Schema.Literals(["before-headers", "within-headers", "after-headers", "within-body"]) },
  /** The connection ends well, after only this part (0 to 1) of the body. */
  TruncatedBody: { keep: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })) },
  /** `content-length` is off by this many bytes; the connection is closed after the body. */
  WrongContentLength: { by: Schema.Int },
  /** The body is this many seeded random bytes. */
  Garbage: { bytes: Bytes },
  /** The body is in this charset, and `content-type` says so or claims UTF-8. */
  WrongCharset: { charset: Schema.Literals(["utf-16le", "latin1"]), declared: Schema.Boolean },
  /** The body is compressed, and `content-encoding` says so or not. */
  Gzip: { declared: Schema.Boolean },
  /** Blanks after the JSON up to this size. With `Gzip` it is a decompression bomb. */
  HugeBody: { bytes: Bytes },
  /** The gateway answers with this status before it looks at anything. */
  ServerError: { status: Schema.Int.check(Schema.isBetween({ minimum: 500, maximum: 599 })) },
  /** `Throttling.Api`. */
  Throttle: { retryAfterMillis: Schema.optionalKey(Millis) },
  /** The gateway's clock is off by this much, in its `Date` header and in the date window. */
  ClockSkew: { millis: Schema.Finite },
  /** The whole answer is sent twice over the same connection. */
  DuplicatedAnswer: {},
  /** The call is carried out and never answered; the connection stays open. */
  DroppedAnswer: {},
  /**
   * The answer promises keep-alive; then the server's side is closed at once (the default), or silently, so that the connection is reset
   * when the next request comes in over it. That request is not carried out.
   */
  HalfClose: { when: Schema.optionalKey(Schema.Literals(["at-once", "next-request"])) },
  /** The connection speaks plain text where TLS was to begin. Decided for each connection, not for each call. */
  TlsError: {}
})
export type Fault = typeof Fault.Type

/**
 * When a fault strikes. All conditions must hold.
 *
 * @category models
 * @since 0.1.0
 */
export const Rule = Schema.Struct({
  fault: Fault,
  /** 0 to 1; left out: always. */
  probability: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
  /** At most so often. */
  times: Schema.optionalKey(Schema.Int),
  /** Not for the first so many calls that match. */
  skip: Schema.optionalKey(Schema.Int),
  /** In bursts: for the first `strikes` of every `every` calls that match. */
  burst: Schema.optionalKey(Schema.Struct({ strikes: Schema.Int, every: Schema.Int.check(Schema.isGreaterThan(0)) })),
  /** Only for this transaction id or ids that start with it. */
  transactionId: Schema.optionalKey(Schema.String),
  action: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "FaultRule" })
export type Rule = typeof Rule.Type

/**
 * A rule, with its conditions.
 *
 * @category constructors
 * @since 0.1.0
 */
export const rule = (fault: Fault, when: Omit<Rule, "fault"> = {}): Rule => ({
  fault,
  ...OwnOptions.ownOrThrow(conditions, when)
})

/** A misspelled condition would let a fault strike always. */
const conditions: OwnOptions.Keys<Omit<Rule, "fault">> = {
  probability: true,
  times: true,
  skip: true,
  burst: { strikes: true, every: true },
  transactionId: true,
  action: true
}

/**
 * What a call is aimed at, for the rules.
 *
 * @category models
 * @since 0.1.0
 */
export interface Target {
  readonly transactionId: string | undefined
  readonly action: string | undefined
}

/**
 * Decides which faults strike, and counts them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Injector {
  readonly decide: (target: Target) => ReadonlyArray<Fault>
  /** For a new connection: whether TLS fails on it. */
  readonly decideTls: () => boolean
  readonly counts: () => Readonly<Partial<Record<Kind, number>>>
  readonly setRules: (rules: ReadonlyArray<Rule>) => void
  readonly rules: () => ReadonlyArray<Rule>
}

/**
 * The fault of one kind among those that struck.
 *
 * @category getters
 * @since 0.1.0
 */
export const find = <K extends Kind>(faults: ReadonlyArray<Fault>, kind: K): Extract<Fault, { _tag: K }> | undefined =>
  faults.find((fault): fault is Extract<Fault, { _tag: K }> => fault._tag === kind)
