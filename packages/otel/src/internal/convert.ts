/** Effect's values → OpenTelemetry's. */
import * as Otel from "@opentelemetry/api"
import type * as Cause from "effect/Cause"
import * as Inspectable from "effect/Inspectable"
import type * as Tracer from "effect/Tracer"

export const kinds: Readonly<Record<Tracer.SpanKind, Otel.SpanKind>> = {
  internal: Otel.SpanKind.INTERNAL,
  server: Otel.SpanKind.SERVER,
  client: Otel.SpanKind.CLIENT,
  producer: Otel.SpanKind.PRODUCER,
  consumer: Otel.SpanKind.CONSUMER
}

/** Nanoseconds since 1970 → seconds and nanoseconds, to the microsecond: as fine as the clock, with one division. */
export const hrTime = (nanos: bigint): Otel.HrTime => {
  const micros = Number(nanos / 1000n)
  const seconds = Math.floor(micros / 1_000_000)
  return [seconds, (micros - seconds * 1_000_000) * 1000]
}

const isHomogeneous = (values: ReadonlyArray<unknown>): values is Array<string> | Array<number> | Array<boolean> => {
  const type = typeof values[0]
  return (
    (values.length === 0 || type === "string" || type === "number" || type === "boolean") &&
    values.every((value) => typeof value === type)
  )
}

export const attribute = (value: unknown): Otel.AttributeValue => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value
  if (typeof value === "bigint") return value.toString()
  if (Array.isArray(value) && isHomogeneous(value)) return value.slice()
  return Inspectable.toStringUnknown(value)
}

export const attributes = (record: Readonly<Record<string, unknown>>): Otel.Attributes => {
  const converted: Otel.Attributes = {}
  for (const key of Object.keys(record)) converted[key] = attribute(record[key])
  return converted
}

/** The message of the first error of a cause, without the work of its stack. */
export const message = (cause: Cause.Cause<unknown>): string => {
  for (const reason of cause.reasons) {
    if (reason._tag === "Interrupt") continue
    const error = reason._tag === "Fail" ? reason.error : reason.defect
    return error instanceof Error ? error.message : Inspectable.toStringUnknown(error)
  }
  return ""
}

/** A random id of so many hexadecimal digits, at most 32. */
export const randomHex = (digits: number): string => crypto.randomUUID().replaceAll("-", "").slice(0, digits)
