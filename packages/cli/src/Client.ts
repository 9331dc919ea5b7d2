/**
 * The client as the settings say: endpoint, access key, limit of requests a second.
 *
 * @since 0.1.0
 */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Endpoint from "@effect-cloudauth/core/Endpoint"
import type { TransportUnavailable } from "@effect-cloudauth/core/Transport"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { type Failure, failure } from "./Failure.ts"
import { say } from "./internal/language/say.ts"
import { refusedSetting } from "./internal/refusedSetting.ts"
import * as Output from "./Output.ts"
import type { Settings } from "./Settings.ts"

/**
 * The access key: the environment's if it has one, else that of the vendor's default chain, whose library is loaded only
 * then.
 *
 * @category layers
 * @since 0.1.0
 */
export const credentials: Layer.Layer<Credentials> = Layer.unwrap(
  Effect.gen(function* () {
    const [id, secret] = yield* Effect.all([
      Effect.option(Config.option(Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_ID"))),
      Effect.option(Config.option(Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_SECRET")))
    ])
    const isThere = Option.isSome(Option.flatten(id)) && Option.isSome(Option.flatten(secret))
    if (isThere) return Layer.orDie(Credentials.layerConfig())
    const DefaultCredentials = yield* Effect.promise(() => import("@effect-cloudauth/node/DefaultCredentials"))
    return DefaultCredentials.layer()
  })
)

const originOf = (options: Endpoint.Options): string | undefined =>
  Result.getOrUndefined(Result.map(Endpoint.make(options), ({ origin }) => origin))

const vendorOrigins = Endpoint.regions.flatMap((region) =>
  (["public", "vpc"] as const).map((network) => originOf({ region, network }))
)

/** Names the host on standard error, even with `--quiet`, unless it is one of the vendor's known endpoints. */
const announced = ({ endpoint, network, origins, region }: Settings["Service"]): Effect.Effect<void> => {
  const origin = originOf({ region, network, url: endpoint })
  if (origin === undefined || vendorOrigins.includes(origin)) return Effect.void
  const key = endpoint === undefined ? "region" : "endpoint"
  return Output.aside(
    say`Requests go to ${origin}, which is none of the vendor's known endpoints (${key} set by ${origins[key] ?? "default"}).`
  )
}

const explain = (error: InvalidRequest | TransportUnavailable): Failure =>
  error._tag === "InvalidRequest"
    ? failure("Usage", say`The setting ${refusedSetting(error)}.`)
    : failure("Transport", error.message)

/**
 * The client. Its quota is the settings' `qps`, or what the vendor documents, unless `quota` says otherwise.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  settings: Settings["Service"],
  quota: NodeCloudauth.Options["quota"] = settings.qps
): Layer.Layer<Cloudauth, Failure> =>
  NodeCloudauth.layer({
    region: settings.region,
    network: settings.network,
    url: settings.endpoint,
    credentials,
    quota
  }).pipe(
    Layer.catch((error) => Layer.effect(Cloudauth, Effect.fail(explain(error)))),
    Layer.provide(Layer.effectDiscard(announced(settings)))
  )
