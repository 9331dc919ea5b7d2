/**
 * Two runners and the service that they ask, here an emulated one with a quota of 20 calls a second. Ctrl-C ends them;
 * what they had not finished they finish the next time. `kill -9` one of them and watch the other take over.
 */
import { spawn } from "node:child_process"
import { join } from "node:path"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import * as Server from "@effect-cloudauth/emulator/Server"
import { servers } from "./servers.ts"

const runner = join(import.meta.dirname, "../../packages/cluster/src/bin/runner.ts")
const quota = 20

const service = await Server.start({
  qps: quota,
  // One in ten users needs a moment longer.
  defaultScenario: Scenario.passed({ document: "global-passport", personPerTransaction: true })
})
for (let index = 0; index < 200; index += 10) {
  service.gateway.register(
    `example${index}`,
    Scenario.sequence([Scenario.notCompleted, Scenario.passed({ document: "global-passport" })])
  )
}

const runners = [34431, 34432].map((port) =>
  spawn(process.execPath, [runner], {
    stdio: "inherit",
    env: {
      ...process.env,
      ...servers,
      HOST: "127.0.0.1",
      PORT: String(port),
      CLOUDAUTH_ENDPOINT: service.url,
      CLOUDAUTH_QPS: String(quota),
      CLOUDAUTH_ACCOUNT: "example",
      CLOUDAUTH_IMAGES: join(import.meta.dirname, "photographs"),
      ALIBABA_CLOUD_ACCESS_KEY_ID: service.gateway.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: service.gateway.accessKeySecret
    }
  })
)
console.log(
  `The service: ${service.url} (its page shows the calls). Runners: ${runners.map(({ pid }) => pid).join(", ")}`
)

const end = () => {
  for (const runner of runners) runner.kill("SIGTERM")
}
process.once("SIGINT", end)
process.once("SIGTERM", end)
await Promise.all(runners.map((runner) => new Promise((resolve) => runner.once("exit", resolve))))
await service.close()
