/**
 * The campaign: rounds of calls under random faults, each call held against the model. After each round the faults end, and every client must work
 * again at once. Then come parts of their own. It ends with every client closed and nothing left.
 */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { setTimeout } from "node:timers/promises"
import * as Document from "@effect-cloudauth/core/Document"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Telemetry from "@effect-cloudauth/core/Telemetry"
import * as EmulatorDocument from "@effect-cloudauth/emulator/Document"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as ManagedRuntime from "effect/ManagedRuntime"
import * as Checker from "./checker.ts"
import * as Clients from "./clients.ts"
import * as EmulatorProcess from "./emulator.ts"
import * as Faults from "./faults.ts"
import * as Leaks from "./leaks.ts"
import * as Middlebox from "./middlebox.ts"
import { Observation } from "./observation.ts"
import * as Parts from "./parts.ts"
import * as Plan from "./plan.ts"
import type { Sent } from "./protocol.ts"
import * as Recovery from "./recovery.ts"
import { Tally } from "./tally.ts"
import * as Weather from "./weather.ts"

export interface Options {
  readonly seed: string
  readonly calls: number
  /** Stops after so long, in milliseconds, however many calls are left. */
  readonly limit?: number | undefined
  readonly concurrency?: number | undefined
  /** How many calls go between two looks at what is left. */
  readonly roundSize?: number | undefined
  readonly progress?: ((line: string) => void) | undefined
}

export interface Report {
  readonly seed: string
  readonly calls: number
  readonly attempts: number
  readonly seconds: number
  readonly violations: ReadonlyArray<string>
  /** How often each fault struck that no request's own log shows. */
  readonly struck: Weather.Struck & { readonly hungConnects: number; readonly strayAnswers: number }
  /** Attempts by what was done to them and how they ended. */
  readonly attemptTable: Tally
  /** Calls by what the service had for them and how they ended. */
  readonly callTable: Tally
  readonly figures: Readonly<Record<string, string>>
}

/** A round that takes longer than this hangs, in milliseconds: each call has a deadline of a few seconds. */
const hangs = 300_000

type Runtime = ManagedRuntime.ManagedRuntime<Cloudauth, unknown>

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

const scenarioName = ({ interrupt, scenario }: Plan.Plan): string => {
  if (interrupt !== undefined) return "interrupted from outside"
  switch (scenario._tag) {
    case "Verdict":
      return scenario.images === undefined ? `Passed=${scenario.passed} SubCode=${scenario.subCode}` : "photographs"
    case "ErrorCode":
      return scenario.code
    case "Raw":
      return "an answer that no service gives"
    case "Sequence":
      return "an error or more, then a result"
  }
}

const wait = (interrupt: NonNullable<Plan.Plan["interrupt"]>): Effect.Effect<void> =>
  interrupt.unit === "millis"
    ? Effect.sleep(interrupt.after)
    : Effect.forEach(Array.from({ length: interrupt.after }), () => Effect.yieldNow, { discard: true })

/** The kind of the document that a plan asks for: as a rule that of its answer. */
const kindOf = (plan: Plan.Plan): Document.Kind | undefined => {
  const slug = plan.askedFor ?? Plan.verdictOf(plan.scenario)?.document
  const name = Document.names.find(
    (name) => slug !== undefined && Document.titles[name] === EmulatorDocument.titles[slug]
  )
  return name === undefined ? undefined : Document.kinds[name]
}

const runOne = (plan: Plan.Plan, seen: Observation) =>
  Effect.gen(function* () {
    const request = {
      merchantBizId: plan.merchantBizId,
      transactionId: plan.transactionId,
      isReturnImage: plan.isReturnImage,
      // Half of the calls leave the document's kind to be inferred; the verdict must not depend on it.
      document: plan.index % 2 === 0 && plan.askedFor === undefined ? undefined : kindOf(plan)
    }
    const started = performance.now()
    const call = Cloudauth.checkResult(request).pipe(
      Effect.provideService(Telemetry.Observer, seen),
      Effect.ensuring(
        Effect.sync(() => {
          seen.duration = performance.now() - started
        })
      )
    )
    if (plan.interrupt === undefined) seen.exit = yield* Effect.exit(call)
    else {
      const fiber = yield* Effect.forkChild(call)
      yield* wait(plan.interrupt)
      seen.wasInterrupted = true
      yield* Fiber.interrupt(fiber)
      seen.exit = yield* Fiber.await(fiber)
    }
  })

/** Listens for what no call reports: rejections, exceptions and warnings of the process. */
const watchProcess = (violations: Array<string>): (() => void) => {
  const rejected = (reason: unknown) => void violations.push(`an unhandled rejection: ${String(reason)}`)
  const thrown = (error: Error) => void violations.push(`an uncaught exception: ${error.stack}`)
  const warned = (warning: Error) => {
    if (warning.name !== "ExperimentalWarning")
      violations.push(`a warning of the process: ${warning.name}: ${warning.message}`)
  }
  process.on("unhandledRejection", rejected)
  process.on("uncaughtException", thrown)
  process.on("warning", warned)
  return () => {
    process.off("unhandledRejection", rejected)
    process.off("uncaughtException", thrown)
    process.off("warning", warned)
  }
}

/** Runs a campaign. The emulator is a process of its own; the clients run here. */
export const run = async (options: Options): Promise<Report> => {
  const { calls, progress = () => {}, seed } = options
  const concurrency = options.concurrency ?? 48
  const roundSize = Math.min(options.roundSize ?? 2000, calls)
  const violations: Array<string> = []
  const unwatch = watchProcess(violations)
  const started = performance.now()
  const attemptTable = new Tally("what was done to the request")
  const callTable = new Tally("what the service had")
  const fibers = new Leaks.LiveFibers()
  const loop = monitorEventLoopDelay({ resolution: 5 })
  let attempts = 0
  let collateral = 0
  let poisoned = 0
  let slow = 0
  let latest = 0
  let longestLag = 0
  let interrupted = 0
  let logLines = 0
  let longestRecovery = 0
  const weather: Weather.Struck = { clockSteps: 0, blocks: 0 }
  const heap: Array<number> = []

  const emulator = await EmulatorProcess.start(seed)
  const secrets = [emulator.accessKeySecret, "ACS3-HMAC-SHA256 Credential"]
  const before = await Leaks.measure()

  const seenById = new Map<string, Observation>()
  const told: Clients.Sending = (transactionId, nonce) => void seenById.get(transactionId)?.nonces.push(nonce)
  const logged = (line: string): void => {
    logLines++
    if (/chaos[0-9a-f]{20}/.test(line) || secrets.some((secret) => line.includes(secret))) {
      violations.push("a log line with an id or a secret")
    }
  }
  const runtimes = new Map<Plan.ClientName, Runtime>(
    Plan.clients.map((name) => [name, Clients.make({ emulator, name, told, fibers, logged })])
  )

  const runAll = async (plans: ReadonlyArray<Plan.Plan>): Promise<void> => {
    const all = Promise.all(
      [...runtimes].map(([name, runtime]) => {
        const own = plans.filter((plan) => plan.client === name)
        const share = Math.max(1, Math.round((concurrency * own.length) / Math.max(1, plans.length)))
        return runtime.runPromiseExit(
          Effect.forEach(
            own,
            (plan) => {
              const seen = seenById.get(plan.transactionId)
              return seen === undefined ? Effect.void : runOne(plan, seen)
            },
            { concurrency: share, discard: true }
          )
        )
      })
    )
    const isOver = await Promise.race([all.then(() => true), setTimeout(hangs, false, { ref: false })])
    if (!isOver) throw new Error(`calls hang: a round of ${plans.length} did not end in ${hangs} ms`)
  }

  const judge = (plans: ReadonlyArray<Plan.Plan>, sent: ReadonlyArray<Sent>, lag: number): void => {
    const sentByNonce = new Map(sent.map((one) => [one.nonce, one]))
    poisoned += sent.filter(({ faults }) => faults.some((kind) => Faults.poisoning.has(kind))).length
    for (const plan of plans) {
      const seen = seenById.get(plan.transactionId)
      if (seen === undefined) continue
      const verdict = Checker.check(seed, plan, seen, sentByNonce, lag)
      for (const violation of verdict.violations) {
        violations.push(`call ${plan.index} (${plan.client}, ${scenarioName(plan)}): ${violation}`)
      }
      attempts += verdict.attempts.length
      collateral += verdict.collateral
      slow += verdict.slow
      if (seen.duration > latest) latest = seen.duration
      for (const { ending, sent } of verdict.attempts) {
        const row =
          sent === undefined
            ? "(did not arrive)"
            : sent.faults.length > 1
              ? "(several)"
              : (sent.faults[0] ?? "(nothing)")
        attemptTable.add(row, ending)
      }
      const ending =
        seen.exit === undefined
          ? "(none)"
          : Exit.isSuccess(seen.exit)
            ? seen.exit.value.verdict._tag
            : (seen.exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error._tag ?? "(interrupted)")
      if (ending === "(interrupted)") interrupted++
      callTable.add(scenarioName(plan), ending)
    }
  }

  /** The faults end, and every client must pass at once. */
  const recover = async (round: number): Promise<void> => {
    await emulator.ask("setFaults", [])
    await emulator.ask("setMiddlebox", Middlebox.none)
    const { longest, violations: found } = await Recovery.probe(runtimes, `round${round}`)
    longestRecovery = Math.max(longestRecovery, longest)
    violations.push(...found.map((violation) => `after round ${round}: ${violation}`))
  }

  let done = 0
  let round = 0
  while (done < calls && performance.now() - started < (options.limit ?? Infinity)) {
    const count = Math.min(roundSize, calls - done)
    await emulator.ask("setFaults", Faults.ofRequests)
    await emulator.ask("setMiddlebox", Faults.ofMiddlebox)
    await emulator.ask("round", { from: done, count })
    const plans = Array.from({ length: count }, (_, offset) => Plan.make(seed, done + offset))
    for (const plan of plans) seenById.set(plan.transactionId, new Observation())
    loop.reset()
    loop.enable()
    const live = fibers.live
    const endWeather = Weather.begin(`${seed}:${round}`, Weather.ofRound(round), weather)
    await runAll(plans).finally(endWeather)
    loop.disable()
    // What was interrupted may still be on its way.
    await setTimeout(30)
    const lag = loop.max / 1e6
    if (lag > longestLag) longestLag = lag
    judge(plans, await emulator.ask("sent", null), lag)
    seenById.clear()
    await recover(round)
    done += count
    round++
    const left = await Leaks.measure()
    heap.push(left.heap)
    if (fibers.live > live) violations.push(`${fibers.live - live} fibers are left after a round`)
    if ((left.resources["TCPSocketWrap"] ?? 0) > Plan.clients.length * Clients.connections + 2) {
      violations.push(`${left.resources["TCPSocketWrap"]} sockets are left after a round`)
    }
    progress(
      `${done} calls, ${attempts} attempts, ${violations.length} violations, heap ${mebibytes(left.heap)}, ${left.resources["TCPSocketWrap"] ?? 0} sockets`
    )
  }

  await Promise.all([...runtimes.values()].map((runtime) => runtime.dispose()))
  const figuresOfParts = await Parts.run({ emulator, fibers, violations, progress })

  const after = await Leaks.settled(before)
  const connections = await EmulatorProcess.connectionsLeft(emulator)
  const state = await emulator.ask("state", null)
  await emulator[Symbol.asyncDispose]()
  unwatch()

  if (connections !== 0) violations.push(`${connections} connections are open after every client was closed`)
  if (state.repeatedNonces > 0) violations.push(`${state.repeatedNonces} nonces came twice`)
  if (fibers.live !== 0) violations.push(`${fibers.live} fibers are left`)
  for (const [type, count] of Leaks.more(before, after)) violations.push(`${count} ${type} are left`)
  const grown = Leaks.growth(heap)
  if (grown > 4 * 2 ** 20) violations.push(`the heap grew by ${mebibytes(grown)}`)
  if (collateral > poisoned) violations.push(`${collateral} attempts failed in transport for no reason`)

  const seconds = (performance.now() - started) / 1000
  return {
    seed,
    calls: done,
    attempts,
    seconds,
    violations,
    struck: { ...weather, hungConnects: state.hungConnects, strayAnswers: state.strayAnswers },
    attemptTable,
    callTable,
    figures: {
      "calls a second": (done / seconds).toFixed(0),
      "longest call": `${latest.toFixed(0)} ms (deadline ${Faults.limits.deadline} ms)`,
      "longest pause of the client's event loop": `${longestLag.toFixed(0)} ms`,
      "CONNECTs that hung, and stray answers": `${state.hungConnects} and ${state.strayAnswers}`,
      "steps of the clock, and blocks of the event loop": `${weather.clockSteps} and ${weather.blocks}`,
      "longest call right after the faults ended": `${longestRecovery.toFixed(0)} ms`,
      "calls ended by interruption": String(interrupted),
      "nonces, all different": String(state.nonces),
      "attempts that met a connection spoilt by another's fault": String(collateral),
      "attempts that timed out though nothing slowed them": String(slow),
      "log lines looked through for ids and secrets": String(logLines),
      "heap after each round, first to last": `${mebibytes(heap[0] ?? 0)} … ${mebibytes(heap.at(-1) ?? 0)} (last third minus first third: ${mebibytes(grown)})`,
      "fibers started and ended": `${fibers.started} and ${fibers.ended}`,
      "connections at the emulator after closing": String(connections),
      "handles before and after": `${JSON.stringify(before.resources)} and ${JSON.stringify(after.resources)}`,
      ...figuresOfParts
    }
  }
}
