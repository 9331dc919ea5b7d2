/** What the layers read by Effect's `Config`. Loaded for them alone: `Config` loads streams and files. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

const text = (name: string) => Config.option(Config.String(name))

/** Where the requests go. */
export const endpoint = Effect.gen(function* () {
  const region = yield* text("CLOUDAUTH_REGION")
  const network = yield* Config.option(Config.Literals(["public", "vpc"], "CLOUDAUTH_NETWORK"))
  const url = yield* text("CLOUDAUTH_ENDPOINT")
  return {
    region: Option.getOrUndefined(region),
    network: Option.getOrUndefined(network),
    url: Option.getOrUndefined(url)
  }
})

/** The access key, under the vendor's names. */
export const accessKey = Effect.gen(function* () {
  const accessKeyId = yield* Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_ID")
  const accessKeySecret = yield* Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
  const securityToken = yield* Config.option(Config.Redacted("ALIBABA_CLOUD_SECURITY_TOKEN"))
  return { accessKeyId, accessKeySecret, securityToken: Option.getOrUndefined(securityToken) }
})
