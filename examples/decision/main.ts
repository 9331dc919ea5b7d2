/** Begins a check, waits for its user, and decides. */
import { DocType, TransactionStore } from "@effect-cloudauth/core"
import { NodeCloudauth } from "@effect-cloudauth/node"
import { Effect, Layer } from "effect"
import { answer } from "./decide.ts"

const program = Effect.andThen(
  TransactionStore.initialize({
    merchantBizId: "order4711",
    merchantUserId: "5e884898da28047151d0e56f8dc6292773603d0d", // a hash of your user's id
    docType: DocType.HongKongIdentityCard2018,
    idSpoof: true
  }),
  answer
)

const live = NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT }) // undefined: the vendor's, in Hong Kong
Effect.runPromise(program.pipe(Effect.provide(Layer.merge(live, TransactionStore.layerMemory)))).then(console.log)
