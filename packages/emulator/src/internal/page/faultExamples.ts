/** For each fault a rule with parameters to start from. */
import type * as Fault from "../../Fault.ts"

/** Strikes once, so that an example never stops a program for good. */
const once = <K extends Fault.Kind>(fault: Extract<Fault.Fault, { _tag: K }>): Fault.Rule => ({ fault, times: 1 })

export const faultExamples: { readonly [K in Fault.Kind]: Fault.Rule } = {
  Delay: once({ _tag: "Delay", millis: 2000 }),
  SlowBody: once({ _tag: "SlowBody", chunkBytes: 1024, everyMillis: 100 }),
  Reset: once({ _tag: "Reset", at: "within-body" }),
  TruncatedBody: once({ _tag: "TruncatedBody", keep: 0.5 }),
  WrongContentLength: once({ _tag: "WrongContentLength", by: 10 }),
  Garbage: once({ _tag: "Garbage", bytes: 1000 }),
  WrongCharset: once({ _tag: "WrongCharset", charset: "utf-16le", declared: false }),
  Gzip: once({ _tag: "Gzip", declared: true }),
  HugeBody: once({ _tag: "HugeBody", bytes: 50_000_000 }),
  ServerError: once({ _tag: "ServerError", status: 503 }),
  Throttle: once({ _tag: "Throttle", retryAfterMillis: 500 }),
  ClockSkew: once({ _tag: "ClockSkew", millis: 3_600_000 }),
  DuplicatedAnswer: once({ _tag: "DuplicatedAnswer" }),
  DroppedAnswer: once({ _tag: "DroppedAnswer" }),
  HalfClose: once({ _tag: "HalfClose", when: "next-request" }),
  TlsError: once({ _tag: "TlsError" })
}
