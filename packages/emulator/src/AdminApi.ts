/**
 * The emulator's own HTTP API under `/_admin/`, one table from which the answers and the OpenAPI 3.1 document both come.
 *
 * It answers only to hosts that the emulator listens on, and to no page of another origin. An emulator that
 * listens beyond the loopback asks for a token, too.
 */
import type * as Gateway from "./Gateway.ts"
import * as Change from "./internal/admin/change.ts"
import * as Look from "./internal/admin/look.ts"
import * as AdminToken from "./internal/adminToken.ts"
import * as JourneyPage from "./internal/journeyPage.ts"
import { loopback } from "./internal/loopback.ts"
import * as Page from "./internal/page.ts"
import * as Parameters from "./internal/parameters.ts"
import * as Routes from "./internal/routes.ts"
import * as Protocol from "./Protocol.ts"
import * as Verification from "./Verification.ts"

/** What answers to a request of the admin API. */
export interface AdminApi {
  /** `undefined` if the request is the gateway's, not the admin API's. */
  readonly handle: (request: Protocol.Request) => Protocol.Response | undefined
  /** The OpenAPI 3.1 document. */
  readonly openApi: Readonly<Record<string, unknown>>
}

/** Who may call. */
interface Access {
  /** The names by which the API may be called besides those of the loopback. */
  readonly hosts?: ReadonlyArray<string> | undefined
  /** What a caller must send; `undefined`: nothing. */
  readonly token?: string | undefined
}

/**
 * The host that a request names, as it is written: other spellings of an address, such as `127.1`, name nothing.
 * `undefined` if there is not exactly one.
 */
const hostOf = (request: Protocol.Request): string | undefined => {
  const [host, ...others] = Protocol.headerValues(request, "host").map((value) => value.toLowerCase())
  const inTarget = /^https?:\/\/([^/?#]*)/i.exec(request.target)?.[1]?.toLowerCase()
  return others.length > 0 || (inTarget !== undefined && inTarget !== host) ? undefined : host
}

/** A name as it stands in a `host` header. */
const written = (host: string): string =>
  (host.includes(":") && !host.startsWith("[") ? `[${host}]` : host).toLowerCase()

/** Refuses names that a foreign page could have pointed at this machine, and pages of other origins. */
const refuseOrigin = (
  request: Protocol.Request,
  hosts: ReadonlyArray<string>,
  isVisit: boolean
): Protocol.Response | undefined => {
  const host = hostOf(request)
  if (host === undefined || !hosts.includes(host.replace(/:\d{1,5}$/, ""))) {
    return Routes.problem(403, "The admin API does not answer to this host name.")
  }
  const origin = Protocol.header(request, "origin")
  const site = Protocol.header(request, "sec-fetch-site") ?? "none"
  const isForeign =
    origin === undefined ? !isVisit && site !== "none" && site !== "same-origin" : URL.parse(origin)?.host !== host
  return isForeign ? Routes.problem(403, "The admin API does not answer to pages of another origin.") : undefined
}

/** The token comes in the header, or in the query of an image, for which a page can set no header. */
const refuseToken = (request: Protocol.Request, token: string): Protocol.Response | undefined => {
  const given =
    Protocol.header(request, "authorization")?.replace(/^Bearer /i, "") ?? Parameters.read(request).get("token") ?? ""
  return AdminToken.sameText(given, token)
    ? undefined
    : Routes.problem(
        401,
        "This emulator listens beyond the loopback, so its admin API needs the token that it printed at its start: authorization: Bearer <token>."
      )
}

/** The page shows nothing until its script has the token. A misdirected call of a vendor's SDK is not a visit. */
const isPage = (request: Protocol.Request, path: string): boolean =>
  path === "/" &&
  request.method === "GET" &&
  Protocol.header(request, "x-acs-action") === undefined &&
  !Verification.isOlderKind(request)

export const make = (gateway: Gateway.Gateway, { hosts = [], token }: Access = {}): AdminApi => {
  const routes = [...Look.routes(gateway), ...Change.routes(gateway)]
  const openApi = Routes.openApi(routes, token !== undefined)
  const known = [...loopback, ...hosts].map(written)
  return {
    openApi,
    handle: (request) => {
      const { path } = Protocol.splitTarget(request.target)
      const showsPage = isPage(request, path)
      const isJourney = path.startsWith(JourneyPage.root)
      if (!showsPage && !isJourney && !path.startsWith("/_admin/")) return undefined
      // A link on any page may lead to these, which show nothing to the page that it came from.
      const isVisit = request.method === "GET" && Protocol.header(request, "sec-fetch-dest") === "document"
      const foreign = refuseOrigin(request, known, (showsPage || isJourney) && isVisit)
      if (foreign !== undefined) return foreign
      if (showsPage) return Page.response
      // The user has no token: the address that Initialize returned is the right to choose.
      if (isJourney) return JourneyPage.answer(gateway, request, path, token)
      const refused = token === undefined ? undefined : refuseToken(request, token)
      if (refused !== undefined) return refused
      if (path === "/_admin/openapi.json" && request.method === "GET") return Routes.json(200, openApi)
      return Routes.dispatch(routes, request)
    }
  }
}
