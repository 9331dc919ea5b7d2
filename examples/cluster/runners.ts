/**
 * Two runners and the service that they ask, here an emulated one with a quota of 20 calls a second. Ctrl-C ends them;
 * what they had not finished they finish the next time. `kill -9` one of them and watch the other take over.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Server from "@effect-cloudauth/emulator/Server"
import { ids, servers } from "./setting.ts"

const program = join(import.meta.dirname, "../../packages/cluster/src/bin/runner.ts")
const quota = 20
const port = Number(process.env["PORT"] ?? 34431)

const passed = Scenario.passed({ document: "global-passport", personPerTransaction: true })
const service = await Server.start({ qps: quota, defaultScenario: passed })
// One in ten users needs a moment longer.
for (const id of ids.filter((_, index) => index % 10 === 0)) {
  service.gateway.register(id, Scenario.sequence([Scenario.notCompleted, passed]))
}

const runners = [port, port + 1].map((port) =>
  spawn(process.execPath, [program], {
    stdio: "inherit",
    env: {
      ...process.env,
      ...servers,
      HOST: "127.0.0.1",
      PORT: String(port),
      CLOUDAUTH_ENDPOINT: service.url,
      CLOUDAUTH_QPS: String(quota),
      CLOUDAUTH_ACCOUNT: "example",
      CLOUDAUTH_IMAGES: join(import.meta.dirname, "images"),
      ALIBABA_CLOUD_ACCESS_KEY_ID: service.gateway.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: service.gateway.accessKeySecret
    }
  })
)
console.log(`The service, and its page: ${service.url}. Runners: ${runners.map(({ pid }) => pid).join(", ")}`)

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => runners.forEach((runner) => runner.kill("SIGTERM")))
}
const codes = await Promise.all(runners.map(async (runner) => (await once(runner, "exit"))[0]))
await service.close()
if (codes.every((code) => code === 50)) {
  console.log("No PostgreSQL, no Redis? The example `collect` does the same in one process, without servers.")
  process.exitCode = 1
}
