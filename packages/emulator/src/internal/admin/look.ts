/** The routes that show something. */
import * as Schema from "effect/Schema"
import { Call, Detail } from "../../Call.ts"
import * as Document from "../../Document.ts"
import * as Fault from "../../Fault.ts"
import * as Gateway from "../../Gateway.ts"
import { Journey, SentCallback } from "../../Journey.ts"
import * as Scenario from "../../Scenario.ts"
import * as Specimen from "../../Specimen.ts"
import * as Protocol from "../../Protocol.ts"
import { curl } from "../curl.ts"
import * as Routes from "../routes.ts"

const State = Schema.Struct({
  accessKeyId: Schema.String,
  /** Milliseconds since 1970, on the emulator's clock. */
  now: Schema.Finite,
  /** Whether the secret is the one that every emulator has by default. The secret itself is not told. */
  hasDefaultSecret: Schema.Boolean,
  qps: Schema.NullOr(Schema.Finite),
  registered: Schema.Array(Schema.String),
  /** The scenarios of the ids that need no registration. */
  wellKnown: Schema.Record(Schema.String, Scenario.Scenario),
  documents: Schema.Array(Schema.String),
  faults: Schema.Array(Fault.Rule),
  /** How often each fault has struck. */
  struck: Schema.Record(Schema.String, Schema.Int)
}).annotate({ identifier: "State" })

const specimen = Routes.make({
  method: "GET",
  path: "/_admin/specimens/{document}/{side}/{format}",
  summary: "An image as it is drawn for a seed",
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
})

const curlCommand = (gateway: Gateway.Gateway) =>
  Routes.make({
    method: "GET",
    path: "/_admin/curl",
    summary: "A call signed now, as a curl command: good once, within fifteen minutes",
    query: ["url", "action", "query"],
    response: Schema.Struct({ command: Schema.String }).annotate({ identifier: "Curl" }),
    run: ({ query }) => {
      const url = query.get("url") ?? ""
      const action = query.get("action") ?? ""
      const pairs = Protocol.parsePairs(query.get("query") ?? "")
      // What stands in a shell's quotes is limited to what can't end them.
      if (
        !/^https?:\/\/[\w.:[\]-]+$/.test(url) ||
        !URL.canParse(url) ||
        !/^\w{1,64}$/.test(action) ||
        pairs === undefined
      ) {
        return Routes.problem(400, "url, action and query must be those of a call.")
      }
      return { command: curl(gateway, { url, action, query: Protocol.canonicalQuery(pairs) }) }
    }
  })

export const routes = (gateway: Gateway.Gateway): ReadonlyArray<Routes.Route> => [
  Routes.make({
    method: "GET",
    path: "/_admin/state",
    summary: "Keys, clock, quota, scenarios and faults as they are now",
    response: State,
    run: () => ({
      accessKeyId: gateway.accessKeyId,
      hasDefaultSecret: gateway.accessKeySecret === Gateway.defaultAccessKeySecret,
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
    method: "GET",
    path: "/_admin/calls/{sequence}",
    summary: "One of the last 200 calls: its request, what its signature was compared with, its answer",
    response: Detail,
    run: ({ parameter }) =>
      gateway.detail(Number(parameter("sequence"))) ??
      Routes.problem(404, "No such call is kept: the emulator keeps the details of the last 200.")
  }),
  Routes.make({
    method: "GET",
    path: "/_admin/journeys",
    summary: "The users' journeys that Initialize started",
    response: Schema.Array(Journey),
    run: () => gateway.journeys.all()
  }),
  Routes.make({
    method: "GET",
    path: "/_admin/callbacks",
    summary: "The last 200 callbacks that were sent, oldest first; each attempt has its own",
    response: Schema.Array(SentCallback),
    run: () => gateway.journeys.callbacks()
  }),
  curlCommand(gateway),
  specimen
]
