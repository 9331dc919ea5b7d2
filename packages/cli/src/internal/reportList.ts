/** The report's list: one result after the other, to search, sort and save. */
import type * as Report from "../Report.ts"
import { sides } from "../StoredResult.ts"
import { type Html, html } from "./html.ts"

/** A time to the minute, in UTC. */
export const minuteOf = (time: number): string =>
  new Date(time)
    .toISOString()
    .replace("T", " ")
    .replace(/:\d\d\.\d+Z$/, " UTC")

type NameOf = (document: Report.Listed["view"]["document"]) => string

const headings = ["Transaction", "Time", "Verdict", "Sub code", "Document", "Spoof risk"]

/** The list with its controls, for the script. */
export const list = (report: Report.Report, documentName: NameOf): Html =>
  html`<p class="controls">
      <label>Search <input id="search" type="search" /></label>
      <label
        >Show
        <select id="filter">
          <option value="">all</option>
          <option>Passed</option>
          <option>Rejected</option>
          <option>Inconclusive</option>
        </select></label
      >
      <output id="shown" for="search filter"></output>
      <button id="export" class="plain" type="button">Save as CSV</button>
    </p>
    <p class="faint">
      ${report.isRevealed ? "Images are blurred until they are clicked." : html`Ids are shortened and fields left out; <code class="whole">report --reveal</code> has them.`}
    </p>
    <div class="wide" role="region" aria-label="Results" tabindex="0">
      <table class="list">
        <thead>
          <tr>
            ${headings.map((heading) => html`<th scope="col" aria-sort="none"><button type="button">${heading}</button></th>`)}
          </tr>
        </thead>
        ${report.list.map((listed) => row(listed, documentName))}
      </table>
    </div>`

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

const row = (listed: Report.Listed, documentName: NameOf): Html => {
  const { imageCount, view } = listed
  const { _tag: verdict, subCode } = view.verdict
  const edited = view.edited.length === 0 ? "" : `, changed by hand: ${view.edited.join(", ")}`
  const kept =
    imageCount > 0 && listed.images.length === 0
      ? html` <span class="faint">${imageCount} image${imageCount === 1 ? "" : "s"}</span>`
      : html``
  return html`<tbody data-result="${verdict}">
    <tr data-verdict="${verdict}">
      <td><code>${listed.transactionId}</code></td>
      <td>${minuteOf(view.authenticatedAt ?? view.collectedAt)}</td>
      <td class="${verdict}">${verdict}</td>
      <td>${subCode?.code ?? ""}</td>
      <td>${documentName(view.document)}${edited}${kept}</td>
      <td>${spoofText(listed)}</td>
    </tr>
    ${person(listed)}
  </tbody>`
}
