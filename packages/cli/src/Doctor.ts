/**
 * Checks the environment as a support engineer would. Each finding says what is there and, if it is wrong, how to fix it.
 */
import { randomUUID } from "node:crypto"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import type { CloudauthError } from "@effect-cloudauth/core/CloudauthError"
import { Credentials } from "@effect-cloudauth/core/Credentials"
import * as Endpoint from "@effect-cloudauth/core/Endpoint"
import * as RetryPolicy from "@effect-cloudauth/core/RetryPolicy"
import * as Transport from "@effect-cloudauth/core/Transport"
import * as DefaultCredentials from "@effect-cloudauth/node/DefaultCredentials"
import * as NodeTransport from "@effect-cloudauth/node/NodeTransport"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Client from "./Client.ts"
import * as ExitCode from "./ExitCode.ts"
import { credentials } from "./internal/callWords.ts"
import { errorCode } from "./internal/errorCode.ts"
import { say, type Value } from "./internal/language/say.ts"
import { refusedSetting } from "./internal/refusedSetting.ts"
import type { Settings } from "./Settings.ts"

/** One thing that was looked at. */
export interface Finding {
  readonly name: Value
  /** `Info`: neither good nor bad. */
  readonly state: "Good" | "Bad" | "Doubtful" | "Info"
  readonly what: Value
  /** What to do if something is wrong. */
  readonly fix?: string | undefined
  /** The exit code that a bad finding means. */
  readonly exit?: ExitCode.Name | undefined
}

export interface Options {
  /** Ask nothing over the network. */
  readonly offline: boolean
  /** How many requests the look at the quota sends at once. */
  readonly burst: number
}

/** What to do about a finding, unless an error's advice says it. */
export const fixes = {
  region: `ID Verification is known to be offered in ${Endpoint.regions.join(", ")}; correct the region unless the vendor named this one.`,
  credentials:
    "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or configure the vendor's CLI (aliyun configure). To try without a key, run effect-cloudauth emulator.",
  vpc: "The VPC endpoint is reachable from machines in the vendor's network of the same region only; use --network public elsewhere.",
  network: "Look at DNS, firewall and proxy (HTTPS_PROXY, NO_PROXY); the service needs port 443 outwards.",
  clock:
    "Synchronise this machine's clock (NTP: timedatectl set-ntp true). The client corrects a skew once for each process.",
  quota: "Stay below the quota (collect --qps), or ask the vendor for a larger one.",
  setting: "Correct the setting.",
  proxy: "Correct the proxy's variables.",
  installation: "Install this program's dependencies again."
} as const

const describeSettings = (settings: Settings["Service"]): Finding => {
  const from = (name: keyof Settings["Service"]["origins"]) => settings.origins[name] ?? "default"
  const where =
    settings.endpoint === undefined
      ? say`${settings.region} (${from("region")}), ${settings.network} network (${from("network")})`
      : say`${settings.endpoint} (${from("endpoint")})`
  const files =
    settings.files.length === 0 ? say`no configuration file` : say`configuration file ${settings.files.join(", ")}`
  const what = say`${where}; ${files}`
  return settings.endpoint !== undefined || Endpoint.regions.some((region) => region === settings.region)
    ? { name: say`settings`, state: "Info", what }
    : {
        name: say`settings`,
        state: "Doubtful",
        what,
        fix: fixes.region
      }
}

/** The sources that need no network. */
const localSources: ReadonlyArray<DefaultCredentials.Source> = ["environment", "cliProfile", "credentialsFile"]

/** The end of a key id: it tells keys apart and can't be used to sign. */
const keyId = (id: Redacted.Redacted): string => {
  const text = Redacted.value(id)
  return text.length >= 8 ? `…${text.slice(-4)}` : "short"
}

const lookAtCredentials = Effect.fnUntraced(function* (options: Options) {
  const asked: Array<Value> = []
  for (const source of options.offline ? localSources : DefaultCredentials.sources) {
    const found = yield* Credentials.use((service) => service.get).pipe(
      Effect.provide(DefaultCredentials.layer({ sources: [source] })),
      Effect.timeoutOption("8 seconds"),
      Effect.result
    )
    if (Result.isFailure(found)) {
      asked.push(credentials(found.failure.reason))
      continue
    }
    if (Option.isNone(found.success)) {
      asked.push(say`${source}: no answer in 8 seconds`)
      continue
    }
    const { accessKeyId, expiresAt, securityToken } = found.success.value
    const now = yield* Clock.currentTimeMillis
    const kind =
      securityToken === undefined
        ? say`long-lived`
        : expiresAt === undefined
          ? say`temporary, expiry unknown`
          : say`temporary, ${Math.round((expiresAt - now) / 60_000)} minutes left`
    const finding: Finding = {
      name: say`credentials`,
      state: "Good",
      what: say`access key ${keyId(accessKeyId)} from ${source} (${kind})`
    }
    return finding
  }
  const finding: Finding = {
    name: say`credentials`,
    state: "Bad",
    what: asked.reduce<Value>((text, line) => say`${text}\n${line}`, say`no access key`),
    fix: fixes.credentials,
    exit: "Credentials"
  }
  return finding
})

interface Reached {
  readonly finding: Finding
  /** The server's clock minus this machine's, in milliseconds. */
  readonly skew: number | undefined
}

/** Sends an unsigned request: any answer shows that the way is open, and its `Date` shows the server's clock. */
const reach = Effect.fnUntraced(function* (name: Value, endpoint: Endpoint.Endpoint, isUsed: boolean) {
  const { send } = yield* Transport.Transport
  const started = yield* Clock.currentTimeMillis
  const { host, origin } = endpoint
  const request = { origin, path: "/", headers: { host }, timeout: 8000, maxBodyBytes: 1_000_000 }
  const answer = yield* Effect.result(send(request))
  const now = yield* Clock.currentTimeMillis
  if (Result.isFailure(answer)) {
    const code = reasonOf(answer.failure)
    const finding: Finding = {
      name,
      state: isUsed ? "Bad" : "Info",
      what: say`${endpoint.host} cannot be reached (${code})`,
      fix: isUsed ? (endpoint.host.includes("-vpc") ? fixes.vpc : fixes.network) : undefined,
      exit: "Transport"
    }
    return { finding, skew: undefined } satisfies Reached
  }
  const date = Date.parse(answer.success.headers["date"] ?? "")
  const finding: Finding = {
    name,
    state: "Good",
    what: say`${endpoint.host} answers (HTTP ${answer.success.status}, ${now - started} ms)`
  }
  return {
    finding,
    // The header has whole seconds and was written about half way.
    skew: Number.isNaN(date) ? undefined : date + 500 - (started + now) / 2
  } satisfies Reached
})

const notTried = (name: Value, what: Value, fix: string, exit: ExitCode.Name): Effect.Effect<Reached> =>
  Effect.succeed({ finding: { name, state: "Bad", what, fix, exit }, skew: undefined })

const reasonOf = (failure: Transport.Failure): Value => {
  switch (failure._tag) {
    case "TimedOut":
    case "QueueTooLong":
      return say`no answer in time`
    case "BodyTooLarge":
      return say`the answer is too large`
    case "ConnectionFailed":
      return errorCode(Redacted.value(failure.underlying)) ?? say`the connection failed`
    case "ProxyRefused":
      return say`the proxy ${failure.proxy} refused with status ${failure.status}`
    case "UnknownCoding":
      return say`the answer has an unknown content coding`
  }
}

/** Signatures are refused from here on: the vendor allows 15 minutes. */
const skewLimit = 15 * 60_000

const clockFinding = (skew: number | undefined): Finding => {
  if (skew === undefined) return { name: say`clock`, state: "Info", what: say`not compared: no answer with a date` }
  const off = Math.abs(skew)
  const seconds = (off / 1000).toFixed(1)
  const what =
    skew > 0
      ? say`this machine's clock is ${seconds} s behind the server's`
      : say`this machine's clock is ${seconds} s ahead of the server's`
  if (off < 30_000) return { name: say`clock`, state: "Good", what }
  return {
    name: say`clock`,
    state: off < skewLimit ? "Doubtful" : "Bad",
    what,
    fix: fixes.clock,
    exit: "ClockSkewed"
  }
}

const permissionFinding = (outcome: Result.Result<unknown, CloudauthError>): Finding => {
  const name = say`permission`
  if (Result.isSuccess(outcome)) return { name, state: "Good", what: say`the access key may ask for results` }
  const error = outcome.failure
  switch (error._tag) {
    case "TransactionIdInvalid":
    case "ProcessNotCompleted":
    case "InvalidParameter":
    case "MissingParameter":
      return { name, state: "Good", what: say`the access key may ask for results (answer: ${error.code})` }
    case "Throttled":
      return {
        name,
        state: "Doubtful",
        what: say`not known: the account is throttled now`,
        fix: error.advice,
        exit: "Throttled"
      }
    default:
      return {
        name,
        state: "Bad",
        what: say`${error._tag} (${error.code})`,
        fix: error.advice,
        exit: ExitCode.ofError(error)
      }
  }
}

/** An id of the right form that no transaction has. */
const probe = () => ({
  merchantBizId: randomUUID().replaceAll("-", ""),
  transactionId: `doctor${randomUUID().replaceAll("-", "")}`
})

const askOnce = Effect.suspend(() =>
  Effect.result(Cloudauth.use((client) => client.checkResult(probe(), { retry: RetryPolicy.none })))
)

const quotaFinding = (outcomes: ReadonlyArray<Result.Result<unknown, CloudauthError>>): Finding => {
  const throttled = outcomes.flatMap((outcome) =>
    Result.isFailure(outcome) && outcome.failure._tag === "Throttled" ? [outcome.failure] : []
  )
  const name = say`quota`
  if (throttled.length === 0) {
    return { name, state: "Good", what: say`${outcomes.length} requests at once were not throttled` }
  }
  const found = say`${throttled.length} of ${outcomes.length} requests at once were throttled (${throttled[0]?.code ?? ""})`
  const wait = Math.max(0, ...throttled.map((error) => error.retryAfter ?? 0))
  return {
    name,
    state: "Doubtful",
    what: say`${wait > 0 ? say`${found}; the server asks to wait ${wait} ms` : found}; try collect --qps ${Math.max(1, outcomes.length - throttled.length)}`,
    fix: fixes.quota,
    exit: "Throttled"
  }
}

const endpoints = (settings: Settings["Service"]): ReadonlyArray<readonly [Value, Endpoint.Options, boolean]> =>
  settings.endpoint === undefined
    ? (["public", "vpc"] as const).map(
        (network) =>
          [say`${network} endpoint`, { region: settings.region, network }, network === settings.network] as const
      )
    : [[say`endpoint`, { url: settings.endpoint }, true]]

/** Looks at everything, in the order in which one thing needs the other; hands over each finding as it comes. */
export const run = Effect.fn("Doctor.run")(function* <R>(
  settings: Settings["Service"],
  options: Options,
  tell: (finding: Finding) => Effect.Effect<void, never, R>
) {
  const findings: Array<Finding> = []
  const add = (finding: Finding) => {
    findings.push(finding)
    return tell(finding)
  }
  yield* add({
    name: say`runtime`,
    state: "Info",
    what: say`Node ${process.versions.node}, ${process.platform} ${process.arch}`
  })
  yield* add(describeSettings(settings))
  const access = yield* lookAtCredentials(options)
  yield* add(access)
  if (options.offline) {
    yield* add({ name: say`network`, state: "Info", what: say`not looked at (--offline)` })
    return findings
  }

  let skew: number | undefined
  let isReached = false
  for (const [name, endpoint, isUsed] of endpoints(settings)) {
    const checked = Endpoint.make(endpoint)
    if (Result.isFailure(checked)) {
      yield* add({
        name,
        state: "Bad",
        what: refusedSetting(checked.failure),
        fix: fixes.setting,
        exit: "Usage"
      })
      continue
    }
    const reached = yield* reach(name, checked.success, isUsed).pipe(
      Effect.provide(NodeTransport.layer({ connectTimeout: "5 seconds" })),
      Effect.catchTags({
        InvalidRequest: (error): Effect.Effect<Reached> =>
          notTried(name, say`${error.path} must be ${error.rule}`, fixes.proxy, "Usage"),
        TransportUnavailable: (error): Effect.Effect<Reached> =>
          notTried(name, error.message, fixes.installation, "Transport")
      })
    )
    yield* add(reached.finding)
    if (isUsed) isReached = reached.finding.state === "Good"
    skew ??= reached.skew
  }
  yield* add(clockFinding(skew))

  if (access.state !== "Good" || !isReached) {
    yield* add({
      name: say`permission`,
      state: "Info",
      what: say`not looked at: it needs an access key and the endpoint`
    })
    return findings
  }
  yield* Effect.gen(function* () {
    const permission = permissionFinding(yield* askOnce)
    yield* add(permission)
    if (permission.state !== "Good" || options.burst === 0) return
    yield* add(
      quotaFinding(
        yield* Effect.all(
          Array.from({ length: options.burst }, () => askOnce),
          { concurrency: "unbounded" }
        )
      )
    )
  }).pipe(
    // What the account lets through shows only if the client holds nothing back.
    Effect.provide(Client.layer(settings, "none")),
    Effect.catchTag("Failure", (error) =>
      add({
        name: say`permission`,
        state: "Bad",
        what: error.phrase ?? error.message,
        fix: fixes.setting,
        exit: error.exit
      })
    )
  )
  return findings
})
