/** The parts of the campaign that have a question of their own. */
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import type * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Fault from "@effect-cloudauth/emulator/Fault"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Clients from "./clients.ts"
import type { Emulator } from "./emulator.ts"
import type { LiveFibers } from "./leaks.ts"

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

/** So many calls at once through a client of their own, which is closed afterwards. */
const calls = async (
  { emulator, fibers }: Input,
  count: number,
  options: { readonly policy?: RetryPolicy.RetryPolicy; readonly credentials?: Layer.Layer<Credentials> } = {}
): Promise<Ended> => {
  let requests = 0
  part++
  const runtime = Clients.make({ emulator, name: "undici", fibers, told: () => void requests++, ...options })
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
      { concurrency: 32, discard: true }
    )
  )
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
    "temporary keys": await credentials(input)
  }
  input.progress("the parts of their own are done")
  return figures
}
