/** The flags of the emulator's commands: what a command line needs to know before the work is loaded. */
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Config from "effect/Config"

const port = Flag.Int("port").pipe(
  Flag.withDescription("The port to listen on; 0 takes a free one (default: 8787)"),
  Flag.withDefault(8787)
)
const host = Flag.String("host").pipe(
  Flag.withDescription("The address to listen on, 0.0.0.0 in a container (default: 127.0.0.1)"),
  Flag.withDefault("127.0.0.1")
)

export const serveFlags = {
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
      "What the admin API asks for; left out: nothing on the loopback, else a random token that is printed. Better in CLOUDAUTH_EMULATOR_ADMIN_TOKEN, which other users of this machine can't see"
    ),
    Flag.withFallbackConfig(Config.Redacted("CLOUDAUTH_EMULATOR_ADMIN_TOKEN")),
    Flag.optional
  ),
  adminHosts: Flag.String("admin-host").pipe(
    Flag.withDescription("A further name by which the admin API may be called; can be given more than once"),
    Flag.atLeast(0)
  ),
  replay: Flag.String("replay").pipe(Flag.withDescription("A recording to answer from"), Flag.optional)
}

export const recordFlags = {
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
}

export type ServeInput = Command.Command.Config.Infer<typeof serveFlags>

export type RecordInput = Command.Command.Config.Infer<typeof recordFlags>
