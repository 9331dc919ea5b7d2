import { fastify } from "fastify"

export const withFastify = (callback: (request: Request) => Promise<Response>) => {
  const server = fastify()
  // The platform may send a form or JSON: the handler reads both.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body))
  server.all<{ Body: string }>("/cloudauth/callback", async ({ body, method, url }, reply) => {
    const { headers, status } = await callback(
      new Request(new URL(url, "http://localhost"), { method, body: method === "POST" ? body : null })
    )
    return reply.code(status).headers(Object.fromEntries(headers)).send()
  })
  return server
}
