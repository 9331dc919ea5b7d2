import { Canned, Cloudauth, Document } from "@effect-cloudauth/core"
import { Effect } from "effect"
import { program } from "./program.ts"

const client = Cloudauth.layerTest(() => Canned.passed(Document.HongKongIdentityCard))

await Effect.runPromise(Effect.provide(program, client))
