/** The tombstones of a store, in its database. */
import type { Tombstones, TombstonesError } from "@effect-cloudauth/core/Tombstones"
import * as TombstonesSql from "@effect-cloudauth/core/TombstonesSql"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Failure, failure } from "../Failure.ts"
import type * as Stores from "../Stores.ts"

const unusable = failure("Storage", "The tombstones cannot be read or written: look at the store's database.")

/** A failure of the tombstones as the command's. */
export const ofTombstonesError = (_error: TombstonesError): Failure => unusable

/** The tombstones of a place, whose database exists. Each kind is loaded when it is used. */
export const layer = (place: Stores.Target): Layer.Layer<Tombstones, Failure> =>
  Layer.unwrap(
    Effect.promise(async () => {
      const database =
        place._tag === "Sqlite"
          ? (await import("../NodeSqlite.ts")).layer({ file: place.file })
          : (await import("../Postgres.ts")).layer({ url: place.url, applicationName: "effect-cloudauth" })
      return TombstonesSql.layer.pipe(
        Layer.provide(database),
        Layer.catchTag(["SqlError", "TombstonesError"], () => Layer.effectContext(Effect.fail(unusable)))
      )
    })
  )
