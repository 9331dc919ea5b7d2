/** The report as one HTML page that needs nothing from anywhere: no script, style, font or picture from outside. */
import { createHash } from "node:crypto"
import * as Document from "@effect-cloudauth/core/Document"
import * as SubCode from "@effect-cloudauth/core/SubCode"
import type * as Report from "../Report.ts"
import { sides } from "../StoredResult.ts"
import * as chart from "./chart.ts"
import { Html, html } from "./html.ts"

const style = `
:root{color-scheme:light dark;--fg:#1c2024;--bg:#fff;--soft:#f3f5f7;--line:#d9dee3;--faint:#667;--pass:#1a7f4b;--reject:#c0392b;--doubt:#b7791f;--a:#2b6cb0;--b:#805ad5;--c:#d53f8c;--d:#319795;--e:#718096}
@media(prefers-color-scheme:dark){:root{--fg:#e6e9ec;--bg:#14171a;--soft:#1f2429;--line:#343b42;--faint:#9aa5b1;--pass:#3fb57c;--reject:#ef6a5b;--doubt:#e0a945;--a:#63a4e8;--b:#b794f4;--c:#f687b3;--d:#4fd1c5;--e:#a0aec0}}
*{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:1.5rem;font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg)}
h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .5rem}p{margin:.3rem 0}.faint{color:var(--faint)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1.25rem 0}.tile{background:var(--soft);border-radius:.5rem;padding:.7rem .9rem}.tile b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tile.pass b{color:var(--pass)}.tile.reject b{color:var(--reject)}.tile.doubt b{color:var(--doubt)}
svg{display:block;width:100%;height:auto}.grid{stroke:var(--line)}.axis{fill:var(--faint);font-size:11px}
rect.pass,i.pass{fill:var(--pass);background:var(--pass)}rect.reject,i.reject{fill:var(--reject);background:var(--reject)}rect.doubt,i.doubt{fill:var(--doubt);background:var(--doubt)}
rect.a,i.a{fill:var(--a);background:var(--a)}rect.b,i.b{fill:var(--b);background:var(--b)}rect.c,i.c{fill:var(--c);background:var(--c)}rect.d,i.d{fill:var(--d);background:var(--d)}rect.e,i.e{fill:var(--e);background:var(--e)}
.legend span{margin-right:1rem;white-space:nowrap}.legend i{display:inline-block;width:.75rem;height:.75rem;border-radius:.15rem;margin-right:.35rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .5rem;vertical-align:top}.number{text-align:right;font-variant-numeric:tabular-nums;width:5rem}
.bars th{font-weight:400;width:45%}.bars td.bar{padding:.55rem 0}.bars svg{height:.8rem}
.list thead th{border-bottom:2px solid var(--line);font-size:.85rem}.list td{border-bottom:1px solid var(--line)}.list code{font-size:.85rem}
.list td.Passed{color:var(--pass)}.list td.Rejected{color:var(--reject)}.list td.Inconclusive{color:var(--doubt)}
.fields{display:grid;grid-template-columns:max-content 1fr;gap:0 .75rem;margin:.25rem 0 .5rem;font-size:.9rem}.fields dt{color:var(--faint)}.fields dt.title{font-weight:600;color:var(--fg)}.fields dd{margin:0;overflow-wrap:anywhere}
.image{border:0;padding:0;margin:0 .5rem .5rem 0;background:var(--soft);border-radius:.4rem;overflow:hidden;cursor:pointer;display:inline-block;vertical-align:top}
.image img{display:block;height:9rem;max-width:16rem;object-fit:contain;filter:blur(14px)}.image[aria-pressed=true] img{filter:none}
.wide{overflow-x:auto}
@media(max-width:40rem){svg{overflow:visible}.axis{font-size:20px}}
@media print{.wide{overflow:visible}.image img{filter:blur(14px)!important}}
select{font:inherit;padding:.2rem .4rem}
`

const script = `
for (const button of document.querySelectorAll(".image")) button.addEventListener("click", () => button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true")))
const filter = document.getElementById("filter")
if (filter) filter.addEventListener("change", () => { for (const row of document.querySelectorAll("tr[data-verdict]")) row.hidden = filter.value !== "" && row.dataset.verdict !== filter.value })
`

const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

// Whole elements: a blank more inside, and their hashes in the page's policy would not fit.
const styleElement = new Html(`<style>${style}</style>`)
const scriptElement = new Html(`<script>${script}</script>`)

const number = (n: number): string => n.toLocaleString("en")
const percent = (part: number, whole: number): string => (whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`)
const iso = (time: number): string =>
  new Date(time)
    .toISOString()
    .replace("T", " ")
    .replace(/:\d\d\.\d+Z$/, " UTC")

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

const spoofText = ({ view: { spoof } }: Report.Listed): string =>
  sides
    .flatMap((side) => (spoof[side]._tag === "Risk" ? [`${side}: ${spoof[side].types.join(", ") || "risk"}`] : []))
    .join("; ")

const picture = (image: Report.ListedImage): Html =>
  image.bytes === undefined
    ? html`<span class="faint">(${image.side}: left out) </span>`
    : html`<button
        type="button"
        class="image"
        aria-pressed="false"
        aria-label="Show or hide the image of the ${image.side}"
      >
        <img alt="" src="data:${image.mediaType};base64,${Buffer.from(image.bytes).toString("base64")}" />
      </button>`

const text = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""))

const fields = (title: string, read: Readonly<Record<string, unknown>> | undefined): Html =>
  read === undefined || Object.keys(read).length === 0
    ? html``
    : html`<dl class="fields">
        <dt class="title">${title}</dt>
        <dd></dd>
        ${Object.entries(read).map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${text(value)}</dd>`
        )}
      </dl>`

const person = ({ images, person, view }: Report.Listed): Html =>
  person?.ocr === undefined && person?.ocrBack === undefined && images.length === 0
    ? html``
    : html`<tr data-verdict="${view.verdict._tag}">
        <td colspan="6">
          ${fields("Front", person?.ocr)}${
            view.edited.length === 0 ? html`` : fields("As changed by hand", person?.ocrEdited)
          }${fields("Back", person?.ocrBack)}${images.map(picture)}
        </td>
      </tr>`

const row = (listed: Report.Listed): Html => {
  const { imageCount, view } = listed
  const { _tag: verdict, subCode } = view.verdict
  const edited = view.edited.length === 0 ? "" : `, changed by hand: ${view.edited.join(", ")}`
  const kept =
    imageCount > 0 && listed.images.length === 0
      ? html` <span class="faint">${imageCount} image${imageCount === 1 ? "" : "s"}</span>`
      : html``
  return html`<tr data-verdict="${verdict}">
      <td><code>${listed.transactionId}</code></td>
      <td>${iso(view.authenticatedAt ?? view.collectedAt)}</td>
      <td class="${verdict}">${verdict}</td>
      <td>${subCode?.code ?? ""}</td>
      <td>${documentName(view.document)}${edited}${kept}</td>
      <td>${spoofText(listed)}</td>
    </tr>
    ${person(listed)}`
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
        <h1>ID Verification report</h1>
        <p class="faint">
          ${report.store}, ${iso(report.createdAt)}.
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
        <h2>How long calls took</h2>
        ${chart.bars(report.latencies.map(([upTo, value]) => ({ name: `up to ${number(upTo)} ms`, parts: [{ name: "", tone: "d", value }] })))}
        ${
          report.failures.length === 0
            ? html``
            : html`<h2>Without a result</h2>
                ${chart.bars(report.failures.map(([error, value]) => ({ name: error, parts: [{ name: "", tone: "e", value }] })))}`
        }
        <h2>Results${report.list.length < all ? ` (the last ${number(report.list.length)})` : ""}</h2>
        <p>
          <label
            >Show
            <select id="filter">
              <option value="">all</option>
              <option>Passed</option>
              <option>Rejected</option>
              <option>Inconclusive</option>
            </select></label
          >${report.isRevealed ? html` <span class="faint">Images are blurred until they are clicked.</span>` : html` <span class="faint">Ids are shortened and fields left out; 'report --reveal' has them.</span>`}
        </p>
        <div class="wide">
          <table class="list">
            <thead>
              <tr>
                <th>Transaction</th>
                <th>Time</th>
                <th>Verdict</th>
                <th>Sub code</th>
                <th>Document</th>
                <th>Spoof risk</th>
              </tr>
            </thead>
            <tbody>
              ${report.list.map(row)}
            </tbody>
          </table>
        </div>
        ${scriptElement}
      </body>
    </html> `
  return page.text
}
