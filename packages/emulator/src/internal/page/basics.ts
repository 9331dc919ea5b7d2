/** What all parts of the page's script use. */
// Whatever arrived from outside goes into the page as text, never as markup.
export const basics = String.raw`
"use strict"
const byId = (id) => document.getElementById(id)
const say = (text, isBad) => {
  // An open dialog covers the page's own message.
  const message = byId(byId("dialog").open ? "opened-message" : "message")
  message.textContent = text
  message.className = isBad ? "bad" : "good"
}
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
const make = (name, text, className) => {
  const element = document.createElement(name)
  element.textContent = text ?? ""
  if (className) element.className = className
  return element
}
const cell = (row, text, name) => { const element = make("td", text, name); row.append(element); return element }
const button = (text, act, label) => {
  const element = make("button", text)
  element.type = "button"
  if (label) element.setAttribute("aria-label", label)
  element.addEventListener("click", () => Promise.resolve().then(act).catch((error) => say(error.message, true)))
  return element
}
const copy = async (text, what) => {
  try { await navigator.clipboard.writeText(text) }
  catch { throw new Error("The browser lets this page write nothing to the clipboard.") }
  say(what + " copied")
}
`
