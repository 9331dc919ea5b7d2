/** The routes that change something. */
import * as Schema from "effect/Schema"
import * as Fault from "../../Fault.ts"
import type * as Gateway from "../../Gateway.ts"
import * as Scenario from "../../Scenario.ts"
import * as Routes from "../routes.ts"

const Clock = Schema.Union([
  Schema.Struct({ advanceMillis: Schema.Finite }),
  Schema.Struct({ epochMillis: Schema.Finite })
]).annotate({ identifier: "ClockChange" })

const Quota = Schema.Struct({
  /** `null`: no limit. */
  callsPerSecond: Schema.NullOr(Schema.Finite.check(Schema.isGreaterThan(0)))
}).annotate({ identifier: "Quota" })

const answers = (gateway: Gateway.Gateway): ReadonlyArray<Routes.Route> => [
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
    method: "POST",
    path: "/_admin/journeys/{transactionId}/complete",
    summary: "The user is done now; `scenario` is a well-known id, such as hksb-expired, whose scenario the result has",
    query: ["scenario"],
    run: ({ parameter, query }) => {
      const name = query.get("scenario")
      const scenario = name === undefined ? undefined : Scenario.lookup(name)
      if (name !== undefined && scenario === undefined) {
        return Routes.problem(404, "No well-known transaction id has this name; see /_admin/state.")
      }
      return gateway.journeys.complete(parameter("transactionId"), scenario)
        ? undefined
        : Routes.problem(404, "No journey with this id is under way: it is unknown, completed, or abandoned.")
    }
  })
]

const settings = (gateway: Gateway.Gateway): ReadonlyArray<Routes.Route> => [
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
    method: "POST",
    path: "/_admin/reset",
    summary: "Forgets calls, registrations, journeys and faults",
    run: () => gateway.reset()
  })
]

export const routes = (gateway: Gateway.Gateway): ReadonlyArray<Routes.Route> => [
  ...answers(gateway),
  ...settings(gateway)
]
