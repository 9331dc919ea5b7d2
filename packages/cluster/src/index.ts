/**
 * Durable collection on several machines that share one quota. Each module is also a path of its own
 * (`@effect-cloudauth/cluster/Quota`).
 *
 * @since 0.1.0
 */
export * as CollectResult from "./CollectResult.ts"
export * as EngineTables from "./EngineTables.ts"
export * as Feeder from "./Feeder.ts"
export * as Inbox from "./Inbox.ts"
export * as Patience from "./Patience.ts"
export * as Quota from "./Quota.ts"
export * as Runner from "./Runner.ts"
export * as Submitter from "./Submitter.ts"
