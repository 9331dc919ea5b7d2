/**
 * Bugs to be planted in a test build, each with the world that must find it. A bug is a change of the sources as they are
 * loaded; a text that is not found exactly once is an error, so that the list can't fall behind the sources.
 */

/** One change of a source file. */
interface Change {
  /** Below `packages`. */
  readonly file: string
  readonly replace: string
  readonly by: string
}

export interface Bug {
  readonly name: string
  /** What goes wrong for whom. */
  readonly about: string
  readonly world: string
  /** A smaller world finds it, too. */
  readonly scale?: number
  readonly changes: ReadonlyArray<Change>
}

const call = "core/src/internal/call"
const journey = "core/src/internal/journey"
const quota = "core/src/internal/quota"

export const bugs: ReadonlyArray<Bug> = [
  {
    name: "noQuota",
    about: "Calls go out as they come, and the service throttles them",
    world: "burst",
    scale: 1 / 2,
    changes: [{ file: `${call}/client.ts`, replace: "lane: client.quota && ", by: "lane: undefined && " }]
  },
  {
    name: "quotaPerLayer",
    about: "Each layer has a quota of its own",
    world: "perRequest",
    changes: [{ file: `${call}/client.ts`, replace: "quotas: yield* Quota.Quotas", by: "quotas: Quota.makeUnsafe()" }]
  },
  {
    name: "quotaWithoutMargin",
    about: "Calls go out exactly as fast as the quota allows, and the network brings them closer together",
    world: "burst",
    scale: 1 / 2,
    changes: [
      { file: `${quota}/pace.ts`, replace: "(window + margin) / perSecond", by: "(window + 0 * margin) / perSecond" }
    ]
  },
  {
    name: "lastComeFirstServed",
    about: "The newest call goes first, and the oldest waits until its deadline",
    world: "burst",
    scale: 1 / 2,
    changes: [
      {
        file: `${quota}/turns.ts`,
        replace: "queues[priority].values().next().value",
        by: "[...queues[priority]].at(-1)"
      }
    ]
  },
  {
    name: "waitIsAnAttempt",
    about: "Waiting for a place under the quota uses up the time of the attempt",
    world: "burst",
    scale: 1 / 2,
    changes: [
      {
        file: `${call}/underQuota.ts`,
        replace: "timeLeft: timeLeft(call, limits)",
        by: "timeLeft: Math.min(limits.attemptTimeout, timeLeft(call, limits))"
      }
    ]
  },
  {
    name: "waitsInVain",
    about: "A call waits for a place that can't come before its deadline",
    world: "overload",
    scale: 0.6,
    changes: [{ file: `${quota}/lane.ts`, replace: "wait >= asked.timeLeft", by: "wait >= Infinity" }]
  },
  {
    name: "unsentIsAnAttempt",
    about: "A call that was refused a connection counts as sent",
    world: "pool",
    scale: 1 / 32,
    changes: [{ file: `${call}/attempt.ts`, replace: "if (!progress.isSent) call.attempts--", by: "" }]
  },
  {
    name: "queueCountsAsAttempt",
    about: "Waiting for a connection uses up the time of the attempt",
    world: "pool",
    scale: 1 / 32,
    changes: [{ file: `${call}/attempt.ts`, replace: "queueTimeout: left", by: "queueTimeout: timeout" }]
  },
  {
    name: "poolWithoutRefusals",
    about: "Everyone waits for a connection until the deadline, however long the queue is",
    world: "pool",
    scale: 1 / 32,
    changes: [
      {
        file: "node/src/internal/ConnectionQueue.ts",
        replace: "now + wait > request.queueEnd",
        by: "wait === Infinity"
      },
      {
        file: "node/src/internal/ConnectionQueue.ts",
        replace: "now + wait <= request.queueEnd",
        by: "wait !== Infinity"
      }
    ]
  },
  {
    name: "lateTimerWins",
    about: "A late timer ends a request whose answer is there",
    world: "blockedHttpClient",
    changes: [{ file: "core/src/internal/timeLimit.ts", replace: "const idleTurns = 2", by: "const idleTurns = 0" }]
  },
  {
    name: "lateTimerWinsInThePool",
    about: "The pool's late timer ends a request whose answer is there",
    world: "blockedPool",
    changes: [
      { file: "node/src/internal/UndiciExchange.ts", replace: "setImmediate(() => {", by: "void [0].map(() => {" }
    ]
  },
  {
    name: "pollErrorEndsTheWait",
    about: "A poll that meets an outage ends the user's wait",
    world: "outage",
    changes: [{ file: `${journey}/waiting.ts`, replace: ' || CloudauthError.isOf(error, "retryable")', by: "" }]
  },
  {
    name: "pollsTooOften",
    about: "A user who takes ten minutes costs a call every three seconds",
    world: "slowUser",
    changes: [
      {
        file: "core/src/RetryPolicy.ts",
        replace: 'Schedule.exponential("3 seconds", 1.6)',
        by: 'Schedule.spaced("3 seconds")'
      }
    ]
  },
  {
    name: "pollsWithoutJitter",
    about: "Users who began together ask together",
    world: "pollsTogether",
    scale: 1 / 4,
    changes: [{ file: "core/src/RetryPolicy.ts", replace: "(1 + random / 5)", by: "(1 + 0 * random)" }]
  },
  {
    name: "retriesWithoutJitter",
    about: "Calls that failed together are repeated together",
    world: "retriesTogether",
    changes: [
      {
        file: "core/src/RetryPolicy.ts",
        replace: "Duration.toMillis(duration) * random)",
        by: "Duration.toMillis(duration) + 0 * random)"
      }
    ]
  },
  {
    name: "presentSkew",
    about: "A refused date is compared with what another call has learned meanwhile",
    world: "clockSetBack",
    scale: 1 / 8,
    changes: [
      {
        file: `${call}/attempt.ts`,
        replace: "correct(call.client, answer.failure, skew)",
        by: "correct(call.client, answer.failure, call.client.skew ?? 0)"
      }
    ]
  },
  {
    name: "skewIsKept",
    about: "What was once learned of the machine's clock is kept for ever",
    world: "clockSetForward",
    scale: 1 / 8,
    changes: [
      {
        file: `${call}/serverClock.ts`,
        replace: "if (!isUseless) client.skew = skew",
        by: "if (!isUseless) client.skew ??= skew"
      }
    ]
  },
  {
    name: "waitsOnTheWallClock",
    about: "Waits and deadlines follow the machine's clock when it is set",
    world: "clockSetBack",
    scale: 1 / 4,
    changes: [
      {
        file: "core/src/internal/monotonic.ts",
        replace: "Number(clock.monotonicTimeNanosUnsafe()) / 1e6",
        by: "clock.currentTimeMillisUnsafe()"
      }
    ]
  },
  {
    name: "lostCallback",
    about: "A transaction whose callback was lost is never asked for",
    world: "callbacks",
    scale: 1 / 6,
    changes: [
      {
        file: `${journey}/memoryStore.ts`,
        replace: "transaction.notifiedAt !== undefined || overdueFrom <= now.monotonic",
        by: "transaction.notifiedAt !== undefined"
      }
    ]
  },
  {
    name: "callbackWakesNoOne",
    about: "A callback is noted, and the wait does not hear of it",
    world: "callbacks",
    scale: 1 / 6,
    changes: [
      {
        file: `${journey}/notices.ts`,
        replace: "for (const wake of Array.from(waits.get(transactionId) ?? [])) wake()",
        by: ""
      }
    ]
  },
  {
    name: "resultTwice",
    about: "A result that was handed over can be claimed again: a second callback hands it over twice",
    world: "callbacks",
    scale: 1 / 12,
    changes: [
      {
        file: `${journey}/memoryStore.ts`,
        replace: "collectedAt === undefined && endedAt === undefined",
        by: "collectedAt === endedAt || endedAt === undefined"
      }
    ]
  },
  {
    name: "callbackEndsNothing",
    about: "A user who leaves is asked for again and again, and the merchant is never told",
    world: "callbacks",
    scale: 1 / 6,
    changes: [
      {
        file: `${journey}/steps.ts`,
        replace: 'if (error._tag === "TransactionExpired") return "Expired"',
        by: 'if (error._tag === "TransactionAbandoned") return undefined'
      }
    ]
  }
]
