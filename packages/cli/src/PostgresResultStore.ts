/** A collection in a PostgreSQL database. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Failure } from "./Failure.ts"
import * as Postgres from "./Postgres.ts"
import { type Collection, StoreError } from "./ResultStore.ts"
import * as SqlResultStore from "./SqlResultStore.ts"

/** The collection in the database of a URL, `postgres://user:password@host:5432/database?sslmode=verify-full`. */
export const layer = (url: Redacted.Redacted): Layer.Layer<Collection, StoreError | Failure> =>
  SqlResultStore.layer({ description: Postgres.describe(url) }).pipe(
    Layer.provideMerge(Postgres.layer({ url, applicationName: "effect-cloudauth" })),
    Layer.catchTag("SqlError", (error) =>
      Layer.effectContext(
        Effect.fail(
          new StoreError({
            operation: "open",
            reason: Postgres.reasonOf(error),
            underlying: Redacted.make(error, { label: "underlying" })
          })
        )
      )
    )
  )
