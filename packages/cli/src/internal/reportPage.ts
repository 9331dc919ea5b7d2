/** The report as one HTML page that needs nothing from anywhere: no script, style, font or picture from outside. */
import { createHash } from "node:crypto"
import * as Document from "@effect-cloudauth/core/Document"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import type * as Report from "../Report.ts"
import * as chart from "./chart.ts"
import { Html, html } from "./html.ts"
import { script, style } from "./reportAssets.ts"
import { list, minuteOf } from "./reportList.ts"

const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

// Whole elements: a blank more inside, and their hashes in the page's policy would not fit.
const styleElement = new Html(`<style>${style}</style>`)
const scriptElement = new Html(`<script>${script}</script>`)

const number = (n: number): string => n.toLocaleString("en")
const percent = (part: number, whole: number): string => (whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`)
const day = 86_400_000
const labelOf = (start: number, bucketWidth: number): string =>
  bucketWidth >= day ? new Date(start).toISOString().slice(5, 10) : new Date(start).toISOString().slice(11, 16)

const widthText = (bucketWidth: number): string => {
  if (bucketWidth >= day) return bucketWidth === day ? "day" : `${bucketWidth / day} days`
  const minutes = bucketWidth / 60_000
  if (minutes >= 60) return minutes === 60 ? "hour" : `${minutes / 60} hours`
  return minutes === 1 ? "minute" : `${minutes} minutes`
}

const tones = ["a", "b", "c", "d", "e"] as const

/** A series for each key of the buckets, the largest first; those beyond five are one. */
const seriesOf = (
  buckets: ReadonlyArray<Report.Bucket>,
  pick: (bucket: Report.Bucket) => Readonly<Record<string, number>>,
  nameOf: (key: string) => string
): ReadonlyArray<chart.Series> => {
  const totals = new Map<string, number>()
  for (const bucket of buckets) {
    for (const [key, n] of Object.entries(pick(bucket))) totals.set(key, (totals.get(key) ?? 0) + n)
  }
  const keys = [...totals].sort(([, one], [, other]) => other - one).map(([key]) => key)
  const named = keys.slice(0, tones.length - 1)
  const others = keys.slice(tones.length - 1)
  const series = named.map((key, index): chart.Series => ({
    name: nameOf(key),
    tone: tones[index] ?? "e",
    values: buckets.map((bucket) => pick(bucket)[key] ?? 0)
  }))
  if (others.length === 0) return series
  const rest = (bucket: Report.Bucket) => others.reduce((sum, key) => sum + (pick(bucket)[key] ?? 0), 0)
  return [...series, { name: "other", tone: "e", values: buckets.map(rest) }]
}

const subCodeName = (code: string): string => {
  const subCode = SubCode.fromCode(code)
  return subCode._tag === "UnknownSubCode"
    ? code
    : `${code} ${subCode._tag.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()}`
}

const unread = { NotRead: "(not read)", Unreadable: "(unreadable)", Undecided: "(undecided)" } as const

const documentName = (document: Report.Report["byDocument"][number][0]): string =>
  ({ ...unread, ...Document.titles })[document]

const verdictParts = (verdicts: Report.Verdicts): chart.Bar["parts"] => [
  { name: "passed", tone: "pass", value: verdicts.Passed },
  { name: "rejected", tone: "reject", value: verdicts.Rejected },
  { name: "inconclusive", tone: "doubt", value: verdicts.Inconclusive }
]

const tile = (title: string, value: string, under: string, tone = ""): Html =>
  html`<div class="tile ${tone}">${title}<b>${value}</b><span class="faint">${under}</span></div>`

const plot = (title: string, report: Report.Report, series: ReadonlyArray<chart.Series>, empty: string): Html => {
  if (series.length === 0)
    return html`<h2>${title}</h2>
      <p class="faint">${empty}</p>`
  const labels = report.buckets.map(({ start }) => labelOf(start, report.bucketWidth))
  return html`<h2>${title}</h2>
    ${chart.legend(series)}${chart.columns(title, labels, series)}`
}

/** The page. */
export const render = (report: Report.Report): string => {
  const { billed, counts, latency, verdicts } = report
  const all = verdicts.Passed + verdicts.Rejected + verdicts.Inconclusive
  const policy = `default-src 'none'; img-src data:; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`
  const when = report.isTimeOfCheck ? "time of the check" : "time of the check if it is known, else of the collection"
  const verdictSeries: ReadonlyArray<chart.Series> = [
    { name: "passed", tone: "pass", values: report.buckets.map((bucket) => bucket.verdicts.Passed) },
    { name: "rejected", tone: "reject", values: report.buckets.map((bucket) => bucket.verdicts.Rejected) },
    { name: "inconclusive", tone: "doubt", values: report.buckets.map((bucket) => bucket.verdicts.Inconclusive) }
  ]
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="referrer" content="no-referrer" />
        <meta http-equiv="Content-Security-Policy" content="${new Html(policy.replaceAll('"', "&quot;"))}" />
        <title>ID Verification report</title>
        ${styleElement}
      </head>
      <body>
        <main>
          <h1>ID Verification report</h1>
          <p class="faint">
            ${report.store}, ${minuteOf(report.createdAt)}.
            ${report.isRevealed ? "This page holds people's data: keep it as you keep their documents." : "No person's data is in this page."}
          </p>
          <div class="tiles">
            ${[
              tile("Results", number(all), `${number(counts.Pending)} pending, ${number(counts.Failed)} failed`),
              tile("Passed", number(verdicts.Passed), percent(verdicts.Passed, all), "pass"),
              tile("Rejected", number(verdicts.Rejected), percent(verdicts.Rejected, all), "reject"),
              tile("Inconclusive", number(verdicts.Inconclusive), percent(verdicts.Inconclusive, all), "doubt"),
              tile(
                "Billed authentications",
                number(billed.yes),
                billed.unknown > 0 ? `${number(billed.unknown)} not known` : `${number(billed.no)} not billed`
              ),
              tile(
                "Latency",
                latency === undefined ? "–" : `${number(latency.p50)} ms`,
                latency === undefined
                  ? ""
                  : `p90 ${number(latency.p90)}, p99 ${number(latency.p99)}, max ${number(latency.max)} ms`
              )
            ]}
          </div>
          ${plot(`Verdicts by ${widthText(report.bucketWidth)}`, report, all === 0 ? [] : verdictSeries, "No results yet.")}
          <p class="faint">By ${when}.</p>
          ${plot(
            "Rejections by sub code",
            report,
            seriesOf(report.buckets, (bucket) => bucket.rejections, subCodeName),
            "No rejections."
          )}
          ${plot(
            "Spoof types of risks",
            report,
            seriesOf(
              report.buckets,
              (bucket) => bucket.spoofTypes,
              (type) => type
            ),
            "No risks found."
          )}
          <h2>Sub codes</h2>
          ${chart.bars(report.bySubCode.map(([code, value]) => ({ name: subCodeName(code), parts: [{ name: "", tone: "a", value }] })))}
          <h2>Documents</h2>
          ${chart.legend(verdictSeries)}${chart.bars(report.byDocument.map(([document, verdicts]) => ({ name: documentName(document), parts: verdictParts(verdicts) })))}
          ${
            report.byDocument.some(([document]) => document === "Undecided")
              ? html`<p class="faint">
                  Undecided: the fields fit several documents, and the list did not name one. A column document in the
                  list of collect, or <code class="whole">--document</code>, decides.
                </p>`
              : html``
          }
          <h2>How long calls took</h2>
          ${chart.bars(report.latencies.map(([upTo, value]) => ({ name: `up to ${number(upTo)} ms`, parts: [{ name: "", tone: "d", value }] })))}
          ${
            report.failures.length === 0
              ? html``
              : html`<h2>Without a result</h2>
                  ${chart.bars(report.failures.map(([error, value]) => ({ name: error, parts: [{ name: "", tone: "e", value }] })))}`
          }
          <h2>Results${report.list.length < all ? ` (the last ${number(report.list.length)})` : ""}</h2>
          ${list(report, documentName)}
        </main>
        ${scriptElement}
      </body>
    </html> `
  return page.text
}
