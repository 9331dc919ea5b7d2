/**
 * What one checkResult call weighs in a bundle (esbuild, minified, tree-shaken; gzip), held against a budget, and the
 * vendor's core beside it, without the decoding that it leaves to its caller.
 */
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"

/** In bytes of gzip. Raise one only with a reason in the commit that does. */
const budget = {
  /** The client without Effect: signature, retries, seven documents, errors. */
  ours: 22_500,
  /** With what it uses of Effect: HTTP, Schema, schedules, the runtime. */
  whole: 76_500
}

/** The dependencies of the benchmark have all that is compared. */
const resolveDir = join(import.meta.dirname, "../bench")

const call = `
  import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
  import { Credentials } from "@effect-cloudauth/core/Credentials"
  import * as Document from "@effect-cloudauth/core/Document"
  import * as Effect from "effect/Effect"
  import * as FetchHttpClient from "effect/http/FetchHttpClient"
  import * as Layer from "effect/Layer"

  const live = Cloudauth.layer({ region: "cn-hongkong" }).pipe(
    Layer.provide([Credentials.layerConfig, FetchHttpClient.layer])
  )
  export const check = (merchantBizId, transactionId) =>
    Cloudauth.checkResult({ merchantBizId, transactionId, document: Document.GlobalPassport }).pipe(
      Effect.provide(live),
      Effect.runPromise
    )
`

const vendorCall = `
  import OpenApi, { $OpenApiUtil } from "@alicloud/openapi-core"

  const client = new OpenApi.default(new $OpenApiUtil.Config({ endpoint: "cloudauth-intl.cn-hongkong.aliyuncs.com" }))
  const params = new $OpenApiUtil.Params({ action: "CheckResult", version: "2022-08-09" })
  export const check = (query) => client.callApi(params, new $OpenApiUtil.OpenApiRequest({ query }), {})
`

interface Size {
  readonly minified: number
  readonly gzip: number
}

const bundle = async (contents: string, external: Array<string> = []): Promise<Size> => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    legalComments: "none",
    external
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error("esbuild wrote nothing")
  return { minified: file.contents.length, gzip: gzipSync(file.contents, { level: 9 }).length }
}

const ours = await bundle(call, ["effect", "effect/*"])
const whole = await bundle(call)
const vendor = await bundle(vendorCall)

const line = (what: string, { gzip, minified }: Size, limit?: number): void => {
  const held = limit === undefined ? "" : `  of at most ${limit}`
  console.log(`${what.padEnd(28)} ${String(minified).padStart(8)} B minified ${String(gzip).padStart(7)} B gzip${held}`)
}

line("one call, without Effect", ours, budget.ours)
line("Effect's share", { minified: whole.minified - ours.minified, gzip: whole.gzip - ours.gzip })
line("one call, whole", whole, budget.whole)
line("the vendor's core", vendor)

if (ours.gzip > budget.ours || whole.gzip > budget.whole) {
  console.error("The bundle is over its budget (scripts/checkSize.ts).")
  process.exitCode = 1
}
// A bundle that is suddenly far smaller has lost the client.
if (ours.gzip < budget.ours / 2 || whole.gzip < budget.whole / 2) {
  console.error("The bundle is less than half of its budget: is the client still in it?")
  process.exitCode = 1
}
