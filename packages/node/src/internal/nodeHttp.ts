/** Requests over `node:http` and `node:https`. */
import * as http from "node:http"
import * as https from "node:https"
import type { Socket } from "node:net"
import { pipeline } from "node:stream"
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import type { Scope } from "effect/Scope"
import type { CommonOptions } from "../NodeTransport.ts"
import { Aborted } from "./Aborted.ts"
import { InFlight, TransportClosed } from "./InFlight.ts"
import { RepeatedAnswer, RepeatedAnswers } from "./RepeatedAnswers.ts"
import { ResponseBody } from "./ResponseBody.ts"
import * as settings from "./settings.ts"
import * as target from "./target.ts"
import { declaredLength } from "./ParsedHeaders.ts"
import { transportError, TransportResponse } from "./TransportResponse.ts"

class ConnectTimeout extends Error {
  override readonly name = "ConnectTimeoutError"
  readonly code = "ETIMEDOUT"
}

export const make = Effect.fnUntraced(function* (
  options: CommonOptions
): Effect.fn.Return<HttpClient.HttpClient, InvalidRequest, Scope> {
  const { connectTimeout, connections, drainTimeout, keepAlive, tls } = yield* settings.common(options)
  const inFlight = new InFlight()
  const answersOf = new WeakMap<Socket, RepeatedAnswers>()
  const agentOptions = { keepAlive: true, maxSockets: connections, timeout: keepAlive }
  const [plain, secure] = yield* Effect.acquireRelease(
    Effect.sync(() => [new http.Agent(agentOptions), new https.Agent({ ...agentOptions, ...tls })] as const),
    (agents) =>
      inFlight.drain(drainTimeout).pipe(Effect.andThen(Effect.sync(() => agents.forEach((agent) => agent.destroy()))))
  )

  const send = (request: HttpClientRequest, to: target.Target, payload: target.Payload) =>
    Effect.callback<HttpClientResponse, HttpClientError>((resume) => {
      const fail = (cause: unknown) => resume(Effect.fail(transportError(request, cause)))
      if (inFlight.isClosing) return fail(new TransportClosed())
      let outgoing: http.ClientRequest
      try {
        const isSecure = to.origin.startsWith("https:")
        outgoing = (isSecure ? https : http).request(to.origin + to.path, {
          method: request.method,
          headers: { ...payload.headers },
          agent: isSecure ? secure : plain
        })
      } catch (cause) {
        fail(cause)
        return
      }
      inFlight.begin()
      outgoing.once("close", () => inFlight.end())
      let body: ResponseBody | undefined
      outgoing.once("socket", (socket) => {
        if (!socket.connecting) return
        const late = setTimeout(() => outgoing.destroy(new ConnectTimeout("Connecting took too long")), connectTimeout)
        socket.once(to.origin.startsWith("https:") ? "secureConnect" : "connect", () => clearTimeout(late))
        socket.once("close", () => clearTimeout(late))
      })
      outgoing.once("response", (incoming) => {
        const answers = answersOf.get(incoming.socket) ?? new RepeatedAnswers()
        answersOf.set(incoming.socket, answers)
        if (answers.isRepeated(incoming.headers)) {
          outgoing.destroy(new RepeatedAnswer())
          return
        }
        const arriving = new ResponseBody(
          {
            pause: () => incoming.pause(),
            resume: () => incoming.resume(),
            abort: (reason) => outgoing.destroy(reason)
          },
          request.method === "HEAD" ? undefined : declaredLength(incoming.headers)
        )
        body = arriving
        incoming.on("data", (chunk: Buffer) => arriving.push(chunk))
        incoming.once("end", () => arriving.complete())
        incoming.once("error", (cause) => arriving.fail(cause))
        incoming.once("close", () => arriving.fail(new Aborted("The connection closed before the end of the response")))
        const { headers, httpVersion, statusCode } = incoming
        const response = new TransportResponse(request, statusCode ?? 0, headers, arriving, httpVersion)
        resume(Effect.succeed(response))
        response.delivered()
      })
      outgoing.on("error", (cause) => (body === undefined ? fail(cause) : body.fail(cause)))
      if (payload.body === null) outgoing.end()
      else if (payload.body instanceof Uint8Array) outgoing.end(payload.body)
      else
        pipeline(payload.body, outgoing, (cause) => {
          if (cause instanceof Error) outgoing.destroy(cause)
        })
      return Effect.sync(() => outgoing.destroy(new Aborted("The request was interrupted")))
    })

  // `HttpClient.make` would build a URL, an AbortController and a span for every request.
  return HttpClient.makeWith<never, never, HttpClientError, never>(
    Effect.flatMap((request) => {
      const to = target.ofRequest(request)
      if (to === undefined) return Effect.fail(target.invalidUrl(request))
      return Effect.flatMap(target.payload(request), (payload) => send(request, to, payload))
    }),
    Effect.succeed
  )
})
