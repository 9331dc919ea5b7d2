/**
 * Answers as HashiCorp Vault's AliCloud secrets engine does for a role that assumes a RAM role, with keys that live for
 * three seconds only, and says so on the console.
 */
import { randomBytes, randomUUID } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:http"
import type * as Gateway from "@effect-cloudauth/emulator/Gateway"

export const lifetimeMillis = 3000

/** Keys that it issues are keys of the gateway. */
export const start = async (gateway: Gateway.Gateway) => {
  const token = `hvs.${randomBytes(12).toString("hex")}`
  const role = "kyc"
  let issued = 0

  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    if (request.headers.authorization !== `Bearer ${token}`) return answer(403, { errors: ["permission denied"] })
    if (request.url !== `/v1/alicloud/creds/${role}`) return answer(404, { errors: [] })
    const key = {
      accessKeyId: `emulator-STS.${randomUUID()}`,
      accessKeySecret: randomUUID(),
      securityToken: randomUUID(),
      expiresAt: gateway.now() + lifetimeMillis
    }
    gateway.addKey(key)
    console.log(`  vault: key ${++issued}, valid for ${lifetimeMillis / 1000} s`)
    return answer(200, {
      lease_duration: lifetimeMillis / 1000,
      renewable: false,
      data: {
        access_key: key.accessKeyId,
        secret_key: key.accessKeySecret,
        security_token: key.securityToken,
        expiration: new Date(key.expiresAt).toISOString()
      }
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0

  return {
    url: `http://127.0.0.1:${port}`,
    token,
    role,
    close: async () => {
      const closed = once(server, "close")
      server.close()
      server.closeAllConnections()
      await closed
    }
  }
}
