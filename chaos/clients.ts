/** The campaign's clients, over the real transports, each with a record of the nonces that it sends. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as HttpTransport from "@effect-cloudauth/core/HttpTransport"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Transport from "@effect-cloudauth/core/Transport"
import * as NodeCrypto from "@effect-cloudauth/node/NodeCrypto"
import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Metric from "effect/Metric"
import type { Emulator } from "./emulator.ts"
import * as Faults from "./faults.ts"
import type { LiveFibers } from "./leaks.ts"
import { type ClientName, isSecure } from "./plan.ts"

const { attemptTimeout, deadline, maxBodyBytes, throttle, transient } = Faults.limits

export const policy: RetryPolicy.RetryPolicy = {
  ...RetryPolicy.standard,
  transient: RetryPolicy.fullJitter(transient),
  throttle: RetryPolicy.honourRetryAfter(RetryPolicy.fullJitter(throttle)),
  // The main part wants every retry that the schedules give; the budget has a part of its own.
  budget: undefined,
  attemptTimeout,
  deadline
}

/** Told of each request: its transaction and its nonce. */
export type Sending = (transactionId: string, nonce: string) => void

const transactionIdOf = (url: string): string => /[?&]TransactionId=([^&]*)/.exec(url)?.[1] ?? ""

const recording = (told: Sending) =>
  Transport.map((send) => (request) => {
    told(transactionIdOf(request.path), request.headers["x-acs-signature-nonce"] ?? "")
    return send(request)
  })

/** The most connections of each client. */
export const connections = 64

const transportOf = (name: ClientName, emulator: Emulator) => {
  const options = { connections, drainTimeout: "2 seconds", connectTimeout: "1 second" } as const
  switch (name) {
    case "undici":
      return NodeTransport.layer({ ...options, proxy: "none" })
    case "undici-tls":
      return NodeTransport.layer({ ...options, proxy: "none", tls: { ca: emulator.certificate } })
    case "undici-proxy":
      return NodeTransport.layer({ ...options, proxy: emulator.proxyUrl, tls: { ca: emulator.certificate } })
    case "undici-fresh":
      return NodeTransport.layer({ ...options, proxy: "none", freshConnection: true })
    case "node-http":
      return HttpTransport.layer.pipe(Layer.provide(NodeHttpClient.layerNodeHttpOptions({ maxSockets: connections })))
  }
}

export interface Options {
  readonly emulator: Emulator
  readonly name: ClientName
  readonly told: Sending
  readonly fibers: LiveFibers
  readonly policy?: RetryPolicy.RetryPolicy | undefined
  readonly credentials?: Layer.Layer<Credentials> | undefined
  /** Told of each log line, whole. */
  readonly logged?: ((line: string) => void) | undefined
}

/** Every log line: failed calls are logged at Debug. */
const logger = (told: (line: string) => void) =>
  Layer.merge(
    Logger.layer([Logger.map(Logger.formatJson, (line) => told(line))]),
    Layer.succeed(References.MinimumLogLevel, "Debug")
  )

export const make = (options: Options): ManagedRuntime.ManagedRuntime<Cloudauth, unknown> => {
  const { emulator, name } = options
  const { accessKeyId, accessKeySecret } = emulator
  const client = Cloudauth.layerTransport({
    url: isSecure(name) ? emulator.secureUrl : name === "undici-fresh" ? emulator.relayUrl : emulator.url,
    maxBodyBytes
  }).pipe(
    Layer.provide([
      recording(options.told)(transportOf(name, emulator)),
      options.credentials ?? Credentials.layerStatic({ accessKeyId, accessKeySecret }),
      NodeCrypto.layer,
      RetryPolicy.layer(options.policy ?? policy)
    ])
  )
  return ManagedRuntime.make(
    Layer.mergeAll(
      client,
      Layer.succeed(Metric.FiberRuntimeMetrics, options.fibers),
      logger(options.logged ?? (() => {}))
    )
  )
}
