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
 *
 * @since 0.1.0
 */
import { Cloudauth, keys as cloudauthKeys, type Options as CloudauthOptions } from "@effect-cloudauth/core/Cloudauth"
import type { CredentialsError, InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import type { Transport, TransportUnavailable } from "@effect-cloudauth/core/Transport"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as settings from "./internal/settings.ts"
import * as NodeCrypto from "./NodeCrypto.ts"
import * as NodeTransport from "./NodeTransport.ts"

/**
 * The client's options, and where its parts come from.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<E = never, TE = never> extends CloudauthOptions {
  /**
   * Where the access key comes from. Default: the environment, as `Credentials.layerConfig()` reads it;
   * `DefaultCredentials.layer()` knows more sources.
   */
  readonly credentials?: Layer.Layer<Credentials, E> | undefined
  /** The transport's options, or another transport. Default: undici with its defaults. */
  readonly transport?: NodeTransport.Options | Layer.Layer<Transport, TE> | undefined
}

/**
 * How building the ready-made client can fail, apart from what its parts fail with.
 *
 * @category models
 * @since 0.1.0
 */
export type Failure = InvalidRequest | TransportUnavailable

const isLayer = <E>(
  transport: NodeTransport.Options | Layer.Layer<Transport, E> | undefined
): transport is Layer.Layer<Transport, E> => Layer.isLayer(transport)

/**
 * The ready-made client.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: {
  /** The ready-made client with these credentials. Fails with `InvalidRequest` if an option is refused. */
  <E, TE = never>(
    options: Options<E, TE> & { readonly credentials: Layer.Layer<Credentials, E> }
  ): Layer.Layer<Cloudauth, Failure | NoInfer<E> | NoInfer<TE>>
  /**
   * The ready-made client. Fails with `InvalidRequest` if an option is refused and with `CredentialsError` if the
   * environment holds no access key.
   */
  <TE = never>(options?: Options<never, TE>): Layer.Layer<Cloudauth, Failure | CredentialsError | NoInfer<TE>>
} = <E, TE>(options: Options<E, TE> = {}) =>
  Layer.unwrap(Effect.map(Effect.fromResult(OwnOptions.own<Options<E, TE>>(keys, options)), build))

const keys: OwnOptions.Keys<Options<unknown, unknown>> = {
  ...cloudauthKeys,
  credentials: true,
  transport: settings.keys
}

/** `options` are own properties. */
const build = <E, TE>({ credentials, transport, ...options }: Options<E, TE>) => {
  const accessKey: Layer.Layer<Credentials, E | CredentialsError> = credentials ?? Credentials.layerConfig()
  const sending: Layer.Layer<Transport, TE | Failure> = isLayer(transport) ? transport : NodeTransport.layer(transport)
  return Cloudauth.layerTransport(options).pipe(Layer.provide([accessKey, sending, NodeCrypto.layer]))
}
