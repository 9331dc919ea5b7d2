/** The list of calls: live, with search and filter. */
export const calls = String.raw`
const millis = (value) => value === undefined ? "…" : value.toFixed(2)
const verdicts = { Y: "Passed", N: "Rejected" }
const outcome = (call) => call.passed === undefined ? call.code : (verdicts[call.passed] ?? "Passed=" + call.passed) + " " + call.subCode
const isPassed = (call) => call.passed === "Y" && call.subCode === "200"
// Only CheckResult has a verdict; the other actions end with Success.
const isError = (call) => call.passed === undefined && call.code !== "Success"
const colour = (call) => isError(call) ? "bad" : call.passed === undefined || isPassed(call) ? "good" : "mixed"
const signatures = { Verified: "good", Refused: "bad", Unchecked: "" }
const kinds = {
  all: () => true,
  passed: isPassed,
  other: (call) => colour(call) === "mixed",
  error: isError,
  refused: (call) => call.signature === "Refused",
  fault: (call) => call.faults.length > 0
}
let last = 0
const shown = new Map()
const filter = () => {
  const words = byId("search").value.toLowerCase().split(" ").filter((word) => word !== "")
  const isOfKind = kinds[byId("kind").value]
  let count = 0
  for (const { call, row } of shown.values()) {
    const text = [call.sequence, call.action, call.transactionId, call.merchantBizId, call.requestId, call.signature, outcome(call), call.status, ...call.faults].join(" ").toLowerCase()
    const isIn = isOfKind(call) && words.every((word) => text.includes(word))
    row.hidden = !isIn
    if (isIn) count++
  }
  byId("count").textContent = shown.size === 0 ? "" : count + " of " + shown.size + (shown.size === 1 ? " call" : " calls")
}
const fill = (row, call) => {
  row.replaceChildren()
  cell(row, "", "number").append(button(String(call.sequence), () => openCall(call.sequence), "Open call " + call.sequence))
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
  filter()
}
const list = async () => {
  const calls = await send("GET", "calls?after=" + last)
  for (const call of calls) {
    let row = shown.get(call.sequence)?.row
    if (row === undefined) {
      if (shown.size === 0) byId("calls").replaceChildren()
      row = document.createElement("tr")
      byId("calls").prepend(row)
    }
    shown.set(call.sequence, { row, call })
    fill(row, call)
    if (shown.size > 500) { const [oldest, old] = shown.entries().next().value; old.row.remove(); shown.delete(oldest) }
  }
  if (calls.length > 0) filter()
  // A call that is still under way is asked for again.
  const open = calls.find((call) => call.answeredMillis === undefined)
  if (open) last = open.sequence - 1
  else if (calls.length > 0) last = calls[calls.length - 1].sequence
}
byId("search").addEventListener("input", filter)
byId("kind").addEventListener("change", filter)
`
