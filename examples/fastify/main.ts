/** An existing server. Only the line that registers the plugin is new. */
import fastify from "fastify"
import { verification } from "./verification.ts"

const server = fastify({ logger: true })

server.get("/health", async () => ({ ok: true }))

const stored = new Map([
  ["4711", "hksb-passed-global-passport"],
  ["4712", "hksb-rejected-212"],
  ["4713", "hksb-pending"],
  ["4714", "hksb-slow"]
])
await server.register(verification, { transactionOf: async (order) => stored.get(order) })

let closing = false
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    closing = true
    server.log.info("closing")
    void server.close()
  })
}
// A connection that is kept alive would hold up the end by Fastify's `keepAliveTimeout`, more than a minute.
server.addHook("onSend", async (_request, reply) => {
  if (closing) reply.header("connection", "close")
})

await server.listen({ host: "127.0.0.1", port: Number(process.env.PORT ?? 3000) })
