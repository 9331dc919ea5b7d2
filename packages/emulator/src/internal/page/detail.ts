/** One call opened: request, signature, answer by level, timing. */
export const detail = String.raw`
const heading = (text) => make("h3", text)
const scrolling = (label) => { const pre = make("pre"); pre.tabIndex = 0; pre.setAttribute("role", "region"); pre.setAttribute("aria-label", label); return pre }
const block = (text, label) => { const pre = scrolling(label); pre.textContent = text; return pre }
const firstDifference = (one, other) => {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  return one === other ? -1 : at
}
// A line break or an end that differs is made visible.
const marked = (text, at, label) => {
  const pre = scrolling(label)
  const next = text[at]
  const sign = next === undefined ? "⏎ end" : next === "\n" ? "⏎\n" : next
  pre.append(text.slice(0, at), make("mark", sign), text.slice(at + 1))
  return pre
}
const pane = (title, content) => { const element = make("div"); element.append(make("h4", title), content); return element }
const compare = (expected, signed, who, label) => {
  const at = firstDifference(expected, signed)
  const beside = make("div", "", "beside")
  if (at < 0) beside.append(pane(label + ": both the same", block(expected, label)))
  else beside.append(pane("The emulator expects", marked(expected, at, label + ", expected")), pane(who, marked(signed, at, label + ", signed")))
  return beside
}
const lineOf = (text, at) => text.slice(0, at).split("\n").length
const signature = (found) => {
  const { call, signature } = found
  const parts = [heading("Signature: " + call.signature)]
  if (signature === undefined) return [...parts, make("p", "It was not compared: " + (call.code === "" ? "the call ended before" : call.code + " came first") + ".")]
  const { canonicalRequest, mistake, stringToSign } = signature
  if (mistake !== undefined) {
    return [...parts, make("p", mistake.what, "bad"),
      compare(canonicalRequest, mistake.canonicalRequest, "Your program signed", "Canonical request"),
      compare(stringToSign, mistake.stringToSign, "Your program signed", "String to sign")]
  }
  const beside = make("div", "", "beside")
  beside.append(pane("Canonical request", block(canonicalRequest, "Canonical request")), pane("String to sign", block(stringToSign, "String to sign")))
  if (call.code !== "SignatureDoesNotMatch") return [...parts, beside]
  const label = make("label", "Paste the canonical request that your program made")
  const own = make("textarea")
  own.rows = 4
  own.spellcheck = false
  label.append(own)
  const result = make("div")
  own.addEventListener("input", () => {
    const text = own.value
    const at = firstDifference(canonicalRequest, text)
    const words = at < 0 ? "Both are the same: the access key's secret differs." : "First difference: line " + lineOf(canonicalRequest, at) + "."
    result.replaceChildren(...(text === "" ? [] : [make("p", words, at < 0 ? "good" : "bad"), compare(canonicalRequest, text, "Your program signed", "Canonical request")]))
  })
  return [...parts, make("p", "No usual mistake gives this signature. Check the access key's secret first, then compare.", "bad"), beside, label, result]
}
// The service puts JSON into texts: what such a text holds is the next level.
const nested = (value) => {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value
  try { return JSON.parse(value) } catch { return value }
}
const short = (value) => {
  const text = JSON.stringify(value)
  return text.length > 240 ? text.slice(0, 200) + "… (" + text.length + " characters)" : text
}
const tree = (name, given, depth) => {
  const value = nested(given)
  if (typeof value !== "object" || value === null) {
    const leaf = make("div")
    leaf.append(make("b", name), ": " + short(value))
    return leaf
  }
  const level = make("details")
  level.open = depth < 3
  const entries = Object.entries(value)
  const summary = make("summary")
  summary.append(make("b", name), " " + (Array.isArray(value) ? "[" + entries.length + "]" : "{" + entries.length + "}") + (value === given ? "" : " JSON in a text"))
  level.append(summary, ...entries.map(([key, inner]) => tree(key, inner, depth + 1)))
  return level
}
const answer = ({ body, bytes, delayMillis, headers, status }) => {
  const parts = [heading("Answer: HTTP " + status + ", " + bytes + " bytes" + (delayMillis > 0 ? ", held back for " + delayMillis + " ms" : "")), block(headers.map((pair) => pair.join(": ")).join("\n"), "Answer headers")]
  let value
  try { value = JSON.parse(body) } catch { return [...parts, block(body.slice(0, 20000), "Answer body")] }
  const levels = make("div", "", "tree")
  levels.append(tree("answer", value, 0))
  return [...parts, levels, button("Copy answer", () => copy(body, "Answer"))]
}
const queryOf = (target) => target.includes("?") ? target.slice(target.indexOf("?") + 1) : ""
const openCall = async (sequence) => {
  const found = await send("GET", "calls/" + sequence)
  const { call, request } = found
  const lines = [request.method + " " + request.target + " HTTP/1.1", ...request.headers.map((pair) => pair.join(": "))]
  const times = "Decided after " + millis(call.decidedMillis) + " ms, answered after " + millis(call.answeredMillis) + " ms. Request id " + call.requestId + (call.faults.length > 0 ? ". Faults: " + call.faults.join(", ") : "") + "."
  byId("opened-title").textContent = "Call " + call.sequence + ": " + (call.action ?? call.method) + ", " + outcome(call)
  byId("opened").replaceChildren(make("p", times), heading("Request"), block(lines.join("\n") + (request.body === "" ? "" : "\n\n" + request.body), "Request"),
    button("Copy as curl, signed now", () => copyCurl(call.action ?? "", queryOf(request.target))),
    ...signature(found), ...answer(found.answer))
  byId("opened-message").textContent = ""
  byId("dialog").showModal()
}
const copyCurl = async (action, query) => {
  const { command } = await send("GET", "curl?url=" + encodeURIComponent(location.origin) + "&action=" + encodeURIComponent(action) + "&query=" + encodeURIComponent(query))
  await copy(command, "A curl command, good once within fifteen minutes,")
}
byId("close").addEventListener("click", () => byId("dialog").close())
`
