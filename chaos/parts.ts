/** The parts of the campaign that have a question of their own. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import type * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Fault from "@effect-cloudauth/emulator/Fault"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Clients from "./clients.ts"
import * as Faults from "./faults.ts"
import type { Emulator } from "./emulator.ts"
import type { LiveFibers } from "./leaks.ts"
import * as Middlebox from "./middlebox.ts"
import type { ClientName } from "./plan.ts"
import * as Weather from "./weather.ts"

export interface Input {
  readonly emulator: Emulator
  readonly fibers: LiveFibers
  readonly violations: Array<string>
  readonly progress: (line: string) => void
}

interface Ended {
  readonly endings: Readonly<Record<string, number>>
  readonly requests: number
  readonly seconds: number
}

let part = 0

interface Options {
  /** Default 32. */
  readonly concurrency?: number
  readonly name?: ClientName
  readonly policy?: RetryPolicy.RetryPolicy
  readonly credentials?: Layer.Layer<Credentials>
  /** Runs beside the calls, over the same client. */
  readonly meanwhile?: (call: () => Promise<string>) => Promise<void>
}

/** So many calls at once through a client of their own, which is closed afterwards. */
const calls = async ({ emulator, fibers }: Input, count: number, options: Options = {}): Promise<Ended> => {
  const { concurrency = 32, meanwhile, name = "undici", ...others } = options
  let requests = 0
  part++
  const runtime = Clients.make({ emulator, name, fibers, told: () => void requests++, ...others })
  const call = () =>
    runtime.runPromise(
      Cloudauth.checkResult({ merchantBizId: "part", transactionId: `part${part}x` }).pipe(
        Effect.match({ onFailure: (error) => error._tag, onSuccess: ({ verdict }) => verdict._tag })
      )
    )
  const beside = meanwhile?.(call)
  const started = performance.now()
  const endings: Record<string, number> = {}
  await runtime.runPromise(
    Effect.forEach(
      Array.from({ length: count }, (_, index) => ({ merchantBizId: "part", transactionId: `part${part}x${index}` })),
      (request) =>
        Effect.map(Effect.result(Cloudauth.checkResult(request)), (result) => {
          const ending = result._tag === "Success" ? result.success.verdict._tag : result.failure._tag
          endings[ending] = (endings[ending] ?? 0) + 1
        }),
      { concurrency, discard: true }
    )
  )
  await beside
  await runtime.dispose()
  return { endings, requests, seconds: (performance.now() - started) / 1000 }
}

/** A service that is down: the calls of a client share a budget, so that it gets few retries. */
const budget = async (input: Input): Promise<string> => {
  const { emulator, violations } = input
  // As many tokens as 20 retries take; no call succeeds, so none is paid back.
  const limit = { capacity: 100, transientCost: 5, throttleCost: 5, successRefund: 1 }
  const most = limit.capacity / limit.transientCost
  await emulator.ask("setFaults", [Fault.rule(Fault.Fault.cases.ServerError.make({ status: 503 }))])
  const count = 1000
  const { endings, requests } = await calls(input, count, { policy: { ...Clients.policy, budget: limit } })
  await emulator.ask("setFaults", [])
  const retries = requests - count
  if (retries !== most) violations.push(`budget: ${retries} retries where ${most} were allowed`)
  if (endings["ServiceDown"] !== count) violations.push(`budget: ${JSON.stringify(endings)}`)
  return `${retries} retries for ${count} failing calls`
}

/** A clock that is an hour off: corrected once, and then known. */
const clock = async (input: Input): Promise<string> => {
  const { emulator, violations } = input
  const hour = 3_600_000
  await emulator.ask("advance", hour)
  const count = 400
  const { endings, requests } = await calls(input, count)
  await emulator.ask("advance", -hour)
  if (endings["Passed"] !== count) violations.push(`clock: ${JSON.stringify(endings)}`)
  // The calls that were under way when the first answer came had to learn it for themselves.
  if (requests > count + 64) violations.push(`clock: ${requests} requests for ${count} calls`)
  return `${requests} requests for ${count} calls with a clock one hour off`
}

/** A clock that is set: each step costs one request more, and no verdict. */
const clockSteps = async (input: Input): Promise<string> => {
  const steps = [1, -1, 0, 24]
  const each = 20
  const { restore, setOffset } = Weather.steppedClock()
  let requests = 0
  try {
    const ended = await calls(input, 1, {
      meanwhile: async (call) => {
        for (const hours of steps) {
          setOffset(hours * 3_600_000)
          for (let index = 0; index < each; index++) {
            const ending = await call()
            if (ending !== "Passed") input.violations.push(`clock steps: ${ending} at ${hours} h`)
          }
        }
      }
    })
    requests = ended.requests - 1
  } finally {
    restore()
  }
  const most = steps.length * (each + 1)
  // The one call beside these may meet the first step, too.
  if (requests > most + 1) input.violations.push(`clock steps: ${requests} requests where ${most} would do`)
  return `${requests} requests for ${steps.length * each} calls over ${steps.length} steps of the clock`
}

/** A proxy that lets every CONNECT hang, with all connections taken: calls wait, and pass as soon as it is well. */
const hungConnect = async (input: Input): Promise<string> => {
  const { emulator, violations } = input
  await emulator.ask("setMiddlebox", { ...Middlebox.none, hungConnect: 1 })
  let took = 0
  const count = Clients.connections + 36
  const { endings } = await calls(input, count, {
    name: "undici-proxy",
    concurrency: count,
    meanwhile: async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await emulator.ask("setMiddlebox", Middlebox.none)
      const began = performance.now()
      const ending = await call()
      took = performance.now() - began
      if (ending !== "Passed") violations.push(`hung CONNECT: ${ending} after the proxy was well`)
    }
  })
  if (endings["Passed"] !== count) violations.push(`hung CONNECT: ${JSON.stringify(endings)}`)
  // The connections that hang by then are given up after `connectTimeout`, which is as long as an attempt; then the queue goes on.
  if (took > 3 * Faults.limits.attemptTimeout) violations.push(`hung CONNECT: ${took.toFixed(0)} ms to pass again`)
  return `all ${count} calls passed, and a new one ${took.toFixed(0)} ms after the proxy was well`
}

/** An event loop that is blocked for three attempts' time while the answers come: none is asked for again. */
const blockedLoop = async (input: Input): Promise<string> => {
  const { emulator, violations } = input
  await emulator.ask("setFaults", [Fault.rule(Fault.Fault.cases.Delay.make({ millis: 300 }))])
  const count = 50
  const { endings, requests } = await calls(input, count, {
    concurrency: count,
    meanwhile: async () => {
      await new Promise((resolve) => setTimeout(resolve, 150))
      Weather.block(3 * Faults.limits.attemptTimeout)
    }
  })
  await emulator.ask("setFaults", [])
  if (endings["Passed"] !== count) violations.push(`blocked loop: ${JSON.stringify(endings)}`)
  if (requests !== count) violations.push(`blocked loop: ${requests} requests for ${count} calls`)
  return `${requests} requests for ${count} calls`
}

/** Temporary keys: expired ones are replaced once for all who wait. */
const credentials = async (input: Input): Promise<string> => {
  const { emulator, violations } = input
  let fetched = 0
  const lifetime = 700
  const layer = Credentials.layerRefreshing({
    refreshAhead: 0,
    load: Effect.promise(async () => {
      const number = ++fetched
      const expiresAt = Date.now() + lifetime
      const key = {
        accessKeyId: `emulator-temporary${number}`,
        accessKeySecret: `secret${number}`,
        securityToken: `token${number}`
      }
      // The service takes a key for expired a little before its owner does.
      await emulator.ask("addKey", { ...key, expiresAt: expiresAt - 150 })
      return { ...key, expiresAt }
    })
  })
  const count = 4000
  const ended = await calls(input, count, { credentials: layer })
  if (ended.endings["Passed"] !== count) violations.push(`credentials: ${JSON.stringify(ended.endings)}`)
  const most = 2 + Math.ceil((ended.seconds * 1000) / (lifetime - 150))
  if (fetched > most) violations.push(`credentials: fetched ${fetched} times where ${most} would do`)
  return `${fetched} keys fetched for ${count} calls in ${ended.seconds.toFixed(1)} s, each good for ${lifetime - 150} ms`
}

/** Runs them one after the other; what is wrong goes to `violations`. */
export const run = async (input: Input): Promise<Readonly<Record<string, string>>> => {
  const figures = {
    "retry budget": await budget(input),
    clock: await clock(input),
    "a clock that is set": await clockSteps(input),
    "a proxy that lets CONNECT hang": await hungConnect(input),
    "a blocked event loop": await blockedLoop(input),
    "temporary keys": await credentials(input)
  }
  input.progress("the parts of their own are done")
  return figures
}
