/** What a store's database failed with, in words that hold no value. */
import type { CollectQueueError } from "@effect-cloudauth/core/CollectQueue"
import * as Redacted from "effect/Redacted"
import type { SchemaError } from "effect/Schema"
import type { MigrationError } from "effect/sql/Migrator"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { StoreError } from "../ResultStore.ts"
import * as sqlReason from "./sqlReason.ts"

const reasonOf = (error: unknown): string => {
  if (isSqlError(error)) return sqlReason.of(error)
  const tag = typeof error === "object" && error !== null && "_tag" in error ? error._tag : undefined
  return tag === "MigrationError" ? "the tables cannot be made" : "a row is not what was written"
}

const of = (operation: string, underlying: unknown, isPassing: boolean): StoreError =>
  new StoreError({
    operation,
    reason: reasonOf(underlying),
    ...(isPassing ? { isPassing } : {}),
    underlying: Redacted.make(underlying, { label: "underlying" })
  })

/** A failed operation of the store. */
export const storeError =
  (operation: string) =>
  (error: SqlError | SchemaError | MigrationError): StoreError =>
    of(operation, error, error._tag === "SqlError" && error.reason.isRetryable)

/** A failure of the queue in the same database. */
export const ofQueueError = ({ isPassing, operation, underlying }: CollectQueueError): StoreError =>
  of(operation, underlying === undefined ? undefined : Redacted.value(underlying), isPassing)
