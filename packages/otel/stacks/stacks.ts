/** The stacks: how each is set up, and how its tool names the client's spans. */
import { type Caller, privacy } from "./assertions.ts"
import type { Intake } from "./intake.ts"
import { azure, datadog, elastic, newRelic, otlp, sentry, type Wire } from "./wires.ts"

type Environment = Readonly<Record<string, string>>

export interface Stack {
  /** The folder. */
  readonly name: string
  readonly title: string
  /** Its column's head. */
  readonly short: string
  /** What a reader installs beside the packages. */
  readonly packages: ReadonlyArray<string>
  readonly callers: ReadonlyArray<Caller>
  readonly wire: Wire
  readonly operation: RegExp
  readonly attempt: RegExp
  /** What `node` is started with, before the program. */
  readonly start: ReadonlyArray<string>
  /** What a reader sets, too; the page shows it with the value that is here. */
  readonly environment: Environment
  /** Names the intake, and hurries the tool. */
  readonly sendTo: (intake: Intake) => Environment
  /** Whether the tool has connected, if it throws away what was before that. */
  readonly isConnected?: (requests: Intake["requests"]) => boolean
  /** Assertions that hold only when the program has ended: the tool sends some of it then, or after a minute. */
  readonly atEnd?: ReadonlyArray<string>
  /** Started as `start` and `environment` do not say: the lines that a reader can forget, and the warnings that tell. */
  readonly forgotten?: {
    readonly start: ReadonlyArray<string>
    readonly environment?: Environment
    readonly warnings: ReadonlyArray<RegExp>
    /** What must fail then: an assertion that can't see it would prove nothing. */
    readonly breaks: ReadonlyArray<string>
  }
  /** What the page says beside the set-up. */
  readonly notes: string
  /** Assertions that do not hold, and why. */
  readonly exceptions: Readonly<Record<string, string>>
}

const names = { operation: /^Cloudauth\.checkResult$/, attempt: /^Cloudauth\.attempt$/ }
const unregistered = /no OpenTelemetry provider is registered/

const instrumentationKey = "InstrumentationKey=00000000-0000-0000-0000-000000000001"

const belowExit =
  "Elastic APM records nothing below a call of another service; the metric `cloudauth.operation.attempts` has the number."

const untyped =
  "The tool's bridge gives spans of OpenTelemetry no type (`sentry.op`, `span.type`): name, kind and peer tell what they are."

const otlpEnvironment: Environment = {
  OTEL_SERVICE_NAME: "checkout",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318"
}

const otlpTo = ({ port }: Intake): Environment => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  // Not to wait: the defaults are seconds to a minute.
  OTEL_BSP_SCHEDULE_DELAY: "200",
  OTEL_METRIC_EXPORT_INTERVAL: "1000",
  OTEL_METRIC_EXPORT_TIMEOUT: "900",
  OTEL_NODE_RESOURCE_DETECTORS: "none"
})

/** In place of protobuf, which is the default. */
const json: Environment = { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }

const autoInstrumentations = (version: string, auto: string, protocol: Environment): Stack => ({
  name: `opentelemetry-${version}`,
  title: `OpenTelemetry's auto-instrumentations, SDK ${version} (auto-instrumentations ${auto})`,
  short: `OpenTelemetry ${version}`,
  packages: ["@opentelemetry/api", "@opentelemetry/auto-instrumentations-node"],
  callers: ["effect", "promise"],
  wire: otlp,
  ...names,
  start: ["--import", "@opentelemetry/auto-instrumentations-node/register"],
  environment: otlpEnvironment,
  sendTo: (intake) => ({ ...otlpTo(intake), ...protocol }),
  forgotten: { start: [], warnings: [unregistered], breaks: ["Effect client: the operation below the caller"] },
  notes: "Nothing else is needed: the client's requests are hidden from the instrumentation.",
  exceptions: {}
})

export const stacks: ReadonlyArray<Stack> = [
  autoInstrumentations("2", "0.81", {}),
  autoInstrumentations("3", "0.82", json),
  {
    name: "sentry",
    title: "Sentry 11",
    short: "Sentry 11",
    packages: ["@opentelemetry/api", "@sentry/node"],
    callers: ["effect", "promise"],
    wire: sentry,
    ...names,
    start: ["--import", "./instrumentation.mjs"],
    environment: { SENTRY_DSN: "https://key@o1.ingest.sentry.io/1" },
    sendTo: ({ port }) => ({ SENTRY_DSN: `http://key@127.0.0.1:${port}/1` }),
    forgotten: {
      start: ["--import", "./forgotten.mjs"],
      warnings: [/Sentry records the client's requests/, /Sentry records the transaction id in the query of callbacks/],
      breaks: privacy
    },
    notes:
      "Without the two integrations the client logs a warning: Sentry would record the ids and send the vendor its headers.",
    exceptions: { "The tool has a type for it": untyped, Metrics: "Sentry takes no OpenTelemetry metrics." }
  },
  {
    name: "datadog",
    title: "Datadog, dd-trace 6",
    short: "Datadog",
    packages: ["@opentelemetry/api", "dd-trace"],
    callers: ["effect", "promise"],
    wire: datadog,
    ...names,
    start: ["--import", "./instrumentation.mjs"],
    environment: { DD_SERVICE: "checkout", DD_METRICS_OTEL_ENABLED: "true" },
    sendTo: ({ port }) => ({
      DD_TRACE_AGENT_URL: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_METRIC_EXPORT_INTERVAL: "1000",
      OTEL_METRIC_EXPORT_TIMEOUT: "900",
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
      DD_REMOTE_CONFIGURATION_ENABLED: "false",
      DD_TRACE_STARTUP_LOGS: "false"
    }),
    forgotten: {
      start: ["--import", "./forgotten.mjs"],
      warnings: [
        /dd-trace records the client's requests/,
        /dd-trace records the transaction id in the query of callbacks/
      ],
      breaks: ["No header of the tool's reaches the vendor"]
    },
    notes:
      "Without the block lists the client logs a warning: dd-trace would record each request twice and send the vendor its headers. DNS look-ups and new connections to the vendor stay visible as traces of their own, without ids.",
    exceptions: { "The tool has a type for it": untyped }
  },
  {
    name: "new-relic",
    title: "New Relic 14",
    short: "New Relic",
    packages: ["@opentelemetry/api", "newrelic"],
    callers: ["effect", "promise"],
    wire: newRelic,
    operation: /^External\/cloudauth-intl[^/]+\/Cloudauth\/(.*\/)?CheckResult$/,
    attempt: /^External\/cloudauth-intl[^/]+\/$/,
    start: ["--import", "newrelic/esm-loader.mjs", "--import", "newrelic"],
    environment: {
      NEW_RELIC_APP_NAME: "checkout",
      NEW_RELIC_NO_CONFIG_FILE: "true",
      NEW_RELIC_OPENTELEMETRY_ENABLED: "true"
    },
    sendTo: ({ securePort }) => ({
      NEW_RELIC_HOST: "127.0.0.1",
      NEW_RELIC_PORT: String(securePort),
      NEW_RELIC_LICENSE_KEY: "a".repeat(40),
      NEW_RELIC_LOG_ENABLED: "false",
      NEW_RELIC_OPENTELEMETRY_METRICS_EXPORT_INTERVAL: "2000",
      NEW_RELIC_OPENTELEMETRY_METRICS_EXPORT_TIMEOUT: "1900",
      // Not to ask clouds for the machine's name.
      ...Object.fromEntries(
        ["AWS", "AZURE", "AZUREFUNCTION", "GCP", "PCF", "DOCKER", "KUBERNETES"].map((cloud) => [
          `NEW_RELIC_UTILIZATION_DETECT_${cloud}`,
          "false"
        ])
      )
    }),
    isConnected: (requests) => requests.some(({ url }) => url.includes("method=agent_settings")),
    forgotten: {
      start: ["--import", "newrelic/esm-loader.mjs", "--import", "newrelic"],
      environment: { NEW_RELIC_OPENTELEMETRY_ENABLED: "false" },
      warnings: [unregistered],
      breaks: ["Effect client: the operation below the caller"]
    },
    notes:
      "New Relic names the operation `External/<host>/Cloudauth/Cloudauth/CheckResult`, and an attempt `External/<host>/`. Give the callback a route of a framework: without one, New Relic names the transaction by its URL (`url_obfuscation` in its settings).",
    exceptions: {}
  },
  {
    name: "elastic-apm",
    title: "Elastic APM 4",
    short: "Elastic APM",
    packages: ["@opentelemetry/api", "elastic-apm-node"],
    callers: ["effect", "promise"],
    wire: elastic,
    ...names,
    start: ["--import", "./instrumentation.mjs"],
    environment: {
      ELASTIC_APM_SERVICE_NAME: "checkout",
      ELASTIC_APM_SERVER_URL: "http://127.0.0.1:8200",
      ELASTIC_APM_OPENTELEMETRY_BRIDGE_ENABLED: "true"
    },
    sendTo: ({ port }) => ({
      ELASTIC_APM_SERVER_URL: `http://127.0.0.1:${port}`,
      ELASTIC_APM_API_REQUEST_TIME: "1s",
      ELASTIC_APM_METRICS_INTERVAL: "1s",
      ELASTIC_APM_CENTRAL_CONFIG: "false",
      ELASTIC_APM_CLOUD_PROVIDER: "none",
      ELASTIC_APM_LOG_LEVEL: "warn"
    }),
    forgotten: {
      start: ["--import", "./instrumentation.mjs"],
      environment: { ELASTIC_APM_OPENTELEMETRY_BRIDGE_ENABLED: "false" },
      warnings: [unregistered],
      breaks: ["Effect client: the operation below the caller"]
    },
    notes:
      "Elastic's OpenTelemetry distribution (`@elastic/opentelemetry-node`) has neither of the two gaps in the table below: it is OpenTelemetry.",
    exceptions: {
      "Effect client: its attempts below the operation": belowExit,
      "Promise client: its attempts below the operation": belowExit,
      "A failed call and a failed attempt are errors":
        "The bridge of Elastic APM gives every span the outcome `unknown`; `error.type` says what failed."
    }
  },
  {
    name: "azure-monitor",
    title: "Azure Monitor, @azure/monitor-opentelemetry 1.21",
    short: "Azure Monitor",
    packages: ["@opentelemetry/api", "@azure/monitor-opentelemetry"],
    callers: ["effect", "promise"],
    wire: azure,
    operation: names.operation,
    attempt: /^POST \/$/,
    start: ["--import", "./instrumentation.mjs"],
    environment: {
      OTEL_SERVICE_NAME: "checkout",
      APPLICATIONINSIGHTS_CONNECTION_STRING: instrumentationKey
    },
    sendTo: ({ securePort }) => ({
      APPLICATIONINSIGHTS_CONNECTION_STRING: `${instrumentationKey};IngestionEndpoint=https://127.0.0.1:${securePort}/;LiveEndpoint=https://127.0.0.1:${securePort}/`,
      APPLICATION_INSIGHTS_NO_STATSBEAT: "1",
      // All spans: the default is five traces a second.
      OTEL_TRACES_SAMPLER: "always_on",
      OTEL_BSP_SCHEDULE_DELAY: "200",
      OTEL_METRIC_EXPORT_INTERVAL: "1000"
    }),
    forgotten: { start: [], warnings: [unregistered], breaks: ["Effect client: the operation below the caller"] },
    notes:
      "Azure shows the operation as a dependency `Cloudauth.checkResult` of the target `Cloudauth`, with the type `GRPC` that it gives every RPC, and an attempt as `POST /`. Without `OTEL_TRACES_SAMPLER` it keeps five traces a second.",
    exceptions: {}
  },
  {
    name: "effect-otlp",
    title: "Effect's own OTLP exporter",
    short: "Effect's OTLP",
    packages: [],
    callers: ["effect"],
    wire: otlp,
    ...names,
    start: [],
    environment: otlpEnvironment,
    sendTo: otlpTo,
    notes: "`@effect-cloudauth/otel` is not needed.",
    exceptions: {}
  },
  {
    name: "effect-node-sdk",
    title: "NodeSdk.layer of @effect/opentelemetry",
    short: "NodeSdk.layer",
    packages: [
      "@effect/opentelemetry",
      "@opentelemetry/api",
      "@opentelemetry/exporter-metrics-otlp-http",
      "@opentelemetry/exporter-trace-otlp-http",
      "@opentelemetry/resources",
      "@opentelemetry/sdk-metrics",
      "@opentelemetry/sdk-trace-base",
      "@opentelemetry/sdk-trace-node"
    ],
    callers: ["effect"],
    wire: otlp,
    ...names,
    start: [],
    environment: otlpEnvironment,
    sendTo: otlpTo,
    atEnd: ["Metrics"],
    notes: "`CloudauthOtel.layer` is the cheap tracer; without it spans and metrics are the same.",
    exceptions: {}
  }
]
