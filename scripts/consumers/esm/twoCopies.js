// A secret that another copy of Effect made: the error says what is wrong, and npm ls shows it.
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import { Effect } from "effect"
import * as OtherRedacted from "./effect-copy/dist/Redacted.js"

const credentials = Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: OtherRedacted.make("secret") })
const call = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb-passed-global-passport" })
const error = await Effect.runPromise(
  Effect.flip(Effect.provide(call, NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT, credentials })))
)
console.log(error.message)
