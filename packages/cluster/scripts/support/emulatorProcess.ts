/** The emulated service in a process of its own, so that what it notes of arrivals is not held up by the others' work. */
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Server from "@effect-cloudauth/emulator/Server"

/** What the parent asks. */
export type Ask =
  | { readonly _tag: "Register"; readonly ids: ReadonlyArray<string>; readonly scenario: Scenario.Scenario }
  | { readonly _tag: "Calls"; readonly after: number }

/** One call that arrived: when (milliseconds since 1970), for whom, and what it was answered. */
export type Arrival = readonly [time: number, transactionId: string, code: string, answeredMillis: number]

/** The times of arrival, and which transactions they were for. */
export type Said =
  | { readonly url: string }
  | { readonly arrivals: ReadonlyArray<Arrival> }
  | { readonly registered: number }

const say = (said: Said): void => void process.send?.(said)

const passed = Scenario.passed({ document: "global-passport", personPerTransaction: true })
const delayMillis = Number(process.argv[2] ?? 0)

const server = await Server.start({
  keepCalls: 1_000_000,
  defaultScenario: { ...passed, delayMillis } as Scenario.Scenario // `passed` is a verdict, which may be delayed
})

process.on("message", (ask: Ask) => {
  if (ask._tag === "Register") {
    for (const id of ask.ids) server.gateway.register(id, ask.scenario)
    return say({ registered: ask.ids.length })
  }
  say({
    arrivals: server.gateway
      .calls()
      .slice(ask.after)
      .map((call) => [call.time, call.transactionId ?? "", call.code, call.answeredMillis ?? -1] as const)
  })
})
process.on("disconnect", () => process.exit(0))
say({ url: server.url })
