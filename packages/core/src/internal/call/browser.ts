/** Keeps a client with an access key out of browsers. */
import * as CloudauthError from "../../CloudauthError.ts"
import * as Result from "effect/Result"

/** Whether this is a web page. A server that imitates one for tests is not. */
const isBrowser = (): boolean => {
  const {
    document,
    process,
    window
  }: { document?: unknown; process?: { versions?: { node?: string } }; window?: unknown } = globalThis
  return window !== undefined && document !== undefined && process?.versions?.node === undefined
}

/** Fails in a browser: everyone who opens the page could take the access key, and forge the verdict. */
export const refuse = (): Result.Result<void, CloudauthError.InvalidRequest> =>
  isBrowser()
    ? Result.fail(
        CloudauthError.invalidRequest(
          "runtime",
          "a server's: in a browser everyone could take the access key and forge the verdict. Call your own backend; CheckResult.View and the schemas of documents work in a browser"
        )
      )
    : Result.void
