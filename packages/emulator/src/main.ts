#!/usr/bin/env node
/** `effect-cloudauth-emulator`: the emulator as a process of its own. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"
import { Emulator, type Options } from "./Emulator.ts"
import * as Fault from "./Fault.ts"
import * as AdminToken from "./internal/adminToken.ts"
import { curl } from "./internal/curl.ts"
import * as Recorder from "./Recorder.ts"
import * as Recording from "./Recording.ts"

const port = Flag.Int("port").pipe(
  Flag.withDescription("The port to listen on; 0 takes a free one"),
  Flag.withDefault(8787)
)
const host = Flag.String("host").pipe(Flag.withDescription("The address to listen on"), Flag.withDefault("127.0.0.1"))

const flags = {
  port,
  host,
  seed: Flag.String("seed").pipe(
    Flag.withDescription("People, images, request ids and faults are drawn from it"),
    Flag.withDefault("effect-cloudauth")
  ),
  qps: Flag.Int("qps").pipe(
    Flag.withDescription("Calls a second of one operation before Throttling.Api"),
    Flag.optional
  ),
  completesAfter: Flag.Int("completes-after").pipe(
    Flag.withDescription("Milliseconds that a user whom Initialize started takes; left out: until told"),
    Flag.optional
  ),
  faults: Flag.String("faults").pipe(Flag.withDescription("Fault rules as a JSON array"), Flag.optional),
  tlsKey: Flag.String("tls-key").pipe(
    Flag.withDescription("A PEM file; with --tls-cert the service speaks HTTPS"),
    Flag.optional
  ),
  tlsCert: Flag.String("tls-cert").pipe(Flag.withDescription("A PEM file"), Flag.optional),
  adminToken: Flag.Redacted("admin-token").pipe(
    Flag.withDescription(
      "What the admin API asks for; left out: nothing on the loopback, else a random token that is printed"
    ),
    Flag.optional
  ),
  adminHosts: Flag.String("admin-host").pipe(
    Flag.withDescription("A further name by which the admin API may be called; can be given more than once"),
    Flag.atLeast(0)
  ),
  replay: Flag.String("replay").pipe(Flag.withDescription("A recording to answer from"), Flag.optional)
}

const exampleIds = ["hksb-passed-global-passport", "hksb-throttled-twice", "hksb-unknown"]

const example = (emulator: Emulator["Service"], transactionId: string): string =>
  curl(emulator.gateway, {
    url: emulator.url,
    action: "CheckResult",
    query: `MerchantBizId=example1&TransactionId=${transactionId}`
  })

const greeting = (emulator: Emulator["Service"]): string =>
  [
    `CheckResult emulator on ${emulator.url} (page: /, admin API: /_admin/openapi.json)`,
    ...(emulator.adminToken === undefined
      ? []
      : [`  admin token  ${Redacted.value(emulator.adminToken)} (page: /#<token>)`]),
    "",
    "For your program's environment:",
    `export CLOUDAUTH_ENDPOINT=${emulator.url}`,
    `export ALIBABA_CLOUD_ACCESS_KEY_ID=${emulator.accessKeyId}`,
    `export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${Redacted.value(emulator.accessKeySecret)}`,
    "",
    "Three calls, signed now (each is good once, within fifteen minutes):",
    "",
    ...exampleIds.map((id) => `${example(emulator, id)}\n`)
  ].join("\n")

/** What keeps the command from its work, in words. */
class Unusable extends Error {
  override readonly name = "Unusable"
  // It has been told.
  override readonly [Runtime.errorReported] = false
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Prints a failure as its message: a stack trace does not help a user of the command. */
const inWords = <A, E extends Error, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, Unusable, R> =>
  Effect.catch(program, ({ message }) => Effect.andThen(Console.error(message), Effect.fail(new Unusable(message))))

const readText = (path: string) => Effect.flatMap(FileSystem.FileSystem, (files) => files.readFileString(path))

const FaultRules = Schema.fromJsonString(Schema.Array(Fault.Rule))

/** What an optional flag says, if it was given. */
const given = <A, B, E extends Error, R>(
  name: string,
  flag: Option.Option<A>,
  read: (value: A) => Effect.Effect<B, E, R>
): Effect.Effect<B | undefined, Unusable, R> =>
  Option.isSome(flag)
    ? Effect.mapError(read(flag.value), ({ message }) => new Unusable(`--${name}: ${message}`))
    : Effect.succeed(undefined)

const serve = Command.make("effect-cloudauth-emulator", flags, (input) =>
  Effect.gen(function* () {
    const key = yield* given("tls-key", input.tlsKey, readText)
    const cert = yield* given("tls-cert", input.tlsCert, readText)
    if ((key === undefined) !== (cert === undefined)) {
      return yield* Effect.fail(new Unusable("--tls-key and --tls-cert are given together or not at all."))
    }
    const adminToken = Option.getOrUndefined(Option.map(input.adminToken, Redacted.value))
    const refusal = adminToken === undefined ? undefined : AdminToken.refusal(adminToken)
    if (refusal !== undefined) return yield* Effect.fail(new Unusable(`--admin-token: ${refusal}`))
    const options: Options = {
      port: input.port,
      host: input.host,
      seed: input.seed,
      qps: Option.getOrUndefined(input.qps),
      journeys: { completesAfterMillis: Option.getOrUndefined(input.completesAfter) },
      faults: yield* given("faults", input.faults, Schema.decodeUnknownEffect(FaultRules)),
      adminToken,
      adminHosts: input.adminHosts,
      tls: key === undefined || cert === undefined ? undefined : { key, cert }
    }
    const recording = yield* given("replay", input.replay, readText)
    const replayed = yield* Effect.try({
      try: () => Recording.scenarios(recording ?? ""),
      catch: (cause) => new Unusable(`--replay: ${messageOf(cause)}`)
    })
    return yield* Effect.gen(function* () {
      const emulator = yield* Emulator
      for (const [transactionId, scenario] of replayed) {
        yield* emulator.register(transactionId, scenario)
        yield* Console.log(`Replaying ${transactionId}`)
      }
      yield* Console.log(greeting(emulator))
      return yield* Effect.never
    }).pipe(Effect.provide(Emulator.layer(options)))
  }).pipe(inWords)
).pipe(Command.withDescription("A local CheckResult service that checks signatures and answers by scenario"))

const record = Command.make(
  "record",
  {
    port,
    host,
    upstream: Flag.String("upstream").pipe(
      Flag.withDescription("The real endpoint"),
      Flag.withDefault("https://cloudauth-intl.cn-hongkong.aliyuncs.com")
    ),
    file: Flag.String("file").pipe(Flag.withDescription("Where the answers go"), Flag.withDefault("answers.jsonl")),
    reveal: Flag.Boolean("reveal").pipe(
      Flag.withDescription("Write people's data and images as they came"),
      Flag.withDefault(false)
    )
  },
  (input) =>
    Effect.gen(function* () {
      // The vendor's own names for the real credentials.
      const settings = yield* Config.all({
        accessKeyId: Config.String("ALIBABA_CLOUD_ACCESS_KEY_ID"),
        accessKeySecret: Config.Redacted("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        securityToken: Config.option(Config.Redacted("ALIBABA_CLOUD_SECURITY_TOKEN"))
      }).pipe(
        Effect.mapError(
          () =>
            new Unusable(
              "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET to the real credentials (ALIBABA_CLOUD_SECURITY_TOKEN, too, where they are temporary)."
            )
        )
      )
      const credentials = {
        accessKeyId: settings.accessKeyId,
        accessKeySecret: Redacted.value(settings.accessKeySecret),
        securityToken: Option.getOrUndefined(Option.map(settings.securityToken, Redacted.value))
      }
      const recorder = yield* Effect.acquireRelease(
        Effect.tryPromise({
          try: () => Recorder.start({ ...input, credentials }),
          catch: (cause) => new Unusable(messageOf(cause))
        }),
        (recorder) => Effect.promise(recorder.close)
      )
      yield* Console.log(`Recording ${input.upstream} at ${recorder.url} into ${input.file}`)
      return yield* Effect.never
    }).pipe(Effect.scoped, inWords)
).pipe(Command.withDescription("A proxy that records real answers, masked unless --reveal"))

serve.pipe(
  Command.withSubcommands([record]),
  Command.run({ version: "0.1.0" }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
