/** What keeps a program from its work, as a message for people and an exit code. */
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import { type Failure, failure } from "@effect-cloudauth/cli/Failure"
import * as Postgres from "@effect-cloudauth/cli/Postgres"
import type { StoreError } from "@effect-cloudauth/cli/ResultStore"
import type { TransportUnavailable } from "@effect-cloudauth/core/Transport"
import type { ConfigError } from "effect/Config"
import type { RedisError } from "effect/persistence/Redis"
import type { PlatformError } from "effect/PlatformError"
import type { SocketServerError } from "effect/socket/SocketServer"
import type { SqlError } from "effect/sql/SqlError"
import type { InboxError } from "../Inbox.ts"
import type { ListUnusable } from "../Submitter.ts"

export type Explained =
  | ConfigError
  | Failure
  | InboxError
  | InvalidRequest
  | ListUnusable
  | PlatformError
  | RedisError
  | SocketServerError
  | SqlError
  | StoreError
  | TransportUnavailable

/** Says what is wrong and where to look; no value of a setting, which may hold a password. */
export const explain = (error: Explained): Failure => {
  switch (error._tag) {
    case "Failure":
      return error
    case "StoreError":
    case "InboxError":
      return failure("Storage", `${error.message} Look at DATABASE_URL, and whether PostgreSQL is up.`)
    case "SqlError":
      return failure("Storage", `The ledger failed: ${Postgres.reasonOf(error)}. Look at DATABASE_URL.`)
    case "RedisError":
      return failure("Storage", "Redis cannot be reached, or refuses: look at REDIS_URL, and whether Redis is up.")
    case "SocketServerError":
      return failure("Usage", "Nothing can be listened to at HOST and PORT: is another runner there already?")
    case "ConfigError":
      return failure("Usage", "HOST, PORT or another of the cluster's settings has a value that cannot be used.")
    case "InvalidRequest":
      return failure("Usage", `The setting ${error.path} must be ${error.rule}.`)
    case "ListUnusable":
      return failure("Usage", error.message)
    case "TransportUnavailable":
      return failure("Transport", error.message)
    case "PlatformError":
      return failure("Storage", `The list cannot be read (${error.reason._tag}).`)
  }
}
