/** The transports under test, and a plain way to send over one. */
import * as HttpTransport from "@effect-cloudauth/core/HttpTransport"
import * as Transport from "@effect-cloudauth/core/Transport"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as NodeTransport from "../../src/NodeTransport.ts"

/** Nothing may be under way when a scope closes: the transport would wait for it, longer than a test may take. */
const node = NodeTransport.layer({ proxy: "none", drainTimeout: "10 minutes" })

export const overFetch = HttpTransport.layer.pipe(Layer.provide(FetchHttpClient.layer))

/** Every transport: ours, and the adapter over Effect's own clients. */
export const transports = {
  NodeTransport: node,
  "the adapter over fetch": overFetch,
  "the adapter over platform-node's undici": HttpTransport.layer.pipe(Layer.provide(NodeHttpClient.layerUndici)),
  "the adapter over platform-node's node:http": HttpTransport.layer.pipe(
    Layer.provide(NodeHttpClient.layerNodeHttpOptions({ keepAlive: true }))
  )
}

/** What can differ from a plain POST. */
interface Options extends Partial<Transport.Request> {}

/** Sends a POST to a URL. */
export type SendTo = (url: string, options?: Options) => ReturnType<Transport.Send>

/** Sending over a transport that lives as long as the scope. */
export const sendOver = <E>(transport: Layer.Layer<Transport.Transport, E>) =>
  Effect.map(Layer.build(transport), (context): SendTo => {
    const { send } = Context.get(context, Transport.Transport)
    return (url, options) => {
      const { host, origin, pathname, search } = new URL(url)
      return send({
        origin,
        path: pathname + search,
        headers: { host },
        timeout: 10_000,
        maxBodyBytes: 1_000_000,
        ...options
      })
    }
  })

export const textOf = ({ body }: Transport.Response): string => Buffer.concat(body).toString("utf8")

/** The runtime's words and codes, all of them. */
export const wordsOf = (failure: Transport.Failure): string => {
  if (failure._tag !== "ConnectionFailed") return failure._tag
  const words: Array<string> = []
  for (let cause = Redacted.value(failure.underlying); cause instanceof Error; cause = cause.cause) {
    words.push(cause.name, cause.message, "code" in cause ? String(cause.code) : "")
  }
  return words.join(" ")
}
