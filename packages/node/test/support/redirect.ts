/**
 * Sends connections that are meant for one address to another, below everything: the caller's HTTP and TLS run as they
 * are. For code that has an address built in, such as the metadata service's 100.100.100.200.
 */
import * as net from "node:net"
import * as Effect from "effect/Effect"

export interface Redirect {
  readonly host: string
  readonly port: number
  readonly to: number
}

interface Destination {
  host?: string | undefined
  port?: number | string | undefined
}

const isDestination = (value: unknown): value is Destination => typeof value === "object" && value !== null

export const redirecting = (redirects: ReadonlyArray<Redirect>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const original = net.Socket.prototype.connect
      const redirected = function (this: net.Socket, ...input: Array<unknown>) {
        // Node's own callers hand over the normalised arguments, as an array.
        const destination = Array.isArray(input[0]) ? input[0][0] : input[0]
        if (isDestination(destination)) {
          const found = redirects.find(
            ({ host, port }) => host === destination.host && port === Number(destination.port)
          )
          if (found !== undefined) {
            destination.host = "127.0.0.1"
            destination.port = found.to
          }
        }
        return Reflect.apply(original, this, input)
      }
      // The overloads of `connect` all end here.
      net.Socket.prototype.connect = redirected as typeof original
      return original
    }),
    (original) =>
      Effect.sync(() => {
        net.Socket.prototype.connect = original
      })
  )
