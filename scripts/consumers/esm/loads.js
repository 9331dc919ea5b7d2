// ECMAScript modules: what an import and a client load, and what they leave for later.
import { registerHooks } from "node:module"

const loaded = []
registerHooks({
  load: (url, context, next) => {
    loaded.push(url)
    return next(url, context)
  }
})
const { Credentials } = await import("@effect-cloudauth/core/Credentials")
const NodeCloudauth = await import("@effect-cloudauth/node/NodeCloudauth")
const Layer = await import("effect/Layer")
const { runPromise, scoped } = await import("effect/Effect")

const credentials = Credentials.layerStatic({ accessKeyId: "id", accessKeySecret: "secret" })
await runPromise(scoped(Layer.build(NodeCloudauth.layer({ url: "http://127.0.0.1:1", credentials }))))

const later = /\/effect\/dist\/(Stream|Config|http\/HttpClient)\.js$|\/undici\/|^node:(crypto|http|https|tls)$/
const early = loaded.filter((url) => later.test(url))
console.log(early.length === 0 ? "Passed" : early.join(" "))
