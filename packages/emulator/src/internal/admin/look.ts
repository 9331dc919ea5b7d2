/** The routes that show something. */
import * as Schema from "effect/Schema"
import { Call, Detail } from "../../Call.ts"
import * as Document from "../../Document.ts"
import * as Fault from "../../Fault.ts"
import type * as Gateway from "../../Gateway.ts"
import { Journey } from "../../Journey.ts"
import * as Scenario from "../../Scenario.ts"
import * as Specimen from "../../Specimen.ts"
import * as Routes from "../routes.ts"

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

export const routes = (gateway: Gateway.Gateway): ReadonlyArray<Routes.Route> => [
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
  specimen
]
