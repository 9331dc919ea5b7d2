/** `emulator`: the service on a port, until a signal ends it. */
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Emulator, type Options } from "../../Emulator.ts"
import * as Fault from "../../Fault.ts"
import * as Recording from "../../Recording.ts"
import * as AdminToken from "../adminToken.ts"
import { curl } from "../curl.ts"
import type { ServeInput } from "./flags.ts"
import { given, messageOf, refused, wrong } from "./unusable.ts"

export const serve = Effect.fnUntraced(function* (input: ServeInput) {
  const options = yield* optionsOf(input)
  const recording = yield* given("replay", input.replay, readText)
  const replayed = yield* Effect.try({
    try: () => Recording.scenarios(recording ?? ""),
    catch: (cause) =>
      cause instanceof Recording.RecordingError
        ? wrong("--replay: line {0} of the recording is {1}.", String(cause.line), cause.problem)
        : wrong("--{0}: {1}", "replay", messageOf(cause))
  })
  const context = yield* Layer.build(Emulator.layer(options)).pipe(
    Effect.mapError(({ code, host, port }) =>
      code.startsWith("ERR_OSSL")
        ? refused(
            "Cannot listen on {0}:{1} ({2}): key and certificate must be PEM and belong together.",
            host,
            String(port),
            code
          )
        : refused(
            "Cannot listen on {0}:{1} ({2}): choose another port (0 takes a free one) or host.",
            host,
            String(port),
            code
          )
    )
  )
  const emulator = Context.get(context, Emulator)
  for (const [transactionId, scenario] of replayed) {
    yield* emulator.register(transactionId, scenario)
    yield* Console.log(`Replaying ${transactionId}`)
  }
  yield* Console.log(greeting(emulator))
  return yield* Effect.never
}, Effect.scoped)

const optionsOf = Effect.fnUntraced(function* (input: ServeInput) {
  const key = yield* given("tls-key", input.tlsKey, readText)
  const cert = yield* given("tls-cert", input.tlsCert, readText)
  if ((key === undefined) !== (cert === undefined)) {
    return yield* wrong("Give --tls-key and --tls-cert together, or neither.")
  }
  const adminToken = Option.getOrUndefined(Option.map(input.adminToken, Redacted.value))
  const refusal = adminToken === undefined ? undefined : AdminToken.refusal(adminToken)
  if (refusal !== undefined) return yield* wrong("--{0}: {1}", "admin-token", refusal)
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
  return options
})

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

const readText = (path: string) => Effect.flatMap(FileSystem.FileSystem, (files) => files.readFileString(path))

const FaultRules = Schema.fromJsonString(Schema.Array(Fault.Rule))
