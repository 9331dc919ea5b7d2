/**
 * What stands between a client and the service: a proxy that lets `CONNECT` hang, and a relay that adds answers to no request.
 * Both live in the emulator's process, so that a blocked event loop of the clients does not slow them.
 */
import * as http from "node:http"
import * as net from "node:net"
import * as Random from "./random.ts"

/** How often each fault strikes, from 0 to 1. */
export interface Faults {
  /** For each `CONNECT`: it is never answered. */
  readonly hungConnect: number
  /** For each connection of the relay: a pass of a stranger follows the answer. */
  readonly strayAnswer: number
}

export const none: Faults = { hungConnect: 0, strayAnswer: 0 }

export interface Middlebox {
  readonly proxyUrl: string
  /** Leads to the service without TLS. */
  readonly relayUrl: string
  readonly setFaults: (faults: Faults) => void
  readonly struck: () => { readonly hungConnects: number; readonly strayAnswers: number }
}

/** For a service on this machine. `port` is that of the service without TLS. */
export const start = async (seed: string, port: number): Promise<Middlebox> => {
  const random = Random.make(`middlebox:${seed}`)
  let faults = none
  let hungConnects = 0
  let strayAnswers = 0
  const proxy = http.createServer().on("connect", (request: http.IncomingMessage, client: net.Socket) => {
    if (random.chance(faults.hungConnect)) {
      hungConnects++
      client.on("error", () => {}).on("end", () => client.end())
      client.resume()
    } else openTunnel(request.url ?? "", client)
  })
  const relay = net.createServer({ noDelay: true }, (client) => {
    const isStruck = random.chance(faults.strayAnswer)
    const isTogether = random.chance(0.5)
    relayTo(port, client, (bytes) => {
      if (!isStruck) return void client.write(bytes)
      const stray = strayAnswer(++strayAnswers)
      if (isTogether) return void client.write(Buffer.concat([bytes, stray]))
      client.write(bytes)
      setTimeout(() => client.write(stray), random.below(6))
    })
  })
  return {
    proxyUrl: await listen(proxy),
    relayUrl: await listen(relay),
    setFaults: (next) => {
      faults = next
    },
    struck: () => ({ hungConnects, strayAnswers })
  }
}

const listen = async (server: net.Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("the middlebox has no port")
  return `http://127.0.0.1:${address.port}`
}

const openTunnel = (target: string, client: net.Socket): void => {
  const service = join(Number(target.split(":").at(-1)), client)
  service.once("connect", () => {
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n")
    service.pipe(client)
    client.pipe(service)
  })
}

/** Connects to the service. A reset of one side becomes a reset of the other. */
const join = (port: number, client: net.Socket): net.Socket => {
  const service = net.connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true })
  service.on("error", () => client.resetAndDestroy()).on("close", () => client.destroySoon())
  client.on("error", () => service.resetAndDestroy()).on("close", () => service.destroy())
  return service
}

/** Passes everything on; `last` gets the bytes that complete the answer. */
const relayTo = (port: number, client: net.Socket, last: (bytes: Buffer) => void): void => {
  const service = join(port, client)
  client.pipe(service)
  const left = bytesLeft()
  let isWhole = false
  service.on("data", (bytes) => {
    if (isWhole || left(bytes) > 0) return void client.write(bytes)
    isWhole = true
    last(bytes)
  })
}

/** Counts how many bytes of an answer are still missing. */
const bytesLeft = () => {
  let head = ""
  let received = 0
  let size = Infinity
  return (bytes: Buffer): number => {
    received += bytes.length
    if (size === Infinity) {
      head += bytes.toString("latin1")
      const end = head.indexOf("\r\n\r\n")
      const length = /\r\ncontent-length: (\d+)/i.exec(head.slice(0, Math.max(0, end)))?.[1]
      if (length !== undefined) size = end + 4 + Number(length)
    }
    return size - received
  }
}

const strayAnswer = (number: number): Buffer => {
  const requestId = `STRAY-${number}`
  const body = JSON.stringify({
    RequestId: requestId,
    Code: "Success",
    Result: { Passed: "Y", SubCode: "200", ExtIdInfo: '{"ocrIdInfo":{"passportNo":"STRAY"}}' }
  })
  const head = `HTTP/1.1 200 OK\r\ndate: ${new Date().toUTCString()}\r\nx-acs-request-id: ${requestId}\r\n`
  return Buffer.from(`${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
}
