/**
 * A lock between processes that the system takes away from a process that dies, however it dies: the write lock of an
 * empty SQLite database.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { StoreError, StoreInUse } from "../ResultStore.ts"
import * as Redacted from "effect/Redacted"
import * as nodeSqlite from "./nodeSqlite.ts"

const isBusy = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "errcode" in cause && (cause.errcode === 5 || cause.errcode === 6)

/** Holds the lock until the scope closes. */
export const acquire = (file: string): Effect.Effect<void, StoreError | StoreInUse, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(
      Effect.tryPromise({
        try: async () => {
          const { DatabaseSync } = await nodeSqlite.load()
          const database = new DatabaseSync(file)
          try {
            database.exec("BEGIN EXCLUSIVE")
          } catch (cause) {
            database.close()
            throw cause
          }
          return database
        },
        catch: (cause) =>
          isBusy(cause)
            ? new StoreInUse()
            : new StoreError({
                operation: "lock",
                reason: `${file} cannot be locked: ${nodeSqlite.reasonOf(cause) ?? "unknown"}`,
                underlying: Redacted.make(cause, { label: "cause" })
              })
      }),
      (database) => Effect.sync(() => database.close())
    )
  )
