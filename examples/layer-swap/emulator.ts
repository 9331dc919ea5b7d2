import { Credentials } from "@effect-cloudauth/core"
import { Emulator } from "@effect-cloudauth/emulator"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { Effect, Layer } from "effect"
import { program } from "./program.ts"

const client = Layer.unwrap(
  Effect.map(Emulator, (it) => NodeCloudauth.layer({ url: it.url, credentials: Credentials.layerStatic(it) }))
).pipe(Layer.provide(Emulator.layer()))

await Effect.runPromise(Effect.provide(program, client))
