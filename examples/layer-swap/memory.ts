import { Emulator } from "@effect-cloudauth/emulator"
import { Effect } from "effect"
import { program } from "./program.ts"

const client = Emulator.layerClient()

await Effect.runPromise(Effect.provide(program, client))
