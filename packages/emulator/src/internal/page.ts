import { createHash } from "node:crypto"
import type * as Protocol from "../Protocol.ts"

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; --line: color-mix(in srgb, currentColor 22%, transparent) }
body { margin: 0 auto; max-width: 78rem; padding: 1rem 1.25rem 4rem }
h1 { font-size: 1.35rem } h2 { font-size: 1.05rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
.scroll { max-height: 26rem; overflow: auto; border: 1px solid var(--line) }
thead th { position: sticky; top: 0; background: Canvas }
.number { text-align: right; white-space: nowrap }
.good { color: light-dark(#0a6b2e, #6fdc93) } .bad { color: light-dark(#a11212, #ff9d9d) }
form { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; margin: .6rem 0 }
label { display: flex; flex-direction: column; gap: .2rem; font-size: .9rem }
input, select, button, textarea { font: inherit; padding: .3rem .5rem }
textarea { font-family: ui-monospace, monospace; width: 34rem; max-width: 90vw }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .8rem }
figure { margin: 0 } img { width: 100%; height: auto; border: 1px solid var(--line) } figcaption { font-size: .85rem }
`

// Whatever arrived from outside goes into the page as text, never as markup.
const script = `
"use strict"
const byId = (id) => document.getElementById(id)
const say = (text) => { byId("message").textContent = text }
const send = async (method, path, body) => {
  const response = await fetch("/_admin/" + path, body === undefined ? { method } : {
    method, headers: { "content-type": "application/json" }, body: JSON.stringify(body)
  })
  if (!response.ok) { say("Refused: " + (await response.json()).error); return undefined }
  return response.status === 204 ? undefined : response.json()
}
const cell = (row, text, name) => {
  const element = document.createElement("td")
  element.textContent = text ?? ""
  if (name) element.className = name
  row.append(element)
}
const millis = (value) => value === undefined ? "…" : value.toFixed(2)
let last = 0
const shown = new Map()
const fill = (row, call) => {
  row.replaceChildren()
  cell(row, String(call.sequence), "number")
  cell(row, new Date(call.time).toISOString().slice(11, 23))
  cell(row, call.action)
  cell(row, call.transactionId)
  cell(row, call.signature, call.signature === "Verified" ? "good" : "bad")
  cell(row, call.passed === undefined ? call.code : call.code + ": " + call.passed + " " + call.subCode, call.code === "Success" ? "good" : "bad")
  cell(row, String(call.status), "number")
  cell(row, call.faults.join(", "))
  cell(row, millis(call.decidedMillis), "number")
  cell(row, millis(call.answeredMillis), "number")
}
const list = async () => {
  const calls = await send("GET", "calls?after=" + last)
  if (calls === undefined) return
  for (const call of calls) {
    let row = shown.get(call.sequence)
    if (row === undefined) {
      row = document.createElement("tr")
      shown.set(call.sequence, row)
      byId("calls").prepend(row)
    }
    fill(row, call)
    if (shown.size > 500) { const [oldest, old] = shown.entries().next().value; old.remove(); shown.delete(oldest) }
  }
  // A call that is still under way is asked for again.
  const open = calls.find((call) => call.answeredMillis === undefined)
  if (open) last = open.sequence - 1
  else if (calls.length > 0) last = calls[calls.length - 1].sequence
}
const show = (state) => {
  byId("key").textContent = state.accessKeyId
  byId("clock").textContent = new Date(state.now).toISOString()
  byId("quota").textContent = state.qps === null ? "no limit" : state.qps + " a second"
  byId("struck").textContent = Object.entries(state.struck).map(([name, count]) => name + " " + count).join(", ") || "none"
}
let wellKnown = {}
const option = (text) => { const element = document.createElement("option"); element.textContent = text; return element }
const photographs = (documents) => {
  const seed = encodeURIComponent(byId("seed").value)
  byId("photos").replaceChildren(...documents.flatMap((name) => ["front", "back"].map((side) => {
    const figure = document.createElement("figure")
    const image = document.createElement("img")
    image.src = "/_admin/specimens/" + name + "/" + side + "/jpeg?seed=" + seed
    image.alt = "Specimen of " + name + ", " + side
    image.loading = "lazy"
    const caption = document.createElement("figcaption")
    caption.textContent = name + ", " + side
    figure.append(image, caption)
    return figure
  })))
}
const on = (id, act) => byId(id).addEventListener("submit", async (event) => {
  event.preventDefault()
  say("")
  try { await act() } catch (error) { say(String(error)) }
  const state = await send("GET", "state")
  if (state) show(state)
})
on("register", async () => {
  await send("PUT", "transactions/" + encodeURIComponent(byId("transaction").value), wellKnown[byId("scenario").value])
})
on("faults", async () => { await send("PUT", "faults", JSON.parse(byId("rules").value)) })
on("advance", async () => { await send("POST", "clock", { advanceMillis: Number(byId("hours").value) * 3600000 }) })
on("limit", async () => {
  const value = byId("qps").value
  await send("PUT", "qps", { callsPerSecond: value === "" ? null : Number(value) })
})
on("reset", async () => { await send("POST", "reset"); byId("calls").replaceChildren(); shown.clear() })
const start = async () => {
  const state = await send("GET", "state")
  show(state)
  wellKnown = state.wellKnown
  byId("scenario").append(...Object.keys(wellKnown).map(option))
  byId("rules").value = JSON.stringify(state.faults)
  byId("endpoint").textContent = location.origin
  on("people", async () => photographs(state.documents))
  photographs(state.documents)
  const again = () => list().catch((error) => say(String(error))).finally(() => setTimeout(again, 1000))
  again()
}
start().catch((error) => say(String(error)))
`

const body = `
<h1>CheckResult emulator</h1>
<p>Endpoint <code id="endpoint"></code> · access key <code id="key"></code> · clock <code id="clock"></code> · quota <span id="quota"></span> · faults struck: <span id="struck"></span></p>
<p role="status" aria-live="polite" id="message"></p>
<main>
<section aria-labelledby="calls-title">
<h2 id="calls-title">Calls</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="calls-title">
<table><thead><tr><th scope="col">#</th><th scope="col">Time (UTC)</th><th scope="col">Action</th><th scope="col">Transaction</th><th scope="col">Signature</th><th scope="col">Verdict or code</th><th scope="col">HTTP</th><th scope="col">Faults</th><th scope="col">Decided, ms</th><th scope="col">Answered, ms</th></tr></thead><tbody id="calls"></tbody></table>
</div>
</section>
<section aria-labelledby="switches-title">
<h2 id="switches-title">Scenarios, faults, clock</h2>
<form id="register"><label>Transaction id <input id="transaction" required maxlength="200"></label><label>answers as <select id="scenario"></select></label><button>Register</button></form>
<form id="faults"><label>Fault rules (JSON) <textarea id="rules" rows="3" spellcheck="false"></textarea></label><button>Set faults</button></form>
<form id="advance"><label>Hours <input id="hours" type="number" step="any" value="24" required></label><button>Advance the clock</button></form>
<form id="limit"><label>Calls a second (empty: no limit) <input id="qps" type="number" min="1"></label><button>Set quota</button></form>
<form id="reset"><button>Reset everything</button></form>
</section>
<section aria-labelledby="specimens-title">
<h2 id="specimens-title">Specimens</h2>
<form id="people"><label>Seed <input id="seed" value="1" maxlength="100"></label><button>Draw</button></form>
<div class="photos" id="photos"></div>
</section>
</main>
`

const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>CheckResult emulator</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body>${body}<script>${script}</script></body></html>
`

const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

/** The page, which may run this script and this style and nothing else. */
export const response: Protocol.Response = {
  status: 200,
  headers: [
    ["content-type", "text/html; charset=utf-8"],
    [
      "content-security-policy",
      `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`
    ],
    ["x-content-type-options", "nosniff"],
    ["referrer-policy", "no-referrer"],
    ["cache-control", "no-store"]
  ],
  body: Buffer.from(html)
}
