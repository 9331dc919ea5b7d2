/**
 * A client of a PostgreSQL database by its URL. Everything that talks to PostgreSQL takes it, so that one rule holds for
 * encryption:
 *
 * | `sslmode`, or else `PGSSLMODE` | means |
 * |---|---|
 * | none, and the server is on this machine | clear text |
 * | none, and it is not | `verify-full` |
 * | `disable` | clear text |
 * | `require`, `verify-full` | TLS; the certificate and its host are checked |
 * | `verify-ca` | TLS; the certificate is checked, its host is not |
 * | `no-verify` | TLS; nothing is checked |
 * | `prefer`, `allow` | refused: they fall back to clear text |
 *
 * `sslrootcert` (`PGSSLROOTCERT`) is a PEM file of authorities in place of those that Node knows; `system` for the latter.
 * `sslcert` and `sslkey` are a client's certificate and key. Another `ssl…` parameter is refused.
 *
 * @example
 * import * as Postgres from "@effect-cloudauth/cli/Postgres"
 * import * as Redacted from "effect/Redacted"
 *
 * const live = Postgres.layer({
 *   url: Redacted.make("postgres://kyc@db.example.com/kyc?sslrootcert=/etc/ssl/our-ca.pem"),
 *   applicationName: "kyc"
 * })
 *
 * @since 0.1.0
 */
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Failure } from "./Failure.ts"
import * as postgresTls from "./internal/postgresTls.ts"
import * as sqlReason from "./internal/sqlReason.ts"

/**
 * Which database, and as whom.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** `postgres://user:password@host:5432/database?sslmode=verify-full`. */
  readonly url: Redacted.Redacted
  /** The name that the server's list of connections shows. */
  readonly applicationName: string
  /** Default: that of `PgClient`. */
  readonly maxConnections?: number | undefined
}

const keys: OwnOptions.Keys<Options> = { url: true, applicationName: true, maxConnections: true }

/**
 * The client. Fails with `Failure` if a setting of TLS can't be honoured, before anything is sent.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (given: Options): Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, SqlError | Failure> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { applicationName, maxConnections, url } = OwnOptions.ownOrThrow(keys, given)
      const encryption = yield* postgresTls.read(Redacted.value(url))
      return PgClient.layer({
        url: Redacted.make(encryption.url, { label: "url" }),
        ssl: encryption.ssl,
        applicationName,
        ...(maxConnections === undefined ? {} : { maxConnections })
      })
    })
  )

/**
 * A database's name without user, password and parameters.
 *
 * @example
 * import * as Postgres from "@effect-cloudauth/cli/Postgres"
 * import * as Redacted from "effect/Redacted"
 *
 * Postgres.describe(Redacted.make("postgres://user:secret@db:5432/kyc?sslmode=require")) // => "postgres://db:5432/kyc"
 *
 * @category getters
 * @since 0.1.0
 */
export const describe = (url: Redacted.Redacted): string => {
  const text = Redacted.value(url)
  if (!URL.canParse(text)) return "PostgreSQL"
  const { host, pathname } = new URL(text)
  return `postgres://${host}${pathname}`
}

/**
 * Why a database can't be reached, in words that hold no value.
 *
 * @category getters
 * @since 0.1.0
 */
export const reasonOf = (error: SqlError): string => sqlReason.of(error)
