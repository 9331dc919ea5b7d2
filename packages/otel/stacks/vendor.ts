/** The emulator under the vendor's own name and TLS, behind a recorder of what reaches it. */
import { once } from "node:events"
import { request as forward } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import * as Server from "@effect-cloudauth/emulator/Server"
import { type Certificates, host } from "./certificates.ts"
import { bodyOf } from "./intake.ts"

/** A request as it reached the vendor, and what was answered. */
export interface Exchange {
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly answer: string
}

export interface Vendor {
  readonly url: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly exchanges: Array<Exchange>
  readonly close: () => Promise<void>
}

export const start = async ({ certificate, key }: Certificates, accessKey: Server.Options): Promise<Vendor> => {
  const emulator = await Server.start(accessKey)
  const exchanges: Array<Exchange> = []
  const server = createServer({ cert: certificate, key }, async (request, response) => {
    const { headers, method, url } = request
    const { host: hostname, port } = emulator
    const sent = forward({ host: hostname, port, method, path: url, headers, setHost: false })
    sent.end(await bodyOf(request))
    const [answered] = await once(sent, "response")
    const body = await bodyOf(answered)
    exchanges.push({ headers, answer: body.toString() })
    response.writeHead(answered.statusCode, answered.headers).end(body)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo // a TCP server's
  return {
    url: `https://${host}:${port}`,
    accessKeyId: emulator.gateway.accessKeyId,
    accessKeySecret: emulator.gateway.accessKeySecret,
    exchanges,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await emulator.close()
    }
  }
}
