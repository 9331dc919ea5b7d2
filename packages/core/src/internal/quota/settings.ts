/** A client's quota: what its options say, or what the vendor documents for the region. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { type InvalidRequest, invalidRequest } from "../../CloudauthError.ts"
import type { Endpoint } from "../../Endpoint.ts"
import * as OwnOptions from "../../Options.ts"
import type { Limits } from "./pace.ts"

/**
 * How fast a client may call.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /**
   * Calls a second of each action, up to 100000. A fraction is possible: four processes that share 10 have 2.5 each.
   * Default: what the vendor documents for the region.
   */
  readonly perSecond?: number | undefined
  /**
   * How much longer than another a call may take to the service, up to 10 seconds; a number is milliseconds. Calls go out
   * so much slower that the service still counts no more than `perSecond` in a second. Default 100 ms, which costs 9 %
   * of the quota.
   */
  readonly margin?: Duration.Input | undefined
}

/**
 * The keys of `Options`.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys: OwnOptions.Keys<Options> = { perSecond: true, margin: true }

/**
 * The vendor's figures: calls a second of each action, for an account in a region.
 *
 * @category constants
 * @since 0.1.0
 * @source https://www.alibabacloud.com/help/en/ekyc/latest/api-overview
 */
export const documented: Readonly<Record<string, number>> = {
  "cn-hongkong": 10,
  "ap-southeast-1": 10,
  "ap-southeast-3": 3,
  "ap-southeast-5": 3
}

/** For a region that the vendor opened later: the lowest of its figures. */
const lowest = Math.min(...Object.values(documented))

/**
 * A client's quota.
 *
 * @category models
 * @since 0.1.0
 */
export interface Settings {
  readonly limits: Limits
  /** Account and region: with the action they name whose quota it is. */
  readonly owner: string
}

/**
 * What a client's options say of its quota.
 *
 * @category models
 * @since 0.1.0
 */
export interface Given {
  readonly account?: string | undefined
  readonly quota?: "none" | number | Options | undefined
}

/**
 * Checks what a client's options say of its quota. Succeeds with `undefined` for a client that has none; fails with
 * `InvalidRequest` if an option is refused or has no effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const check = (
  { account, quota }: Given,
  endpoint: Endpoint
): Result.Result<Settings | undefined, InvalidRequest> => {
  const { region } = endpoint
  if (quota === "none" || (quota === undefined && region === undefined)) {
    return account === undefined ? Result.succeed(undefined) : refuse("account", "left out: the client has no quota")
  }
  if (account !== undefined && !(typeof account === "string" && /^[\w.:-]{1,100}$/.test(account))) {
    return refuse("account", "1 to 100 letters, digits, dots, colons, dashes or underscores")
  }
  const owner = `${account ?? ""} ${region ?? endpoint.origin}`
  return Result.map(limitsOf(quota, region), (limits) => ({ limits, owner }))
}

const refuse = (path: string, rule: string) => Result.fail(invalidRequest(path, rule))

const limitsOf = (
  quota: number | Options | undefined,
  region: string | undefined
): Result.Result<Limits, InvalidRequest> => {
  const isObject = typeof quota === "object" && quota !== null
  const own = OwnOptions.own<Options>(keys, isObject ? quota : { perSecond: quota }, "quota")
  return Result.flatMap(own, ({ margin = 100, perSecond }) => {
    const figure = region === undefined || Object.hasOwn(documented, region) ? documented[region ?? ""] : lowest
    const limit = perSecond === undefined ? figure : perSecond
    if (typeof limit !== "number" || !(limit > 0 && limit <= 100_000)) {
      return refuse(isObject ? "quota.perSecond" : "quota", "a number of calls a second, above 0 and up to 100000")
    }
    // `NaN` would become 0.
    const millis = Number.isNaN(margin)
      ? undefined
      : Option.getOrUndefined(Option.map(Duration.fromInput(margin), Duration.toMillis))
    return millis !== undefined && millis >= 0 && millis <= 10_000
      ? Result.succeed({ perSecond: limit, margin: millis })
      : refuse("quota.margin", "a time of 0 to 10 seconds")
  })
}
