/** The emulator in a process of its own: over plain HTTP and over TLS, driven by IPC, ended with its parent. */
import type * as Fault from "@effect-cloudauth/emulator/Fault"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Server from "@effect-cloudauth/emulator/Server"
import { generate } from "selfsigned"
import * as Faults from "./faults.ts"
import * as Middlebox from "./middlebox.ts"
import * as Plan from "./plan.ts"
import type { Commands, Kind, Ready, Sent } from "./protocol.ts"

const seed = process.argv[2] ?? "1"
/** What the load asks for. */
const defaultScenario = Scenario.passed({ document: "global-passport" })

const tls = await generate([{ name: "commonName", value: "127.0.0.1" }], {
  algorithm: "sha256",
  keyType: "ec",
  curve: "P-256",
  extensions: [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }
  ]
})

/** A load of many millions would fill the memory with them. */
const keepsNonces = process.argv[3] !== "load"

const options = { seed, admin: false, keepCalls: keepsNonces ? 200_000 : 1000, defaultScenario } as const
const plain = await Server.start(options)
const secure = await Server.start({ ...options, tls: { key: tls.private, cert: tls.cert } })
const gateways = [plain.gateway, secure.gateway]
const middlebox = await Middlebox.start(seed, plain.port)

// Of each nonce eight bytes are kept: enough to tell a hundred thousands of them apart.
const nonces = new Set<bigint>()
let repeatedNonces = 0
let rules: ReadonlyArray<Fault.Rule> = []

const sentOf = (): ReadonlyArray<Sent> =>
  gateways.flatMap((gateway) =>
    gateway.calls().map((call) => ({
      transactionId: call.transactionId ?? "",
      nonce: call.nonce ?? "",
      requestId: call.requestId,
      signature: call.signature,
      code: call.code,
      status: call.status,
      passed: call.passed,
      faults: call.faults,
      answeredMillis: call.answeredMillis
    }))
  )

const note = (nonce: string): void => {
  const short = BigInt(`0x${nonce.replaceAll("-", "").slice(0, 16)}`)
  if (nonces.has(short)) repeatedNonces++
  else nonces.add(short)
}
for (const gateway of gateways) {
  gateway.onCall(({ nonce }) => {
    if (nonce !== undefined && keepsNonces) note(nonce)
  })
}

const setFaults = (next: ReadonlyArray<Fault.Rule>): void => {
  rules = next
  plain.gateway.faults.setRules(next)
  secure.gateway.faults.setRules(next.length === 0 ? [] : [...next, ...Faults.ofConnections])
}

const commands: { readonly [K in Kind]: (input: Commands[K]["input"]) => Commands[K]["output"] } = {
  round: ({ from, count }) => {
    const current = rules
    for (const gateway of gateways) gateway.reset()
    setFaults(current)
    for (let index = from; index < from + count; index++) {
      const { client, scenario, transactionId } = Plan.make(seed, index)
      const server = Plan.isSecure(client) ? secure : plain
      server.gateway.register(transactionId, scenario)
    }
    return null
  },
  sent: () => sentOf(),
  setFaults: (next) => {
    setFaults(next)
    return null
  },
  setMiddlebox: (faults) => {
    middlebox.setFaults(faults)
    return null
  },
  addKey: (key) => {
    for (const gateway of gateways) gateway.addKey(key)
    return null
  },
  advance: (millis) => {
    for (const gateway of gateways) gateway.advance(millis)
    return null
  },
  setQps: (limit) => {
    for (const gateway of gateways) gateway.setQps(limit ?? undefined)
    return null
  },
  state: () => ({
    connections: plain.connections() + secure.connections(),
    repeatedNonces,
    nonces: nonces.size,
    ...middlebox.struck(),
    residentBytes: process.memoryUsage.rss()
  })
}

interface Asked<K extends Kind> {
  readonly id: number
  readonly kind: K
  readonly input: Commands[K]["input"]
}

const answer = <K extends Kind>({ id, input, kind }: Asked<K>): void => {
  process.send?.({ id, output: commands[kind](input) })
}

// The parent sends nothing else.
process.on("message", (message) => answer(message as Asked<Kind>))
process.on("disconnect", () => process.exit(0))

const ready: Ready = {
  url: plain.url,
  secureUrl: secure.url,
  proxyUrl: middlebox.proxyUrl,
  relayUrl: middlebox.relayUrl,
  certificate: tls.cert,
  accessKeyId: plain.gateway.accessKeyId,
  accessKeySecret: plain.gateway.accessKeySecret
}
process.send?.(ready)
