/** The tombstones of a store, in its database. */
import type { Tombstones, TombstonesError } from "@effect-cloudauth/core/Tombstones"
import * as TombstonesSql from "@effect-cloudauth/core/TombstonesSql"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import { type Failure, failure } from "../Failure.ts"
import { say } from "./language/say.ts"

/** A failure of the tombstones as the command's. */
export const ofTombstonesError = (_error: TombstonesError): Failure =>
  failure("Storage", say`The tombstones cannot be read or written: look at the store's database.`)

export const layer: Layer.Layer<Tombstones, Failure, SqlClient> = Layer.catchTag(
  TombstonesSql.layer,
  "TombstonesError",
  (error) => Layer.effectContext(Effect.fail(ofTombstonesError(error)))
)
