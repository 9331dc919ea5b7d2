/** Why a connection was not made. The messages name nothing of a request. */

/** Connecting, the proxy's part and TLS included, took longer than `connectTimeout`. */
export class ConnectTimedOut extends Error {
  override readonly name = "ConnectTimedOut"
  readonly code = "ERR_CONNECT_TIMEOUT"
  constructor() {
    super("Connecting took too long")
  }
}

/** No request waits for the connection any more. */
export class ConnectAbandoned extends Error {
  override readonly name = "ConnectAbandoned"
  readonly code = "ERR_CONNECT_ABANDONED"
  constructor() {
    super("The request was over before it had a connection")
  }
}

/** The proxy did not open the tunnel. */
export class ProxyRefusal extends Error {
  override readonly name = "ProxyRefusal"
  readonly code = "ERR_PROXY_REFUSED"
  /** The status that the proxy answered. */
  readonly status: number
  /** Its host and port. */
  readonly proxy: string
  constructor(proxy: string, status: number) {
    super(`The proxy refused with status ${status}`)
    this.proxy = proxy
    this.status = status
  }
}

/** The proxy sent something other than an answer to `CONNECT`, or closed the connection. */
export class ProxyFailed extends Error {
  override readonly name = "ProxyFailed"
  readonly code = "ERR_PROXY_FAILED"
  constructor() {
    super("The proxy gave no HTTP answer to CONNECT")
  }
}
