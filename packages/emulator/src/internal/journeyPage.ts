/** The page that Initialize sends the user to. A person who opens it is the user, and chooses how the journey ends. */
import type * as Gateway from "../Gateway.ts"
import type { Journey } from "../Journey.ts"
import type * as Protocol from "../Protocol.ts"
import * as Scenario from "../Scenario.ts"
import * as AdminToken from "./adminToken.ts"
import { html } from "./page/html.ts"
import * as Parameters from "./parameters.ts"
import * as Routes from "./routes.ts"

/** What the pages' paths begin with. */
export const root = "/journey/"

/** Path and query of a journey's page. With an admin token the key in it is the right to choose. */
const targetOf = (transactionId: string, token: string | undefined): string =>
  `${root}${transactionId}${token === undefined ? "" : `?key=${AdminToken.keyOf(token, transactionId)}`}`

/** The address of a journey's page on a server. */
export const address =
  (scheme: "http" | "https", token: string | undefined) =>
  (transactionId: string, host: string): string =>
    `${scheme}://${host}${targetOf(transactionId, token)}`

const form = `<p>The real service takes pictures of the document here. On this emulator you choose how that ends.
A user who gives up closes the page.</p>
<form method="post"><label>Outcome <select name="scenario"><option value="">the journey's own result (passed by default)</option>${[
  ...Scenario.wellKnown.keys()
]
  .map((name) => `<option>${name}</option>`)
  .join("")}</select></label><p><button>Finish</button></p></form>`

const endings: Readonly<Record<Journey["state"], string>> = {
  Underway: form,
  Completed: "<p>You are done. The result can be fetched with CheckResult.</p>",
  Abandoned: "<p>The 30 minutes are over: this transaction has no result.</p>"
}

const callbacks: Readonly<Record<Journey["callback"], string>> = {
  None: "Initialize named no CallbackUrl",
  Waiting: "is sent when you have finished",
  Sending: "is being sent",
  Delivered: "was delivered",
  Failed: "failed"
}

// All of its text is the emulator's own: nothing needs escaping.
const page = ({ callback, callbackAttempts, state, transactionId }: Journey): Protocol.Response =>
  html({
    title: "Your document check, emulated",
    body: `
<main><h1>Your document check, emulated</h1>
<dl class="facts"><div><dt>Transaction</dt><dd><code>${transactionId}</code></dd></div>
<div><dt>State</dt><dd>${state}</dd></div>
<div><dt>Callback</dt><dd>${callbacks[callback]}${callbackAttempts > 1 ? `, attempt ${callbackAttempts}` : ""}</dd></div></dl>
${endings[state]}</main>`,
    headers: callback === "Sending" ? [["refresh", "1"]] : []
  })

const noJourney = html({
  status: 404,
  title: "No such journey",
  body: "<main><h1>No such journey</h1><p>Open the whole URL that Initialize returned. A reset of the emulator forgets all journeys.</p></main>"
})

/** Shows the page, or takes the user's choice and shows the page again. */
export const answer = (
  gateway: Gateway.Gateway,
  request: Protocol.Request,
  path: string,
  token: string | undefined
): Protocol.Response => {
  const journey = gateway.journeys.all().find(({ transactionId }) => path === root + transactionId)
  const given = Parameters.read(request)
  const isInvited =
    token === undefined || AdminToken.sameText(given.get("key") ?? "", AdminToken.keyOf(token, path.slice(root.length)))
  if (journey === undefined || !isInvited) return noJourney
  if (request.method === "GET") return page(journey)
  if (request.method !== "POST") return Routes.problem(405, "This page has GET and POST only.")
  const name = given.get("scenario") ?? ""
  const scenario = Scenario.lookup(name)
  if (name !== "" && scenario === undefined) return Routes.problem(400, "No well-known transaction id has this name.")
  gateway.journeys.complete(journey.transactionId, scenario)
  // Reloading what follows chooses nothing again.
  return { status: 303, headers: [["location", targetOf(journey.transactionId, token)]], body: new Uint8Array() }
}
