/** Who waits in this process for a notification, by transaction. */
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"

/** The waits for notifications of one store. */
export interface Notices {
  /** Waits until `tell` says that the transaction was notified. */
  readonly await: (transactionId: string) => Effect.Effect<void>
  /** Wakes those who wait for a transaction, at once. */
  readonly tell: (transactionId: string) => void
  /** The transactions that are waited for. */
  readonly awaited: () => ReadonlyArray<string>
  /** Waits until a transaction is waited for. */
  readonly someone: Effect.Effect<void>
}

/** No one waits. */
export const make = (): Notices => {
  const waits = new Map<string, Set<() => void>>()
  const latch = Latch.makeUnsafe(false)

  const add = (transactionId: string, wake: () => void): void => {
    waits.set(transactionId, (waits.get(transactionId) ?? new Set()).add(wake))
    latch.openUnsafe()
  }
  const remove = (transactionId: string, wake: () => void): void => {
    const ofTransaction = waits.get(transactionId)
    ofTransaction?.delete(wake)
    if (ofTransaction?.size === 0) waits.delete(transactionId)
    if (waits.size === 0) latch.closeUnsafe()
  }

  return {
    await: (transactionId) =>
      Effect.callback<void>((resume) => {
        const wake = () => {
          remove(transactionId, wake)
          resume(Effect.void)
        }
        add(transactionId, wake)
        return Effect.sync(() => remove(transactionId, wake))
      }),
    tell: (transactionId) => {
      for (const wake of Array.from(waits.get(transactionId) ?? [])) wake()
    },
    awaited: () => [...waits.keys()],
    someone: latch.await
  }
}
