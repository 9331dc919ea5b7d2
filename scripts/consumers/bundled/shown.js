// A backend that sends a result's view, and the bundle of `view.js`, which shows it where nothing of Node's is there.
import { CheckResult, Cloudauth } from "@effect-cloudauth/core"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import { Effect, Schema } from "effect"

const request = { merchantBizId: "order1", transactionId: "hksb-passed-global-passport" }
const result = await Effect.runPromise(
  Cloudauth.checkResult(request).pipe(Effect.provide(NodeCloudauth.layer({ url: process.env.CLOUDAUTH_ENDPOINT })))
)
const sent = Schema.encodeSync(Schema.fromJsonString(CheckResult.View))(CheckResult.view(result))
const inNode = globalThis.process
Object.assign(globalThis, { window: globalThis, document: {}, process: undefined })
const { show } = await import("./esbuild/view.mjs")
const shown = show(sent)
Object.assign(globalThis, { process: inNode })
console.log(shown)
