/** Who probably sent an answer that has no response code. The words name no part of the body. */
import type * as Transport from "../../Transport.ts"
import * as body from "./body.ts"
import { mediaType, printable } from "./serverText.ts"

/** What probably happened and what to do; `undefined` if only the status tells something. */
export const senderOf = (
  received: Pick<Transport.Response, "status" | "headers" | "body">,
  isJson: boolean
): string | undefined => {
  const { headers, status } = received
  if (status === 304) return cache
  if (status >= 300 && status < 400) return redirect(headers["location"])
  if (status === 407) {
    return "A proxy asks for credentials: give them in the proxy's URL, and check user and password."
  }
  if (status === 511) return `${portal} ${signIn}`
  if (isJson) return status < 300 ? anotherService : undefined
  const text = body.text(received.body).text.slice(0, 1000).trimStart()
  if (pageTypes.has(mediaType(headers["content-type"])) || /^<(?:!doctype html|html)/i.test(text)) return page(status)
  if (status >= 300) return undefined
  if (text === "") return empty
  return text.startsWith("{") ? cut : noJson
}

const pageTypes: ReadonlySet<string | undefined> = new Set(["text/html", "application/xhtml+xml"])

const cache = "A cache on the way answered instead of the service: let it pass POST requests to the endpoint."

const portal =
  "A web page came instead of an answer: probably the sign-in page of a network (captive portal), or a proxy's page."

const signIn = "Sign in to the network, or let the proxy pass the endpoint; look at body."

const anotherService =
  "The answer is JSON without a response code, so it came from another service: check the endpoint and the proxy; look at body."

const empty = "The answer is empty: probably a proxy or load balancer on the way answered. Check it, and the endpoint."

const cut =
  "The answer is broken JSON: probably it was cut short, or changed on its way. Check the network and the proxy; look at body."

const noJson =
  "The answer is no JSON, so it did not come from ID Verification: check the proxy and the endpoint; look at body."

/** A page at an error status is a refusal or a failure of something between. */
const page = (status: number): string | undefined => {
  if (status === 429) return undefined
  if (status < 300) return `${portal} ${signIn}`
  return status >= 500
    ? "A web page came instead of an answer: probably a proxy or load balancer could not reach the service. Try again later; if it stays, look at the proxy."
    : "A web page came instead of an answer: probably a proxy or firewall refused the request. Let it pass the endpoint; look at body."
}

/** Names the host alone: path and query can hold anything. */
const redirect = (location: string | undefined): string => {
  const url = URL.parse(location ?? "", "http://same.invalid")
  const host = url === null || url.host === "" ? undefined : url.host
  const target =
    location === undefined || host === undefined
      ? "a redirect that names no host"
      : host === "same.invalid"
        ? "a redirect within the same host"
        : `a redirect to ${printable(host)}`
  return `The answer is ${target}. It was not followed, because the signature must not leave the endpoint. Probably a captive portal or proxy answered, or the endpoint is wrong.`
}
