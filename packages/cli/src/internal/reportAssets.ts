/** The style and the script of the report's page. Their hashes are in its policy. */

export const style = `
:root{color-scheme:light dark;--fg:#1c2024;--bg:#fff;--soft:#f3f5f7;--line:#d9dee3;--faint:#667;--pass:#1a7f4b;--reject:#c0392b;--doubt:#8a5a0b;--a:#2b6cb0;--b:#805ad5;--c:#d53f8c;--d:#319795;--e:#718096}
@media(prefers-color-scheme:dark){:root{--fg:#e6e9ec;--bg:#14171a;--soft:#1f2429;--line:#343b42;--faint:#9aa5b1;--pass:#3fb57c;--reject:#ef6a5b;--doubt:#e0a945;--a:#63a4e8;--b:#b794f4;--c:#f687b3;--d:#4fd1c5;--e:#a0aec0}}
*{box-sizing:border-box}body{margin:0 auto;max-width:72rem;padding:1.5rem;font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg)}
h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .5rem}p{margin:.3rem 0}.faint{color:var(--faint)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1.25rem 0}.tile{background:var(--soft);border-radius:.5rem;padding:.7rem .9rem}.tile b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tile.pass b{color:var(--pass)}.tile.reject b{color:var(--reject)}.tile.doubt b{color:var(--doubt)}
svg{display:block;width:100%;height:auto}.grid{stroke:var(--line)}.axis{fill:var(--faint);font-size:11px}
rect.pass,i.pass{fill:var(--pass);background:var(--pass)}rect.reject,i.reject{fill:var(--reject);background:var(--reject)}rect.doubt,i.doubt{fill:var(--doubt);background:var(--doubt)}
rect.a,i.a{fill:var(--a);background:var(--a)}rect.b,i.b{fill:var(--b);background:var(--b)}rect.c,i.c{fill:var(--c);background:var(--c)}rect.d,i.d{fill:var(--d);background:var(--d)}rect.e,i.e{fill:var(--e);background:var(--e)}
.legend span{display:inline-block;margin-right:1rem;overflow-wrap:anywhere}.whole{white-space:nowrap}.legend i{display:inline-block;width:.75rem;height:.75rem;border-radius:.15rem;margin-right:.35rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .5rem;vertical-align:top}.number{text-align:right;font-variant-numeric:tabular-nums;width:5rem}
.bars th{font-weight:400;width:45%}.bars td.bar{padding:.55rem 0}.bars svg{height:.8rem}
.list thead th{border-bottom:2px solid var(--line);font-size:.85rem}.list td{border-bottom:1px solid var(--line)}.list code{font-size:.85rem;overflow-wrap:anywhere}.list td:first-child{min-width:12em}.list td:last-child{overflow-wrap:anywhere}.list td:nth-child(2){white-space:nowrap}.list td:nth-child(5){min-width:15em}
.list td.Passed{color:var(--pass)}.list td.Rejected{color:var(--reject)}.list td.Inconclusive{color:var(--doubt)}
.fields{display:grid;grid-template-columns:max-content 1fr;gap:0 .75rem;margin:.25rem 0 .5rem;font-size:.9rem}.fields dt{color:var(--faint)}.fields dt.title{font-weight:600;color:var(--fg)}.fields dd{margin:0;overflow-wrap:anywhere}
.image{border:0;padding:0;margin:0 .5rem .5rem 0;background:var(--soft);border-radius:.4rem;overflow:hidden;cursor:pointer;display:inline-block;vertical-align:top}
.image img{display:block;height:9rem;max-width:16rem;object-fit:contain;filter:blur(14px)}.image[aria-pressed=true] img{filter:none}
.wide{overflow-x:auto}
@media(max-width:40rem){svg{overflow:visible}.axis{font-size:26px}.axis[text-anchor=middle]{transform:translateY(9px)}}
@media print{.wide{overflow:visible}.image img{filter:blur(14px)!important}}
select,input,button.plain{font:inherit;padding:.2rem .4rem}input{min-width:14rem}button.plain{cursor:pointer}
.controls{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}
.list th button{all:unset;cursor:pointer;font-weight:600}.list th button:focus-visible{outline:2px solid var(--a)}.list th[aria-sort=ascending] button::after{content:" ▲"}.list th[aria-sort=descending] button::after{content:" ▼"}
`

/** A result is a `tbody`: its row, and the person's below it. */
export const script = String.raw`
const all = (selector, within = document) => [...within.querySelectorAll(selector)]
for (const button of all(".image")) button.addEventListener("click", () => button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true")))
const table = document.querySelector(".list")
const results = all("tbody", table)
const filter = document.getElementById("filter")
const search = document.getElementById("search")
const shown = document.getElementById("shown")
const textOf = (cell) => cell.textContent.trim().replace(/\s+/g, " ")
const show = () => {
  const words = search.value.toLowerCase().split(/\s+/)
  let count = 0
  for (const result of results) {
    const text = result.textContent.toLowerCase()
    result.hidden = (filter.value !== "" && result.dataset.result !== filter.value) || !words.every((word) => text.includes(word))
    if (!result.hidden) count++
  }
  shown.textContent = count + " of " + results.length
}
filter.addEventListener("change", show)
search.addEventListener("input", show)
show()
const { compare } = new Intl.Collator("en", { numeric: true })
const headings = all("thead th", table)
headings.forEach((heading, column) => heading.addEventListener("click", () => {
  const direction = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending"
  for (const other of headings) other.setAttribute("aria-sort", other === heading ? direction : "none")
  const keyed = results.map((result) => [textOf(result.rows[0].cells[column]), result])
  keyed.sort(([one], [other]) => (direction === "ascending" ? compare(one, other) : compare(other, one)))
  table.append(...keyed.map(([, result]) => result))
}))
const safe = (text) => text.replace(/(?<=^|[;,\t|])(?='*[=+\-@＝＋－＠\t\r])/g, "'")
const line = (cells) => cells.map((cell) => '"' + safe(textOf(cell)).replaceAll('"', '""') + '"').join(",") + "\r\n"
document.getElementById("export").addEventListener("click", () => {
  const rows = [table.tHead.rows[0], ...all("tbody:not([hidden])", table).map((result) => result.rows[0])]
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob(["\uFEFF", ...rows.map((row) => line([...row.cells]))], { type: "text/csv" }))
  link.download = "cloudauth-report.csv"
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
})
`
