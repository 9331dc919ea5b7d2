/**
 * A process that executes collections together with others: Effect's cluster and workflow engine over PostgreSQL, the
 * quota over Redis.
 *
 * @example
 * import * as Runner from "@effect-cloudauth/cluster/Runner"
 * import * as NodeServices from "@effect/platform-node/NodeServices"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * // DATABASE_URL, REDIS_URL, CLOUDAUTH_QPS, CLOUDAUTH_IMAGES, HOST, PORT and the access key come from the environment.
 * const main = Layer.launch(Layer.unwrap(Effect.map(Runner.settings, Runner.layer))).pipe(
 *   Effect.provide(NodeServices.layer)
 * )
 *
 * @since 0.1.0
 */
import { credentials } from "@effect-cloudauth/cli/Client"
import { type Failure, failure } from "@effect-cloudauth/cli/Failure"
import { ImageStore } from "@effect-cloudauth/cli/ImageStore"
import * as Postgres from "@effect-cloudauth/cli/Postgres"
import { type ResultStore, StoreError } from "@effect-cloudauth/cli/ResultStore"
import { Settings } from "@effect-cloudauth/cli/Settings"
import * as SqlResultStore from "@effect-cloudauth/cli/SqlResultStore"
import * as Stores from "@effect-cloudauth/cli/Stores"
import type { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { InvalidRequest } from "@effect-cloudauth/core/CloudauthError"
import * as Endpoint from "@effect-cloudauth/core/Endpoint"
import * as OwnOptions from "@effect-cloudauth/core/Options"
import * as ClientQuota from "@effect-cloudauth/core/Quota"
import type { TransportUnavailable } from "@effect-cloudauth/core/Transport"
import * as NodeCloudauth from "@effect-cloudauth/node/NodeCloudauth"
import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as ClusterWorkflowEngine from "effect/cluster/ClusterWorkflowEngine"
import type { MessageStorage } from "effect/cluster/MessageStorage"
import type { Sharding } from "effect/cluster/Sharding"
import type * as ShardingConfig from "effect/cluster/ShardingConfig"
import type { RedisError } from "effect/persistence/Redis"
import type { SocketServerError } from "effect/socket/SocketServer"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { WorkflowEngine } from "effect/workflow/WorkflowEngine"
import * as CollectResult from "./CollectResult.ts"
import * as EngineTables from "./EngineTables.ts"
import * as Feeder from "./Feeder.ts"
import { Inbox, type InboxError } from "./Inbox.ts"
import * as Quota from "./Quota.ts"

/**
 * How a runner is set up.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** `postgres://user:password@host:5432/database`: engine, inbox and results. TLS as `Postgres` of the command line has it. */
  readonly database: Redacted.Redacted
  /** `redis://…`: all runners share one quota. Without it each process has its own. */
  readonly redis: Redacted.Redacted | undefined
  /** Endpoint, images, concurrency and quota, as the command line has them. */
  readonly settings: Settings["Service"]
  /** The account of the quota, if several accounts share a Redis. Default `default`. */
  readonly account?: string | undefined
  readonly verdictsOnly?: boolean | undefined
  /** What of the shared quota is not the number of calls a second. */
  readonly quota?: Omit<Quota.Options, "limit"> | undefined
  readonly feeder?: Feeder.Options | undefined
  readonly purge?: EngineTables.PurgeOptions | undefined
  /** Connections to the database. Default 10. */
  readonly connections?: number | undefined
  /** What differs from `sharding`. Each is also read from the environment: `HOST`, `PORT`, `SHARDS_PER_GROUP`, … */
  readonly sharding?: Partial<ShardingConfig.ShardingConfig["Service"]> | undefined
}

const keys: OwnOptions.Keys<Options> = {
  database: true,
  redis: true,
  settings: true,
  account: true,
  verdictsOnly: true,
  quota: { window: true, flight: true, floor: true },
  feeder: Feeder.keys,
  purge: EngineTables.purgeKeys,
  connections: true,
  sharding: true
}

/**
 * The cluster's settings that differ from Effect's. A dead runner is missed after three to ten seconds, or, if it was
 * the one that watches over the others, after `shardLockExpiration`. What is due is looked for every two seconds.
 *
 * Each step's end is checked against the lock of its shard, over one connection, and steps of one shard share a check:
 * 32 shards serve up to eight runners with a tenth of the checks that 300 shards cost. All runners must agree on it.
 *
 * @category models
 * @since 0.1.0
 */
export const sharding = {
  runnerHealthCheckInterval: "3 seconds",
  entityMessagePollInterval: "2 seconds",
  shardsPerGroup: 32
} satisfies Partial<ShardingConfig.ShardingConfig["Service"]>

const unset = { config: Option.none(), region: Option.none(), network: Option.none(), endpoint: Option.none() }

const variable = <A>(config: Config.Config<A>, name: string): Effect.Effect<A | undefined, Failure> =>
  Config.option(config).pipe(
    Effect.map(Option.getOrUndefined),
    // A config error quotes the value.
    Effect.mapError(() => failure("Usage", `${name} has a value that cannot be used.`))
  )

/**
 * The options as the environment has them: `DATABASE_URL`, `REDIS_URL`, `CLOUDAUTH_ACCOUNT`, `CLOUDAUTH_VERDICTS_ONLY`,
 * and the command line's `CLOUDAUTH_ENDPOINT`, `CLOUDAUTH_REGION`, `CLOUDAUTH_NETWORK`, `CLOUDAUTH_QPS`,
 * `CLOUDAUTH_CONCURRENCY`, `CLOUDAUTH_IMAGES`.
 *
 * @category operations
 * @since 0.1.0
 */
export const settings: Effect.Effect<Options, Failure, FileSystem.FileSystem | Path.Path> = Effect.gen(function* () {
  const database = yield* variable(Config.Redacted("DATABASE_URL"), "DATABASE_URL")
  if (database === undefined) {
    return yield* failure(
      "Usage",
      "DATABASE_URL is not set: a cluster needs PostgreSQL. Without one, `effect-cloudauth collect` does the same on one machine."
    )
  }
  const redis = yield* variable(Config.Redacted("REDIS_URL"), "REDIS_URL")
  const account = yield* variable(Config.String("CLOUDAUTH_ACCOUNT"), "CLOUDAUTH_ACCOUNT")
  const verdictsOnly = yield* variable(Config.Boolean("CLOUDAUTH_VERDICTS_ONLY"), "CLOUDAUTH_VERDICTS_ONLY")
  const given = yield* Settings.pipe(Effect.provide(Settings.layer({ ...unset, quiet: false, verbose: false })))
  return { database, redis, account, verdictsOnly, settings: given }
})

const database = (
  options: Pick<Options, "database" | "connections">
): Layer.Layer<SqlClient.SqlClient, SqlError | Failure> =>
  Postgres.layer({
    url: options.database,
    applicationName: "effect-cloudauth-cluster",
    maxConnections: options.connections ?? 10
  })

/** The results beside the engine's tables, over the same connections. */
const results = (options: Pick<Options, "database">): Layer.Layer<ResultStore, StoreError, SqlClient.SqlClient> =>
  // The cluster's shards already keep two runners from collecting the same id.
  SqlResultStore.layer({ description: Postgres.describe(options.database) })

const images = (options: Options): Layer.Layer<ImageStore, Failure, FileSystem.FileSystem | Path.Path> => {
  const name = options.verdictsOnly === true ? "none" : options.settings.images
  return name === undefined
    ? Layer.effect(
        ImageStore,
        Effect.fail(
          failure(
            "Usage",
            "CLOUDAUTH_IMAGES is not set: say where images go, s3://bucket/prefix, a directory that all runners see, or none."
          )
        )
      )
    : Stores.images(name, { _tag: "Postgres", url: options.database }, options.settings)
}

/** The quota that all runners share. */
const shared = (redis: Redacted.Redacted, limit: number, { account = "default", quota }: Options) =>
  Quota.layerRedis({ ...quota, limit, account }).pipe(
    Layer.provide(
      NodeRedis.layer({
        url: Redacted.value(redis),
        name: "effect-cloudauth-quota",
        // A command that waits for a connection could run after its caller has left.
        disableOfflineQueue: true
      })
    )
  )

type ClientError = InvalidRequest | RedisError | TransportUnavailable

/** The client, under the quota that the runners share, or else under its own. */
const client = (options: Options): Layer.Layer<Cloudauth, ClientError> => {
  const { redis } = options
  const { endpoint, network, qps, region } = options.settings
  const limit = qps ?? documented({ region, network, url: endpoint })
  const given = { region, network, url: endpoint, credentials }
  if (redis === undefined || limit === undefined) return NodeCloudauth.layer({ ...given, quota: qps })
  return NodeCloudauth.layer({
    ...given,
    quota: "none",
    transport: Quota.layerTransport.pipe(Layer.provide([NodeTransport.layer(), shared(redis, limit, options)]))
  })
}

/** What the vendor grants where the calls go; `undefined` for a host of one's own. */
const documented = (where: Endpoint.Options): number | undefined =>
  Result.getOrUndefined(Result.flatMap(Endpoint.make(where), (endpoint) => ClientQuota.check({}, endpoint)))?.limits
    .perSecond

type EngineError = SqlError | SocketServerError | Config.ConfigError

/**
 * A runner: executes workflows, and feeds the cluster when it is its turn. It serves as long as the layer lives; on
 * closing it hands its shards over and lets calls under way end.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  given: Options
): Layer.Layer<
  Sharding | MessageStorage | WorkflowEngine | ResultStore | SqlClient.SqlClient,
  EngineError | StoreError | InboxError | ClientError | Failure,
  FileSystem.FileSystem | Path.Path
> => Layer.unwrap(Effect.map(Effect.fromResult(OwnOptions.own(keys, given)), runner))

/** `options` are own properties. */
const runner = (options: Options) => {
  const work = Layer.mergeAll(
    CollectResult.layer({ concurrency: options.settings.concurrency, verdictsOnly: options.verdictsOnly }).pipe(
      Layer.provide([client(options), Inbox.layerSql, images(options)])
    ),
    Feeder.layer(options.feeder),
    EngineTables.layerPurge(options.purge)
  )
  const engine = ClusterWorkflowEngine.layer.pipe(
    Layer.provideMerge(
      NodeClusterSocket.layer({ storage: "sql", shardingConfig: { ...sharding, ...options.sharding } })
    )
  )
  return work.pipe(
    Layer.provideMerge(engine),
    Layer.provideMerge(results(options)),
    Layer.provideMerge(database(options))
  )
}

/**
 * The engine and the results for a process that submits and asks, but executes nothing: for a web server that knows an
 * id and wants it collected.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerClient = (
  given: Pick<Options, "database" | "connections" | "sharding">
): Layer.Layer<
  Sharding | MessageStorage | WorkflowEngine | ResultStore | SqlClient.SqlClient,
  SqlError | Config.ConfigError | StoreError | Failure
> => {
  const options = OwnOptions.ownOrThrow({ database: true, connections: true, sharding: true }, given)
  return ClusterWorkflowEngine.layer.pipe(
    Layer.provideMerge(
      NodeClusterSocket.layer({
        storage: "sql",
        clientOnly: true,
        shardingConfig: { ...sharding, ...options.sharding }
      })
    ),
    Layer.provideMerge(results(options)),
    Layer.provideMerge(database(options))
  )
}

/**
 * The ledger alone, for a process that only registers ids: nothing of the cluster needs to be up.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerLedger = (
  url: Redacted.Redacted
): Layer.Layer<ResultStore | SqlClient.SqlClient, StoreError | Failure> =>
  results({ database: url }).pipe(
    Layer.provideMerge(Postgres.layer({ url, applicationName: "effect-cloudauth-submit", maxConnections: 2 })),
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
