/** Why a connection was ended from this side. It names nothing of the request. */
export class Aborted extends Error {
  override readonly name = "AbortError"
  readonly code = "ABORT_ERR"
}
