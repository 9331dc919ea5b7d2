import { NodeCloudauth } from "@effect-cloudauth/node"
import { Effect } from "effect"
import { program } from "./program.ts"

const client = NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT })

await Effect.runPromise(Effect.provide(program, client))
