/** Checks the options of the transports and translates them to undici's and Node's own. */
import { type InvalidRequest, invalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Agent, EnvHttpProxyAgent } from "undici"
import type { Options, Pem, Tls } from "./options.ts"

/** Milliseconds, whole and positive. */
const milliseconds = (
  path: string,
  input: Duration.Input | undefined,
  fallback: number
): Effect.Effect<number, InvalidRequest> => {
  if (input === undefined) return Effect.succeed(fallback)
  const duration = Duration.fromInput(input)
  const millis = duration._tag === "Some" ? Duration.toMillis(duration.value) : NaN
  return millis >= 0 && millis <= 2 ** 31 - 1
    ? Effect.succeed(Math.ceil(millis))
    : Effect.fail(invalidRequest(path, 'a duration up to 24 days, such as 5000 (milliseconds) or "5 seconds"'))
}

/** The same, and `Infinity` or 0 for no limit, which is 0 in undici's terms. */
const limit = (path: string, input: Duration.Input | undefined): Effect.Effect<number, InvalidRequest> =>
  input === Infinity || input === "Infinity" ? Effect.succeed(0) : milliseconds(path, input, 0)

const tlsKeys: OwnOptions.Keys<Tls> = {
  ca: true,
  cert: true,
  key: true,
  passphrase: true,
  servername: true,
  dangerouslyAcceptAnyCertificate: true
}

/** The keys of `NodeTransport.Options`. Those of `tls` are looked at with it. */
export const keys: OwnOptions.Keys<Options> = {
  connections: true,
  keepAlive: true,
  connectTimeout: true,
  tls: true,
  drainTimeout: true,
  headersTimeout: true,
  bodyTimeout: true,
  proxy: true
}

type Certificates = string | Buffer | Array<string | Buffer>

const pem = (input: Pem | undefined): Certificates | undefined => {
  if (input === undefined) return undefined
  const one = (part: string | Uint8Array) => (typeof part === "string" ? part : Buffer.from(part))
  return typeof input === "string" || input instanceof Uint8Array ? one(input) : input.map(one)
}

/** The part of Node's TLS options that can be set here. `undefined` is said, so that no prototype is asked. */
export interface TlsSettings {
  readonly ca: Certificates | undefined
  readonly cert: Certificates | undefined
  readonly key: Certificates | undefined
  readonly passphrase: string | undefined
  readonly servername: string | undefined
  readonly rejectUnauthorized: boolean
}

const tlsSettings = Effect.fnUntraced(function* (given: Tls): Effect.fn.Return<TlsSettings, InvalidRequest> {
  for (const key of ["rejectUnauthorized", "checkServerIdentity"]) {
    if (typeof given === "object" && given !== null && Object.hasOwn(given, key)) {
      return yield* invalidRequest(
        `tls.${key}`,
        "left out: certificates are always checked. Trust a certificate authority of your own with tls.ca; for a test there is tls.dangerouslyAcceptAnyCertificate"
      )
    }
  }
  const options = yield* Effect.fromResult(OwnOptions.own(tlsKeys, given, "tls"))
  if (options.dangerouslyAcceptAnyCertificate !== undefined && options.dangerouslyAcceptAnyCertificate !== true) {
    return yield* invalidRequest("tls.dangerouslyAcceptAnyCertificate", "left out, or true")
  }
  return {
    ca: pem(options.ca),
    cert: pem(options.cert),
    key: pem(options.key),
    passphrase: options.passphrase,
    servername: options.servername,
    // Said explicitly, it wins over NODE_TLS_REJECT_UNAUTHORIZED.
    rejectUnauthorized: options.dangerouslyAcceptAnyCertificate !== true
  }
})

export interface Undici {
  readonly agent: Agent.Options
  /** `undefined` where every request goes directly. */
  readonly proxy: EnvHttpProxyAgent.Options | undefined
  readonly drainTimeout: number
}

const fromEnvironment = (name: string): string | undefined => {
  const value = process.env[name.toLowerCase()] ?? process.env[name]
  return value === "" ? undefined : value
}

const proxyUrl = (name: string, url: string | undefined): Effect.Effect<string | undefined, InvalidRequest> => {
  if (url === undefined) return Effect.undefined
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: undefined }
  return protocol === "http:" || protocol === "https:"
    ? Effect.succeed(url)
    : Effect.fail(invalidRequest(name, "the URL of a proxy, http://host:port or https://host:port"))
}

const proxies = Effect.fnUntraced(function* (proxy: Options["proxy"]) {
  if (proxy === "none") return undefined
  const given = proxy !== undefined && proxy !== "environment"
  const httpProxy = yield* proxyUrl(given ? "proxy" : "HTTP_PROXY", given ? proxy : fromEnvironment("HTTP_PROXY"))
  const httpsProxy = given ? httpProxy : yield* proxyUrl("HTTPS_PROXY", fromEnvironment("HTTPS_PROXY"))
  if (httpProxy === undefined && httpsProxy === undefined) return undefined
  // Empty text keeps undici from looking at the environment again.
  return {
    httpProxy: httpProxy ?? "",
    httpsProxy: httpsProxy ?? "",
    noProxy: given ? "" : (fromEnvironment("NO_PROXY") ?? "")
  }
})

export const undici = Effect.fnUntraced(function* (given: Options): Effect.fn.Return<Undici, InvalidRequest> {
  const options = yield* Effect.fromResult(OwnOptions.own(keys, given))
  const { connections = 128 } = options
  if (!Number.isSafeInteger(connections) || connections < 1) {
    return yield* invalidRequest("connections", "a whole number, 1 or more")
  }
  const connectTimeout = yield* milliseconds("connectTimeout", options.connectTimeout, 5000)
  const tls = yield* tlsSettings(options.tls ?? {})
  const proxy = yield* proxies(options.proxy)
  return {
    agent: {
      connections,
      pipelining: 1,
      allowH2: false,
      // undici has no 0; a millisecond comes to the same.
      keepAliveTimeout: Math.max(1, yield* milliseconds("keepAlive", options.keepAlive, 10_000)),
      connectTimeout,
      headersTimeout: yield* limit("headersTimeout", options.headersTimeout),
      bodyTimeout: yield* limit("bodyTimeout", options.bodyTimeout),
      connect: { ...tls, allowH2: false, timeout: connectTimeout }
    },
    proxy: proxy && {
      ...proxy,
      requestTls: { ...tls, allowH2: false, timeout: connectTimeout },
      // The proxy's own certificate is checked against the same authorities; this client's is not for the proxy.
      proxyTls: {
        ca: tls.ca,
        cert: undefined,
        key: undefined,
        passphrase: undefined,
        servername: undefined,
        rejectUnauthorized: tls.rejectUnauthorized,
        timeout: connectTimeout
      }
    },
    drainTimeout: yield* milliseconds("drainTimeout", options.drainTimeout, 5000)
  }
})
