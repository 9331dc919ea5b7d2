/** A plugin for a Fastify server that exists: one client for all requests, closed with the server. */
import { createClient, ProcessNotCompleted, Throttled, Verdict } from "@effect-cloudauth/node/Client"
import type { FastifyPluginAsync } from "fastify"

export interface Options {
  /** The transaction id that Initialize returned for an order; the user's device has no say in it. */
  readonly transactionOf: (order: string) => Promise<string | undefined>
}

export const verification: FastifyPluginAsync<Options> = async (server, { transactionOf }) => {
  const client = createClient({ url: process.env.CLOUDAUTH_ENDPOINT, quota: 10 })
  // Fastify runs it once the requests under way have been answered.
  server.addHook("onClose", () => client.close())

  server.post<{ Params: { order: string } }>("/orders/:order/check", async ({ params: { order }, signal }, reply) => {
    const transactionId = await transactionOf(order)
    if (transactionId === undefined) return reply.code(404).send()
    const { verdict } = await client.checkResult({ merchantBizId: `order${order}`, transactionId }, { signal })
    return Verdict.match(verdict, {
      Passed: () => ({ status: "accepted" }),
      Rejected: () => ({ status: "rejected" }),
      Inconclusive: () => ({ status: "review" })
    })
  })

  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof ProcessNotCompleted) return reply.code(202).send({ status: "pending" })
    if (error instanceof Throttled) return reply.code(503).header("retry-after", "5").send()
    // The server's own handler, or Fastify's: it is logged and answered with 500. No message holds a person's data.
    throw error
  })
}
