/** Which proxy leads to a host, by the option or by the environment. */
import { type InvalidRequest, invalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { isLoopback } from "@effect-cloudauth/core/Endpoint"
import * as Effect from "effect/Effect"
import * as net from "node:net"
import { noProxy } from "./noProxy.ts"
import type { Options } from "./options.ts"

/** A proxy that opens tunnels (`CONNECT`). */
export interface Proxy {
  readonly isSecure: boolean
  /** A name or an address; an IPv6 address has no brackets. */
  readonly hostname: string
  readonly port: number
  /** Host and port as a message may show them. */
  readonly shown: string
  readonly authorization: string | undefined
}

/** The proxy to a host and port; `undefined` if it is reached directly. */
export type ProxyTo = (hostname: string, port: number) => Proxy | undefined

/** The variables of the environment that are read, each in lower case first. */
export const variables = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] as const

/** Reads the option, and the environment if it says so. */
export const proxies = Effect.fnUntraced(function* (
  option: Options["proxy"]
): Effect.fn.Return<ProxyTo, InvalidRequest> {
  if (option === "none") return () => undefined
  if (option !== undefined && option !== "environment") {
    const proxy = yield* parse("proxy", option)
    return () => proxy
  }
  const found = variable("HTTPS_PROXY") ?? variable("HTTP_PROXY")
  if (found === undefined || found.value === "") return () => undefined
  // Programs that read this variable take `host:port`, too, also with user and password.
  const url = /^[^/\s]+:\d{1,5}\/?$/.test(found.value) ? `http://${found.value}` : found.value
  const proxy = yield* parse(found.name, url)
  const isDirect = noProxy(variable("NO_PROXY")?.value ?? "")
  return (hostname, port) =>
    isLoopback(hostname) || hostname === "::1" || isDirect(hostname, port) ? undefined : proxy
})

/** A variable of the environment, its lower-case name first. The environment inherits from `Object.prototype`. */
const variable = (upper: (typeof variables)[number]): { readonly name: string; readonly value: string } | undefined => {
  for (const name of [upper.toLowerCase(), upper]) {
    const value = Object.hasOwn(process.env, name) ? process.env[name] : undefined
    if (value !== undefined) return { name, value: value.trim() }
  }
  return undefined
}

const rule =
  "the URL of a proxy, http://host:port or https://host:port, without a path; write special characters of its user and password as %XX"

const parse = (path: string, given: unknown): Effect.Effect<Proxy, InvalidRequest> => {
  const refused = Effect.fail(invalidRequest(path, rule))
  // The URL parser would take a back slash for a slash.
  if (typeof given !== "string" || !URL.canParse(given) || /[\\\s]/.test(given)) return refused
  const url = new URL(given)
  const isSecure = url.protocol === "https:"
  if (!isSecure && url.protocol !== "http:") return refused
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.port === "0") return refused
  const user = decoded(url.username)
  const password = decoded(url.password)
  if (user === undefined || password === undefined) return refused
  const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1")
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port)
  return Effect.succeed({
    isSecure,
    hostname,
    port,
    shown: authority(hostname, port),
    authorization:
      user === "" && password === ""
        ? undefined
        : `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`
  })
}

/** Host and port as `CONNECT` and `Host` have them. */
export const authority = (hostname: string, port: number): string =>
  net.isIPv6(hostname) ? `[${hostname}]:${port}` : `${hostname}:${port}`

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
