/** What the page can change, and what keeps it up to date. */
export const switches = String.raw`
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
byId("fault").append(...Object.keys(faultExamples).map(option))
byId("add").addEventListener("click", () => {
  const name = byId("fault").value
  let rules
  try { rules = JSON.parse(byId("rules").value) } catch (error) { return say("The fault rules are not JSON: " + error.message, true) }
  byId("rules").value = JSON.stringify([...rules, faultExamples[name]], undefined, 1)
  say(name + " is added with example parameters. Change them, then set the faults.")
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
let journeysShown = ""
const journeys = async () => {
  const all = (await send("GET", "journeys")).reverse().slice(0, 100)
  const text = JSON.stringify(all)
  // Rows that are as they were stay, and with them the focus.
  if (text === journeysShown) return
  journeysShown = text
  const focused = byId("journeys").contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : ""
  byId("journeys").replaceChildren(...all.map((journey) => {
    const row = document.createElement("tr")
    cell(row, journey.transactionId, "wide")
    cell(row, new Date(journey.startedAt).toISOString().slice(11, 19))
    cell(row, journey.state, journey.state === "Completed" ? "good" : journey.state === "Abandoned" ? "bad" : "mixed")
    cell(row, journey.callback + (journey.callbackAttempts === 0 ? "" : ", attempt " + journey.callbackAttempts), journey.callback === "Failed" ? "bad" : "")
    const act = cell(row, "")
    if (journey.state === "Underway") act.append(button("Complete", async () => {
      const ending = byId("ending").value
      await send("POST", "journeys/" + encodeURIComponent(journey.transactionId) + "/complete" + (ending === "" ? "" : "?scenario=" + encodeURIComponent(ending)))
      await journeys()
      say(journey.transactionId + " is completed")
    }, "Complete " + journey.transactionId))
    return row
  }))
  if (all.length === 0) { const row = document.createElement("tr"); cell(row, "No journeys yet. Initialize starts one.", "empty").colSpan = 5; byId("journeys").append(row) }
  // The keyboard stays at its button, or at the table if the button is gone.
  if (focused) (document.querySelector('[aria-label="' + CSS.escape(focused) + '"]') ?? byId("journeys").closest(".scroll")).focus()
}
let callbacksShown = ""
const callbackTones = { Delivered: "good", Copy: "", HandedOver: "good", Retried: "mixed", Failed: "bad" }
const callbacks = async () => {
  const all = (await send("GET", "callbacks")).reverse()
  const text = JSON.stringify(all)
  if (text === callbacksShown) return
  callbacksShown = text
  byId("callbacks").replaceChildren(...all.map((sent) => {
    const row = document.createElement("tr")
    cell(row, String(sent.sequence), "number")
    cell(row, new Date(sent.time).toISOString().slice(11, 23))
    cell(row, sent.transactionId, "wide")
    cell(row, sent.method + " " + sent.route, "wide")
    cell(row, "passed=" + sent.passed + " subCode=" + sent.subCode + (sent.parameters.includes("callbackToken") ? ", with token" : ", no token"))
    cell(row, String(sent.attempt), "number")
    cell(row, sent.status === undefined ? sent.failure ?? "" : String(sent.status))
    cell(row, sent.answeredMillis.toFixed(1), "number")
    cell(row, sent.outcome === "HandedOver" ? "Handed over" : sent.outcome + (sent.retryAfterMillis === undefined ? "" : " after " + sent.retryAfterMillis + " ms"), callbackTones[sent.outcome])
    return row
  }))
  if (all.length === 0) { const row = document.createElement("tr"); cell(row, "No callbacks yet. A journey whose Initialize named CallbackUrl sends one when it is completed.", "empty").colSpan = 9; byId("callbacks").append(row) }
}
const start = async () => {
  nothing()
  const state = await refresh()
  wellKnown = state.wellKnown
  byId("scenario").append(...Object.keys(wellKnown).map(option))
  byId("ending").append(...Object.keys(wellKnown).map(option))
  const exports = [
    "export CLOUDAUTH_ENDPOINT=" + location.origin,
    "export ALIBABA_CLOUD_ACCESS_KEY_ID=" + state.accessKeyId,
    "export ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + (state.hasDefaultSecret ? defaultSecret : "")
  ].join("\n")
  byId("copy-endpoint").addEventListener("click", () => copy(location.origin, "Endpoint").catch((error) => say(error.message, true)))
  byId("copy-exports").addEventListener("click", () => copy(exports, state.hasDefaultSecret ? "Lines for a shell" : "Lines (add the secret, which this page does not know)").catch((error) => say(error.message, true)))
  byId("rules").value = JSON.stringify(state.faults)
  byId("endpoint").textContent = location.origin
  on("people", async () => { specimens(state.documents); return "Drawn" })
  specimens(state.documents)
  let isLost = false
  const again = async () => {
    try {
      await list()
      await journeys()
      await callbacks()
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
