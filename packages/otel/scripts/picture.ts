/** Draws `docs/trace.svg` from the spans of a real call: throttled twice, then passed, over HTTP on the loopback. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Document from "@effect-cloudauth/core/Document"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type RecordedSpan, TestTelemetry } from "../src/TestTelemetry.ts"

const client = Layer.unwrap(
  Effect.map(Emulator, ({ accessKeyId, accessKeySecret, url }) =>
    NodeCloudauth.layer({
      url,
      credentials: Credentials.layerRefreshing({
        load: Effect.delay(Effect.succeed({ accessKeyId, accessKeySecret }), "12 millis")
      })
    })
  )
).pipe(Layer.provide(Emulator.layer()))

const check = Cloudauth.checkResult({
  merchantBizId: "order4711",
  transactionId: "hksb-throttled-twice-picture",
  document: Document.HongKongIdentityCard
})

const spans = await Effect.runPromise(
  Effect.gen(function* () {
    // The first call warms the code up; the second, with a fresh client and emulator, is drawn.
    yield* Effect.provide(check, client, { local: true })
    const telemetry = yield* TestTelemetry
    yield* telemetry.reset
    yield* Effect.withSpan(Effect.provide(check, client, { local: true }), "POST /orders/:order/check", {
      kind: "server"
    })
    return yield* telemetry.spans
  }).pipe(Effect.provide(TestTelemetry.layer))
)

const millis = ([seconds, nanos]: readonly [number, number]): number => seconds * 1000 + nanos / 1e6

interface Row {
  readonly span: RecordedSpan
  readonly depth: number
}

const rowsBelow = (parent: string | undefined, depth: number): ReadonlyArray<Row> =>
  spans
    .filter((span) => span.parentSpanContext?.spanId === parent)
    .toSorted((left, right) => millis(left.startTime) - millis(right.startTime))
    .flatMap((span) => [{ span, depth }, ...rowsBelow(span.spanContext().spanId, depth + 1)])

const rows = rowsBelow(undefined, 0)
const start = Math.min(...spans.map((span) => millis(span.startTime)))
const whole = Math.max(...spans.map((span) => millis(span.endTime))) - start

const width = 960
const left = 300
const right = 20
const rowHeight = 34
const top = 44
const height = top + rows.length * rowHeight + 14
const x = (at: number): number => left + ((at - start) / whole) * (width - left - right)

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

const shown = (span: RecordedSpan): string =>
  ["cloudauth.verdict", "cloudauth.sub_code", "http.response.status_code", "error.type"]
    .flatMap((key) => (span.attributes[key] === undefined ? [] : [`${key}=${span.attributes[key]}`]))
    .join("  ")

const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
  const at = x(start + whole * part).toFixed(1)
  return `<line x1="${at}" y1="30" x2="${at}" y2="${height - 8}" class="tick"/><text x="${at}" y="22" text-anchor="middle" class="axis">${(whole * part).toFixed(0)} ms</text>`
})

const drawn = rows.map(({ depth, span }, index) => {
  const y = top + index * rowHeight
  const from = x(millis(span.startTime))
  const to = Math.max(from + 2, x(millis(span.endTime)))
  const facts = shown(span)
  // Beside the bar if there is room, else before it.
  const beside = to + 8 + facts.length * 6.2 < width
  const events = span.events.map(
    (event) =>
      `<circle cx="${x(millis(event.time)).toFixed(1)}" cy="${y + 20}" r="4" class="event"><title>${escape(event.name)}</title></circle>`
  )
  return [
    `<text x="${14 + depth * 18}" y="${y + 15}" class="name">${escape(span.name)}</text>`,
    `<rect x="${from.toFixed(1)}" y="${y}" width="${(to - from).toFixed(1)}" height="20" rx="3" class="${span.status.code === 2 ? "failed" : depth === 0 ? "caller" : "ours"}"/>`,
    ...events,
    facts === ""
      ? ""
      : beside
        ? `<text x="${(to + 8).toFixed(1)}" y="${y + 14}" class="facts">${escape(facts)}</text>`
        : `<text x="${(Math.max(from, left) + 12).toFixed(1)}" y="${y + 14}" class="${to - from > facts.length * 6.2 ? "inside" : "facts"}"${to - from > facts.length * 6.2 ? "" : ` text-anchor="end" dx="${-20}"`}>${escape(facts)}</text>`
  ].join("")
})

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The spans of one call: the caller, the operation, a credential's refresh, two throttled attempts and one that passes">
<style>
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #24292f }
.axis { font-size: 11px; fill: #6e7781 }
.facts { font-size: 10px; fill: #57606a }
.inside { font-size: 10px; fill: #ffffff }
.tick { stroke: #d0d7de }
.caller { fill: #8250df }
.ours { fill: #1f6feb }
.failed { fill: #cf222e }
.event { fill: #bf8700; stroke: #ffffff }
</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${[...ticks, ...drawn].join("\n")}
</svg>
`

writeFileSync(join(import.meta.dirname, "../docs/trace.svg"), svg)
console.log("docs/trace.svg")
