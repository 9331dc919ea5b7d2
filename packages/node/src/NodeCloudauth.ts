/**
 * The client with everything that Node brings: undici, `node:crypto`, and the access key of the environment. Nothing
 * else needs to be provided.
 *
 * @example
 * import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
 * import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
 * import * as Effect from "effect/Effect"
 *
 * const program = Cloudauth.checkResult({ merchantBizId: "order1", transactionId: "hksb0000" }).pipe(
 *   Effect.map((result) => result.verdict._tag),
 *   Effect.provide(NodeCloudauth.layer({ region: "cn-hongkong" }))
 * )
 */
import { Cloudauth, keys as cloudauthKeys, type Options as CloudauthOptions } from "@effect-cloudauth/core/Cloudauth"
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type { ConfigError } from "effect/Config"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as settings from "./internal/settings.ts"
import * as NodeCrypto from "./NodeCrypto.ts"
import * as NodeTransport from "./NodeTransport.ts"

/** The client's options, and where its parts come from. */
export interface Options<E = never, HE = never> extends CloudauthOptions {
  /**
   * Where the access key comes from. Default: the environment, as `Credentials.layerConfig` reads it;
   * `DefaultCredentials.layer()` knows more sources.
   */
  readonly credentials?: Layer.Layer<Credentials, E> | undefined
  /** The transport's options, or another transport. Default: undici with its defaults. */
  readonly transport?: NodeTransport.Options | Layer.Layer<HttpClient, HE> | undefined
}

const isLayer = <E>(
  transport: NodeTransport.Options | Layer.Layer<HttpClient, E> | undefined
): transport is Layer.Layer<HttpClient, E> => Layer.isLayer(transport)

/** The ready-made client. */
export const layer: {
  /** The ready-made client with these credentials. Fails with `InvalidRequest` where an option is refused. */
  <E, HE = never>(
    options: Options<E, HE> & { readonly credentials: Layer.Layer<Credentials, E> }
  ): Layer.Layer<Cloudauth, InvalidRequest | E | HE>
  /**
   * The ready-made client. Fails with `InvalidRequest` where an option is refused and with `ConfigError` where the
   * environment holds no access key.
   */
  <HE = never>(options?: Options<never, HE>): Layer.Layer<Cloudauth, InvalidRequest | ConfigError | HE>
} = <E, HE>(options: Options<E, HE> = {}) =>
  Layer.unwrap(Effect.map(Effect.fromResult(OwnOptions.own<Options<E, HE>>(keys, options)), build))

const keys: OwnOptions.Keys<Options<unknown, unknown>> = {
  ...cloudauthKeys,
  credentials: true,
  transport: settings.keys
}

/** `options` are own properties. */
const build = <E, HE>({ credentials, transport, ...options }: Options<E, HE>) => {
  const accessKey: Layer.Layer<Credentials, E | ConfigError> = credentials ?? Credentials.layerConfig
  const http: Layer.Layer<HttpClient, HE | InvalidRequest> = isLayer(transport)
    ? transport
    : NodeTransport.layer(transport)
  return Cloudauth.layer(options).pipe(Layer.provide([accessKey, http, NodeCrypto.layer]))
}
