/** The options of the Node transport. */
import type * as Duration from "effect/Duration"

/**
 * Certificates: PEM text or DER bytes, one or several.
 *
 * @category models
 * @since 0.1.0
 */
export type Pem = string | Uint8Array | ReadonlyArray<string | Uint8Array>

/**
 * What is presented to, and expected of, the other side of a TLS connection.
 *
 * @category models
 * @since 0.1.0
 */
export interface Tls {
  /**
   * The certificate authorities to trust **instead of** Node's own. To add one, set `NODE_EXTRA_CA_CERTS`, or give
   * `[...tls.getCACertificates("default"), yours]`.
   */
  readonly ca?: Pem | undefined
  /** This client's certificate, if the other side asks for one. */
  readonly cert?: Pem | undefined
  /** The private key of the first certificate of `cert`: PEM text or DER bytes. */
  readonly key?: string | Uint8Array | undefined
  /** The passphrase of `key`. */
  readonly passphrase?: string | undefined
  /** The name to ask for (SNI) and to expect in the service's certificate, if it isn't the host's. */
  readonly servername?: string | undefined
  /**
   * Accepts every certificate, so that an attacker on the way can read a person's documents and forge a verdict. For a test
   * against a server of your own, never elsewhere. There is no other way to turn the check off: `rejectUnauthorized`
   * is refused, and `NODE_TLS_REJECT_UNAUTHORIZED` has no effect.
   */
  readonly dangerouslyAcceptAnyCertificate?: true | undefined
}

/**
 * How the transport is set up. Durations given as numbers are milliseconds.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The most connections to one origin; further requests wait. Default 128. */
  readonly connections?: number | undefined
  /** How long an idle connection is kept if the server does not say. 0 keeps none. Default 10 seconds. */
  readonly keepAlive?: Duration.Input | undefined
  /**
   * One connection for each request, so that no answer can be taken for that of another request. It costs a TLS
   * handshake each time. Without it, a connection on which something arrived while it was idle is not used again.
   */
  readonly freshConnection?: boolean | undefined
  /** How long connecting may take, the proxy's part and TLS included. Default 5 seconds. */
  readonly connectTimeout?: Duration.Input | undefined
  readonly tls?: Tls | undefined
  /** How long requests under way may go on after the scope has closed, before they are ended. Default 5 seconds. */
  readonly drainTimeout?: Duration.Input | undefined
  /**
   * How long the response's headers may take. Default: no limit; the client's `attemptTimeout` ends an attempt, and
   * interruption ends any request.
   */
  readonly headersTimeout?: Duration.Input | undefined
  /** How long the body may pause. Default: no limit, as for `headersTimeout`. */
  readonly bodyTimeout?: Duration.Input | undefined
  /**
   * `environment` (the default): as `HTTPS_PROXY` (or `HTTP_PROXY` if it is missing) and `NO_PROXY`, or their
   * lower-case forms, say when the layer is built; loopback hosts are always reached directly. `none` connects directly.
   * Or the proxy's URL, with user and password if it wants them: then every request goes through it. All requests use
   * a tunnel (`CONNECT`).
   */
  readonly proxy?: "environment" | "none" | (string & {}) | undefined
}
