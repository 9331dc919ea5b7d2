// What one checkResult call weighs in a bundle (tools/.size-limit.mjs).
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Document from "@effect-cloudauth/core/Document"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"

const live = Cloudauth.layer({ region: "cn-hongkong" }).pipe(
  Layer.provide([Credentials.layerConfig(), FetchHttpClient.layer])
)

export const check = (merchantBizId, transactionId) =>
  Cloudauth.checkResult({ merchantBizId, transactionId, document: Document.GlobalPassport }).pipe(
    Effect.provide(live),
    Effect.runPromise
  )
