import { createHash } from "node:crypto"
import type * as Protocol from "../Protocol.ts"

const style = `
:root {
  color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif;
  --line: color-mix(in srgb, CanvasText 18%, transparent); --soft: color-mix(in srgb, CanvasText 5%, transparent);
  --quiet: color-mix(in srgb, CanvasText 68%, transparent); --accent: light-dark(#0b57d0, #8ab4ff);
  --good: light-dark(#0a6b2e, #6fdc93); --bad: light-dark(#a11212, #ff9d9d); --mixed: light-dark(#8a5200, #ffc36b)
}
*, ::before, ::after { box-sizing: border-box }
body { margin: 0 auto; max-width: 84rem; padding: 1.25rem 1.25rem 4rem; overflow-wrap: anywhere }
h1 { font-size: 1.4rem; margin: 0 0 .8rem } h2 { font-size: 1.05rem; margin: 1.8rem 0 .6rem }
code, textarea { font-family: ui-monospace, monospace; font-size: .92em }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .6rem 1.4rem; margin: 0; padding: .8rem 1rem; background: var(--soft); border: 1px solid var(--line); border-radius: .5rem }
.facts div { min-width: 0 } dt { font-size: .8rem; color: var(--quiet) } dd { margin: 0 }
#message { min-height: 1.45em; margin: .5rem 0 -1rem; font-weight: 600; color: var(--good) } #message.bad { color: var(--bad) }
.scroll { max-height: 25rem; overflow: auto; border: 1px solid var(--line); border-radius: .5rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .93rem }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top }
tbody tr:last-child td { border-bottom: 0 }
thead th { position: sticky; top: 0; background: Canvas; font-size: .8rem; color: var(--quiet); white-space: nowrap }
td { white-space: nowrap } .wide { white-space: normal; min-width: 10rem }
.number { text-align: right } .empty { color: var(--quiet); white-space: normal }
.good, .bad, .mixed { font-weight: 600 } .good { color: var(--good) } .bad { color: var(--bad) } .mixed { color: var(--mixed) }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); gap: .9rem }
.cards form { display: flex; flex-direction: column; gap: .6rem; padding: .9rem 1rem; border: 1px solid var(--line); border-radius: .5rem }
.cards button { margin-top: auto; align-self: start }
h3 { font-size: .95rem; margin: 0 } .cards p { margin: 0; font-size: .87rem }
label { display: flex; flex-direction: column; gap: .2rem; font-size: .87rem; min-width: 0 }
input, select, button, textarea { font: inherit; padding: .35rem .6rem; max-width: 100%; border: 1px solid color-mix(in srgb, currentColor 45%, transparent); border-radius: .35rem; background: Canvas; color: inherit }
textarea { font-family: ui-monospace, monospace; resize: vertical; width: 100% } label > input, label > select { width: 100% }
button { cursor: pointer; background: var(--soft); font-weight: 600 } button:hover { border-color: var(--accent); color: var(--accent) }
#people { display: flex; gap: .6rem; align-items: end; margin: 0 0 .8rem } #people label { width: 12rem }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: .9rem }
figure { margin: 0 } img { display: block; width: 100%; height: auto; aspect-ratio: 480 / 302; border: 1px solid var(--line); border-radius: .35rem } figcaption { font-size: .82rem; color: var(--quiet); margin-top: .25rem }
`

// Whatever arrived from outside goes into the page as text, never as markup.
const script = `
"use strict"
const byId = (id) => document.getElementById(id)
const say = (text, isBad) => { byId("message").textContent = text; byId("message").className = isBad ? "bad" : "" }
// An emulator beyond the loopback wants its token: it comes behind the page's #, which no server sees.
const token = decodeURIComponent(location.hash.slice(1))
const send = async (method, path, body) => {
  const headers = token === "" ? {} : { authorization: "Bearer " + token }
  const response = await fetch("/_admin/" + path, body === undefined ? { method, headers } : {
    method, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body)
  })
  if (!response.ok) throw new Error("Refused: " + (await response.json()).error)
  return response.status === 204 ? undefined : response.json()
}
const cell = (row, text, name) => {
  const element = document.createElement("td")
  element.textContent = text ?? ""
  if (name) element.className = name
  row.append(element)
  return element
}
const millis = (value) => value === undefined ? "…" : value.toFixed(2)
const verdicts = { Y: "Passed", N: "Rejected" }
const outcome = (call) => call.passed === undefined ? call.code : (verdicts[call.passed] ?? "Passed=" + call.passed) + " " + call.subCode
const colour = (call) => call.passed === "Y" && call.subCode === "200" ? "good" : call.passed === undefined ? "bad" : "mixed"
const signatures = { Verified: "good", Refused: "bad", Unchecked: "" }
let last = 0
const shown = new Map()
const fill = (row, call) => {
  row.replaceChildren()
  cell(row, String(call.sequence), "number")
  cell(row, new Date(call.time).toISOString().slice(11, 23))
  cell(row, call.action)
  cell(row, call.transactionId, "wide")
  cell(row, call.signature, signatures[call.signature])
  cell(row, outcome(call), colour(call))
  cell(row, String(call.status), "number")
  cell(row, call.faults.join(", "))
  cell(row, millis(call.decidedMillis), "number")
  cell(row, millis(call.answeredMillis), "number")
}
const nothing = () => {
  const row = document.createElement("tr")
  cell(row, "No calls yet. Point a client at the endpoint above, with the access key.", "empty").colSpan = 10
  byId("calls").replaceChildren(row)
  shown.clear()
}
const list = async () => {
  const calls = await send("GET", "calls?after=" + last)
  for (const call of calls) {
    let row = shown.get(call.sequence)
    if (row === undefined) {
      if (shown.size === 0) byId("calls").replaceChildren()
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
  byId("clock").textContent = new Date(state.now).toISOString().slice(0, 19).replace("T", " ") + " UTC"
  byId("quota").textContent = state.qps === null ? "no limit" : state.qps + " a second"
  byId("struck").textContent = Object.entries(state.struck).map(([name, count]) => name + " " + count).join(", ") || "none"
}
let wellKnown = {}
const option = (text) => { const element = document.createElement("option"); element.textContent = text; return element }
const specimens = (documents) => {
  const seed = encodeURIComponent(byId("seed").value)
  byId("photos").replaceChildren(...documents.flatMap((name) => ["front", "back"].map((side) => {
    const figure = document.createElement("figure")
    const image = document.createElement("img")
    image.loading = "lazy"
    image.alt = "Specimen of " + name + ", " + side
    image.src = "/_admin/specimens/" + name + "/" + side + "/jpeg?seed=" + seed + (token === "" ? "" : "&token=" + encodeURIComponent(token))
    const caption = document.createElement("figcaption")
    caption.textContent = name + ", " + side
    figure.append(image, caption)
    return figure
  })))
}
const refresh = async () => { const state = await send("GET", "state"); show(state); return state }
const on = (id, act) => byId(id).addEventListener("submit", async (event) => {
  event.preventDefault()
  try {
    const done = await act()
    await refresh()
    say(done)
  } catch (error) { say(error.message, true) }
})
on("register", async () => {
  const id = byId("transaction").value
  const scenario = byId("scenario").value
  await send("PUT", "transactions/" + encodeURIComponent(id), wellKnown[scenario])
  return id + " answers as " + scenario
})
on("faults", async () => {
  let rules
  try { rules = JSON.parse(byId("rules").value) } catch (error) { throw new Error("The fault rules are not JSON: " + error.message) }
  await send("PUT", "faults", rules)
  return rules.length === 1 ? "1 fault rule is in force" : rules.length + " fault rules are in force"
})
on("advance", async () => {
  const hours = Number(byId("hours").value)
  await send("POST", "clock", { advanceMillis: hours * 3600000 })
  return "The clock is " + hours + " hours further"
})
on("limit", async () => {
  const value = byId("qps").value
  await send("PUT", "qps", { callsPerSecond: value === "" ? null : Number(value) })
  return value === "" ? "There is no quota" : "The quota is " + value + " a second"
})
on("reset", async () => {
  await send("POST", "reset")
  nothing()
  byId("rules").value = JSON.stringify((await send("GET", "state")).faults)
  return "Everything is reset"
})
const start = async () => {
  nothing()
  const state = await refresh()
  wellKnown = state.wellKnown
  byId("scenario").append(...Object.keys(wellKnown).map(option))
  byId("rules").value = JSON.stringify(state.faults)
  byId("endpoint").textContent = location.origin
  on("people", async () => { specimens(state.documents); return "Drawn" })
  specimens(state.documents)
  let isLost = false
  const again = async () => {
    try {
      await list()
      await refresh()
      if (isLost) say("The emulator answers again")
      isLost = false
    } catch (error) {
      isLost = true
      say("The emulator does not answer: " + error.message, true)
    }
    setTimeout(again, 1000)
  }
  again()
}
start().catch((error) => say(error.message, true))
`

const body = `
<h1>CheckResult emulator</h1>
<dl class="facts">
<div><dt>Endpoint</dt><dd><code id="endpoint"></code></dd></div>
<div><dt>Access key</dt><dd><code id="key"></code></dd></div>
<div><dt>Clock</dt><dd id="clock"></dd></div>
<div><dt>Quota</dt><dd id="quota"></dd></div>
<div><dt>Faults struck</dt><dd id="struck"></dd></div>
</dl>
<p role="status" aria-live="polite" id="message"></p>
<main>
<section aria-labelledby="calls-title">
<h2 id="calls-title">Calls, newest first</h2>
<div class="scroll" id="list" tabindex="0" role="region" aria-labelledby="calls-title">
<table><thead><tr><th scope="col" class="number">#</th><th scope="col">Time (UTC)</th><th scope="col">Action</th><th scope="col">Transaction</th><th scope="col">Signature</th><th scope="col">Verdict or code</th><th scope="col" class="number">HTTP</th><th scope="col">Faults</th><th scope="col" class="number">Decided, ms</th><th scope="col" class="number">Answered, ms</th></tr></thead><tbody id="calls"></tbody></table>
</div>
</section>
<section aria-labelledby="switches-title">
<h2 id="switches-title">Switches</h2>
<div class="cards">
<form id="register"><h3>A transaction's answer</h3><label>Transaction id <input id="transaction" required maxlength="200" autocomplete="off"></label><label>answers as <select id="scenario"></select></label><button>Register</button></form>
<form id="faults"><h3>Faults</h3><label>Fault rules (JSON) <textarea id="rules" rows="4" spellcheck="false"></textarea></label><button>Set faults</button></form>
<form id="advance"><h3>Clock</h3><label>Hours <input id="hours" type="number" step="any" value="24" required></label><button>Advance the clock</button></form>
<form id="limit"><h3>Quota</h3><label>Calls a second (empty: no limit) <input id="qps" type="number" min="1"></label><button>Set quota</button></form>
<form id="reset"><h3>Start over</h3><p class="empty">Forgets calls, registrations, journeys and faults. Keys, clock and quota stay.</p><button>Reset everything</button></form>
</div>
</section>
<section aria-labelledby="specimens-title">
<h2 id="specimens-title">Specimens</h2>
<form id="people"><label>Person's seed <input id="seed" value="1" maxlength="100"></label><button>Draw</button></form>
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
