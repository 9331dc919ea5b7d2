/** All worlds. */
import type { World } from "../simulation.ts"
import * as Clocks from "./clocks.ts"
import * as Connections from "./connections.ts"
import * as Merchant from "./merchant.ts"
import * as Quota from "./quota.ts"
import * as Waits from "./waits.ts"

export const worlds: ReadonlyArray<World> = [
  Quota.thousandWaiters,
  Quota.burst,
  Quota.overload,
  Quota.perRequest,
  Waits.slowUser,
  Waits.outage,
  Waits.pollsTogether,
  Waits.retriesTogether,
  Connections.pool,
  Connections.blockedHttpClient,
  Connections.blockedPool,
  Clocks.clockSetBack,
  Clocks.clockSetForward,
  Merchant.callbacks
]
