/**
 * The emulator's own HTTP API under `/_admin/`, one table from which the answers and the OpenAPI 3.1 document both come.
 *
 * It is meant for the machine that the emulator runs on: it takes no credentials, so it answers only to hosts that the emulator was
 * told to listen on, and to no page of another origin.
 */
import * as Schema from "effect/Schema"
import { Call } from "./Call.ts"
import * as Document from "./Document.ts"
import * as Fault from "./Fault.ts"
import type * as Gateway from "./Gateway.ts"
import { loopback } from "./internal/loopback.ts"
import * as Page from "./internal/page.ts"
import * as Routes from "./internal/routes.ts"
import { Journey } from "./Journey.ts"
import * as Protocol from "./Protocol.ts"
import * as Scenario from "./Scenario.ts"
import * as Specimen from "./Specimen.ts"

const State = Schema.Struct({
  accessKeyId: Schema.String,
  /** Milliseconds since 1970, on the emulator's clock. */
  now: Schema.Finite,
  qps: Schema.NullOr(Schema.Finite),
  registered: Schema.Array(Schema.String),
  /** The scenarios of the ids that need no registration. */
  wellKnown: Schema.Record(Schema.String, Scenario.Scenario),
  documents: Schema.Array(Schema.String),
  faults: Schema.Array(Fault.Rule),
  /** How often each fault has struck. */
  struck: Schema.Record(Schema.String, Schema.Int)
}).annotate({ identifier: "State" })

const Clock = Schema.Union([
  Schema.Struct({ advanceMillis: Schema.Finite }),
  Schema.Struct({ epochMillis: Schema.Finite })
]).annotate({ identifier: "ClockChange" })

const Quota = Schema.Struct({
  /** `null`: no limit. */
  callsPerSecond: Schema.NullOr(Schema.Finite.check(Schema.isGreaterThan(0)))
}).annotate({ identifier: "Quota" })

const routesOf = (gateway: Gateway.Gateway): ReadonlyArray<Routes.Route> => [
  Routes.make({
    method: "GET",
    path: "/_admin/state",
    summary: "Keys, clock, quota, scenarios and faults as they are now",
    response: State,
    run: () => ({
      accessKeyId: gateway.accessKeyId,
      now: gateway.now(),
      qps: gateway.qps() ?? null,
      registered: gateway.registered(),
      wellKnown: Object.fromEntries(Scenario.wellKnown),
      documents: Document.slugs,
      faults: gateway.faults.rules(),
      struck: { ...gateway.faults.counts() }
    })
  }),
  Routes.make({
    method: "GET",
    path: "/_admin/calls",
    summary: "The calls that arrived, oldest first; `after` leaves out those up to that sequence number",
    query: ["after"],
    response: Schema.Array(Call),
    run: ({ query }) => {
      const after = Number(query.get("after") ?? 0)
      return gateway.calls().filter((call) => !(call.sequence <= after))
    }
  }),
  Routes.make({
    method: "PUT",
    path: "/_admin/transactions/{transactionId}",
    summary: "What a transaction answers from now on",
    body: Scenario.Scenario,
    run: ({ body, parameter }) => gateway.register(parameter("transactionId"), body)
  }),
  Routes.make({
    method: "PUT",
    path: "/_admin/default",
    summary: "What unknown transactions answer",
    body: Scenario.Scenario,
    run: ({ body }) => gateway.setDefault(body)
  }),
  Routes.make({
    method: "DELETE",
    path: "/_admin/default",
    summary: "Unknown transactions answer TransactionIdInvalid again",
    run: () => gateway.setDefault(undefined)
  }),
  Routes.make({
    method: "PUT",
    path: "/_admin/faults",
    summary: "The rules by which faults strike, instead of those before",
    body: Schema.Array(Fault.Rule),
    run: ({ body }) => gateway.faults.setRules(body)
  }),
  Routes.make({
    method: "POST",
    path: "/_admin/clock",
    summary: "Moves the emulator's clock",
    body: Clock,
    run: ({ body }) =>
      "advanceMillis" in body ? gateway.advance(body.advanceMillis) : gateway.setTime(body.epochMillis)
  }),
  Routes.make({
    method: "PUT",
    path: "/_admin/qps",
    summary: "The calls a second that one account may make of one operation",
    body: Quota,
    run: ({ body }) => gateway.setQps(body.callsPerSecond ?? undefined)
  }),
  Routes.make({
    method: "GET",
    path: "/_admin/journeys",
    summary: "The users' journeys that Initialize started",
    response: Schema.Array(Journey),
    run: () => gateway.journeys.all()
  }),
  Routes.make({
    method: "POST",
    path: "/_admin/journeys/{transactionId}/complete",
    summary: "The user is done now",
    run: ({ parameter }) =>
      gateway.journeys.complete(parameter("transactionId"))
        ? undefined
        : Routes.problem(404, "No journey with this transaction id is under way.")
  }),
  Routes.make({
    method: "GET",
    path: "/_admin/specimens/{document}/{side}/{format}",
    summary: "A photograph as it is drawn for a seed",
    query: ["seed"],
    response: "image",
    run: ({ parameter, query }) => {
      const document = Document.slugs.find((slug) => slug === parameter("document"))
      const side = (["front", "back"] as const).find((name) => name === parameter("side"))
      const format = (["jpeg", "png"] as const).find((name) => name === parameter("format"))
      if (document === undefined || side === undefined || format === undefined) {
        return Routes.problem(404, "No such specimen.")
      }
      const body = Specimen.draw({ document, side, format, seed: (query.get("seed") ?? "1").slice(0, 100) })
      return Routes.image(`image/${format}`, body)
    }
  }),
  Routes.make({
    method: "POST",
    path: "/_admin/reset",
    summary: "Forgets calls, registrations, journeys and faults",
    run: () => gateway.reset()
  })
]

export interface AdminApi {
  /** `undefined` where the request is not the admin API's but the gateway's. */
  readonly handle: (request: Protocol.Request) => Protocol.Response | undefined
  /** The OpenAPI 3.1 document. */
  readonly openApi: Readonly<Record<string, unknown>>
}

/** Refuses names that a foreign page could have pointed at this machine, and pages of other origins. */
const refusal = (request: Protocol.Request, hosts: ReadonlyArray<string>): Protocol.Response | undefined => {
  const host = Protocol.header(request, "host") ?? ""
  const { hostname } = URL.parse(`http://${host}`) ?? { hostname: "" }
  if (!hosts.includes(hostname)) return Routes.problem(403, "The admin API does not answer to this host name.")
  const origin = Protocol.header(request, "origin")
  if (origin !== undefined && URL.parse(origin)?.host !== host) {
    return Routes.problem(403, "The admin API does not answer to pages of another origin.")
  }
  return undefined
}

/** `hosts`: the names by which the API may be called besides those of the loopback. */
export const make = (gateway: Gateway.Gateway, hosts: ReadonlyArray<string> = []): AdminApi => {
  const routes = routesOf(gateway)
  const openApi = Routes.openApi(routes)
  const known = [...loopback, ...hosts]
  return {
    openApi,
    handle: (request) => {
      const { path } = Protocol.splitTarget(request.target)
      const isPage = path === "/" && request.method === "GET" && Protocol.header(request, "x-acs-action") === undefined
      if (!isPage && !path.startsWith("/_admin/")) return undefined
      const refused = refusal(request, known)
      if (refused !== undefined) return refused
      if (isPage) return Page.response
      if (path === "/_admin/openapi.json" && request.method === "GET") return Routes.json(200, openApi)
      return Routes.dispatch(routes, request)
    }
  }
}
