/** Checks the options of the transport and translates them to undici's and to those of `dial`. */
import { type InvalidRequest, invalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as net from "node:net"
import type { Agent } from "undici"
import { material } from "./certificates.ts"
import type { DialSettings, TlsSettings } from "./dial.ts"
import type { Options, Tls } from "./options.ts"
import { proxies } from "./proxies.ts"

/** Milliseconds, whole and positive. */
const milliseconds = (
  path: string,
  input: Duration.Input | undefined,
  fallback: number,
  least = 0
): Effect.Effect<number, InvalidRequest> => {
  if (input === undefined) return Effect.succeed(fallback)
  const duration = Duration.fromInput(input)
  // Of `NaN` Effect makes no time at all.
  const millis = duration._tag === "Some" && !Number.isNaN(input) ? Duration.toMillis(duration.value) : NaN
  return millis >= least && millis <= 2 ** 31 - 1
    ? Effect.succeed(Math.ceil(millis))
    : Effect.fail(
        invalidRequest(path, `a duration from ${least} ms to 24 days, such as 5000 (milliseconds) or "5 seconds"`)
      )
}

/** The same, and `Infinity` or 0 for no limit, which is 0 in undici's terms. */
const limit = (path: string, input: Duration.Input | undefined): Effect.Effect<number, InvalidRequest> =>
  input === Infinity || input === "Infinity" ? Effect.succeed(0) : milliseconds(path, input, 0)

/** The keys of `NodeTransport.Tls`. */
export const tlsKeys: OwnOptions.Keys<Tls> = {
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
  freshConnection: true,
  connectTimeout: true,
  tls: true,
  drainTimeout: true,
  headersTimeout: true,
  bodyTimeout: true,
  proxy: true
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
  const { servername } = options
  if (servername !== undefined && !isHostName(servername)) {
    return yield* invalidRequest("tls.servername", "a host name; an IP address can't be asked for")
  }
  return {
    ...(yield* material(options)),
    servername,
    rejectUnauthorized: options.dangerouslyAcceptAnyCertificate !== true
  }
})

const isHostName = (name: unknown): boolean =>
  typeof name === "string" && /^[A-Za-z0-9._-]{1,253}$/.test(name) && net.isIP(name) === 0

/** How long an idle connection is kept, in milliseconds; 0 for none. */
const keepAlive = Effect.fnUntraced(function* ({ freshConnection, keepAlive }: Options) {
  if (freshConnection !== undefined && typeof freshConnection !== "boolean") {
    return yield* invalidRequest("freshConnection", "true or false")
  }
  const millis = yield* milliseconds("keepAlive", keepAlive, freshConnection === true ? 0 : 10_000)
  if (freshConnection !== undefined && keepAlive !== undefined && (millis === 0) !== freshConnection) {
    return yield* invalidRequest("keepAlive", `left out beside freshConnection: ${freshConnection}, which decides it`)
  }
  return millis
})

export interface Undici {
  readonly agent: Agent.Options & { readonly connections: number }
  readonly dial: DialSettings
  readonly drainTimeout: number
}

export const undici = Effect.fnUntraced(function* (given: Options): Effect.fn.Return<Undici, InvalidRequest> {
  const options = yield* Effect.fromResult(OwnOptions.own(keys, given))
  const { connections = 128 } = options
  if (!Number.isSafeInteger(connections) || connections < 1) {
    return yield* invalidRequest("connections", "a whole number, 1 or more")
  }
  const tls = yield* tlsSettings(options.tls === undefined ? {} : options.tls)
  const idle = yield* keepAlive(options)
  return {
    agent: {
      connections,
      // undici closes a connection after each response if nothing may be pipelined.
      pipelining: idle === 0 ? 0 : 1,
      allowH2: false,
      keepAliveTimeout: Math.max(1, idle),
      headersTimeout: yield* limit("headersTimeout", options.headersTimeout),
      bodyTimeout: yield* limit("bodyTimeout", options.bodyTimeout)
    },
    dial: {
      connectTimeout: yield* milliseconds("connectTimeout", options.connectTimeout, 5000, 1),
      proxyTo: yield* proxies(options.proxy),
      tls,
      proxyTls: { ...tls, cert: undefined, key: undefined, servername: undefined }
    },
    drainTimeout: yield* milliseconds("drainTimeout", options.drainTimeout, 5000)
  }
})
