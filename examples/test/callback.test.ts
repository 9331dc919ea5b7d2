/** The callback's handler in each server, called as the platform calls it. */
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { createClient } from "@effect-cloudauth/node/Client"
import * as Server from "@effect-cloudauth/emulator/Server"
import { assert, describe, it } from "@effect/vitest"
import { withExpress } from "../callback/express.ts"
import { withFastify } from "../callback/fastify.ts"
import { forFunctionCompute } from "../callback/functionCompute.ts"
import { withHono } from "../callback/hono.ts"
import { forLambda } from "../callback/lambda.ts"

const callbackToken = "b7e23ec29af22b0b4e41da31e868d572"

type Callback = (request: Request) => Promise<Response>

/** Calls with the query or the form, and returns the answer's status. */
type Send = (parameters: URLSearchParams, inForm: boolean) => Promise<number>

/** Calls over HTTP. */
const over =
  (origin: string): Send =>
  async (parameters, inForm) => {
    const url = `${origin}/cloudauth/callback`
    const response = await fetch(
      inForm ? url : `${url}?${parameters}`,
      inForm ? { method: "POST", body: parameters } : {}
    )
    return response.status
  }

const listening = async (listener: RequestListener, use: (send: Send) => Promise<void>) => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    await use(over(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)) // of a TCP server
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** What a serverless platform makes of a request. */
const event = (parameters: URLSearchParams, inForm: boolean) => ({
  rawPath: "/cloudauth/callback",
  rawQueryString: inForm ? "" : parameters.toString(),
  queryParameters: inForm ? {} : Object.fromEntries(parameters),
  ...(inForm ? { body: Buffer.from(parameters.toString()).toString("base64") } : {}),
  isBase64Encoded: inForm,
  requestContext: { http: { method: inForm ? "POST" : "GET" } }
})

const servers: Record<string, (callback: Callback, use: (send: Send) => Promise<void>) => Promise<void>> = {
  Express: (callback, use) => listening(withExpress(callback), use),
  Fastify: async (callback, use) => {
    const server = withFastify(callback)
    await use(over(await server.listen({ host: "127.0.0.1", port: 0 })))
    await server.close()
  },
  Hono: async (callback, use) => {
    const app = withHono(callback)
    await use(async (parameters, inForm) => {
      const url = "http://localhost/cloudauth/callback"
      const request = inForm
        ? new Request(url, { method: "POST", body: parameters })
        : new Request(`${url}?${parameters}`)
      return (await app.fetch(request)).status
    })
  },
  "AWS Lambda": (callback, use) => {
    const handler = forLambda(callback)
    return use(async (parameters, inForm) => (await handler(event(parameters, inForm))).statusCode)
  },
  "Function Compute": (callback, use) => {
    const handler = forFunctionCompute(callback)
    return use(
      async (parameters, inForm) => (await handler(Buffer.from(JSON.stringify(event(parameters, inForm))))).statusCode
    )
  }
}

describe("the callback", () => {
  for (const [name, serve] of Object.entries(servers)) {
    it(`in ${name}: the platform's call hands the result over before it is answered, a stranger's does nothing`, async () => {
      const emulator = await Server.start()
      const { accessKeyId, accessKeySecret, journeys } = emulator.gateway
      const client = createClient({ url: emulator.url, store: "memory", credentials: { accessKeyId, accessKeySecret } })
      const results: Array<string> = []
      const callback = client.callbackHandler({
        callbackToken,
        collect: "beforeAnswer",
        onResult: ({ result, transaction }) => void results.push(`${transaction.merchantBizId} ${result.verdict._tag}`)
      })
      try {
        await serve(callback, async (send) => {
          for (const [inForm, merchantBizId] of [
            [false, "order1"],
            [true, "order2"]
          ] as const) {
            const { transactionId } = await client.initialize({
              merchantBizId,
              merchantUserId: "u",
              docType: "01000000"
            })
            journeys.complete(transactionId)
            const parameters = { transactionId, passed: "Y" }
            const forged = new URLSearchParams({ ...parameters, callbackToken: "0".repeat(32) })
            assert.strictEqual(await send(forged, inForm), 200)
            const genuine = new URLSearchParams({ ...parameters, callbackToken })
            assert.strictEqual(await send(genuine, inForm), 200)
            assert.strictEqual(results.at(-1), `${merchantBizId} Passed`)
          }
        })
        assert.strictEqual(results.length, 2)
      } finally {
        await client.close()
        await emulator.close()
      }
    })
  }
})
