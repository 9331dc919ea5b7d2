/** Plots as inline SVG: columns over time, stacked, and bars by name. They scale with the page and print. */
import { type Html, html } from "./html.ts"

/** One of the stacked parts. */
export interface Series {
  readonly name: string
  /** A CSS class that sets the colour. */
  readonly tone: string
  readonly values: ReadonlyArray<number>
}

const number = (n: number): string => n.toLocaleString("en")

/** A round number not below `n`, for the top of an axis. */
const roundUp = (n: number): number => {
  if (n <= 5) return Math.max(1, Math.ceil(n))
  const scale = 10 ** Math.floor(Math.log10(n))
  return ([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * scale >= n) ?? 10) * scale
}

const width = 860
const height = 220
const left = 52
/** Half of the last label, which stands in the middle of its column. */
const right = 30
const bottom = 24
const top = 8

export const legend = (series: ReadonlyArray<Series>): Html =>
  html`<p class="legend">
    ${series.map(
      ({ name, tone, values }) =>
        html`<span><i class="${tone}"></i>${name} <b>${number(values.reduce((sum, n) => sum + n, 0))}</b></span> `
    )}
  </p>`

/** Stacked columns, one for each label. */
export const columns = (title: string, labels: ReadonlyArray<string>, series: ReadonlyArray<Series>): Html => {
  const totals = labels.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0))
  const highest = roundUp(Math.max(1, ...totals))
  const inner = height - top - bottom
  const step = (width - left - right) / Math.max(1, labels.length)
  const broad = Math.max(1, Math.min(step * 0.8, 60))
  const y = (value: number) => top + inner * (1 - value / highest)
  const round = (value: number) => Math.round(value * 10) / 10
  // About eight labels fit below the axis.
  const every = Math.max(1, Math.ceil(labels.length / 8))
  const ticks = [...new Set([0, highest / 2, highest].map(Math.round))]
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    ${ticks.map(
      (tick) =>
        html`<line class="grid" x1="${left}" x2="${width - right}" y1="${round(y(tick))}" y2="${round(y(tick))}" /><text
            class="axis"
            x="${left - 6}"
            y="${round(y(tick)) + 4}"
            text-anchor="end"
            >${number(tick)}</text
          >`
    )}${labels.map((label, index) => {
      let base = 0
      const middle = left + (index + 0.5) * step
      const parts = series.map(({ name, tone, values }) => {
        const value = values[index] ?? 0
        if (value === 0) return html``
        const from = y(base + value)
        const to = y(base)
        base += value
        return html`<rect
          class="${tone}"
          x="${round(middle - broad / 2)}"
          width="${round(broad)}"
          y="${round(from)}"
          height="${round(Math.max(0.5, to - from))}"
          ><title>${label}: ${number(value)} ${name}</title></rect
        >`
      })
      const text =
        index % every === 0
          ? html`<text class="axis" x="${round(middle)}" y="${height - 6}" text-anchor="middle">${label}</text>`
          : html``
      return html`${parts}${text}`
    })}
  </svg>`
}

/** A row of `bars`. */
export interface Bar {
  readonly name: string
  readonly parts: ReadonlyArray<{ readonly name: string; readonly tone: string; readonly value: number }>
}

/** Horizontal bars with their names and numbers, as a table that reads without the bars, too. */
export const bars = (rows: ReadonlyArray<Bar>): Html => {
  const totalOf = ({ parts }: Bar) => parts.reduce((sum, { value }) => sum + value, 0)
  const most = Math.max(1, ...rows.map(totalOf))
  return html`<table class="bars">
    ${rows.map((row) => {
      let x = 0
      const parts = row.parts.map(({ name, tone, value }) => {
        const share = (100 * value) / most
        const rect =
          value === 0
            ? html``
            : html`<rect
                class="${tone}"
                x="${x.toFixed(2)}"
                y="0"
                width="${Math.max(0.3, share).toFixed(2)}"
                height="10"
                ><title>${row.name}: ${number(value)} ${name}</title></rect
              >`
        x += share
        return rect
      })
      return html`<tr>
        <th scope="row">${row.name}</th>
        <td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${parts}</svg></td>
        <td class="number">${number(totalOf(row))}</td>
      </tr>`
    })}
  </table>`
}
