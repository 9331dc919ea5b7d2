/** Sends one request, and prints what of undici it took. With the argument `moved`, undici's own files can't be found. */
import { registerHooks } from "node:module"
import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
import * as Transport from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"

if (process.argv[2] === "moved") {
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier.startsWith("undici/lib/")) throw new Error("moved")
      return next(specifier, context)
    }
  })
}

const request = {
  origin: process.env["ENDPOINT"] ?? "",
  path: "/",
  headers: {},
  timeout: 5000,
  maxBodyBytes: 1000
}

const response = await Effect.runPromise(
  Transport.Transport.pipe(
    Effect.flatMap(({ send }) => send(request)),
    Effect.provide(NodeTransport.layer())
  )
)
const fetchDispatchers = [1, 2].map((version) => Symbol.for(`undici.globalDispatcher.${version}`))
process.stdout.write(
  JSON.stringify({ status: response.status, isFetchAlone: !fetchDispatchers.some((symbol) => symbol in globalThis) })
)
