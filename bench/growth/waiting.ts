/**
 * Memory of users who wait, in a process of its own. Arguments: how many, and `awaitResult` or `awaitStored`. All have
 * been asked for once and wait for their next poll. Needs `--expose-gc`.
 */
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as DocType from "@effect-cloudauth/core/DocType"
import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type { Waiting } from "./figures.ts"

const [count = "", way = ""] = process.argv.slice(2)
const users = Number(count)

const collect = Effect.sync(() => {
  if (globalThis.gc === undefined) throw new Error("memory is measured with --expose-gc")
  // Twice: the first collection's finalizers free what the second one takes.
  globalThis.gc()
  globalThis.gc()
})

const heldBytes = Effect.andThen(
  collect,
  Effect.sync(() => {
    const { external, heapUsed } = process.memoryUsage()
    return heapUsed + external
  })
)

const begin = (index: number) =>
  TransactionStore.initialize({
    merchantBizId: `order${index}`,
    merchantUserId: `user${index}`,
    docType: DocType.GlobalPassport
  })

/** Long, so that no poll runs while the memory is read. */
const polling = Schedule.spaced("1 hour")

const waitFor = (index: number) =>
  way === "awaitStored"
    ? TransactionStore.awaitStored({ merchantBizId: `order${index}` }, { polling, initialDelay: 0, timeout: "2 hours" })
    : Cloudauth.awaitResult(
        { merchantBizId: `order${index}`, transactionId: `hksb${index}` },
        { polling, initialDelay: 0, timeout: "2 hours" }
      )

const measure = (asked: () => number) =>
  Effect.gen(function* () {
    // One wait loads what every wait needs.
    yield* begin(users)
    const first = yield* Effect.forkChild(waitFor(users))
    yield* Effect.sleep("50 millis").pipe(Effect.repeat({ until: () => asked() === 1 }))
    const empty = yield* heldBytes
    if (way === "awaitStored")
      yield* Effect.forEach(
        Array.from({ length: users }, (_, index) => index),
        begin
      )
    const stored = yield* heldBytes
    const fibers = yield* Effect.forEach(
      Array.from({ length: users }, (_, index) => index),
      (index) => Effect.forkChild(waitFor(index))
    )
    yield* Effect.sleep("50 millis").pipe(Effect.repeat({ until: () => asked() === users + 1 }))
    const waiting = yield* heldBytes
    yield* Fiber.interruptAll([first, ...fibers])
    yield* Effect.sleep("50 millis")
    const left = yield* heldBytes
    return {
      users,
      bytesAUser: Math.round((waiting - stored) / users),
      storedBytesAUser: Math.max(0, Math.round((stored - empty) / users)),
      bytesLeftAUser: Math.round((left - stored) / users)
    } satisfies Waiting
  })

const main = Effect.suspend(() => {
  let asked = 0
  const client = Cloudauth.layerTest(() => {
    asked++
    return Canned.error("ProcessNotCompleted")
  })
  return Effect.provide(
    measure(() => asked),
    Layer.merge(client, TransactionStore.layerMemory)
  )
})

process.send?.(await Effect.runPromise(main))
process.disconnect?.()
