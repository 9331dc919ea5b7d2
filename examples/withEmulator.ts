/**
 * Runs one of these examples as it is, against an emulator instead of the vendor:
 *
 *     node withEmulator.ts quickstart/main.ts hksb-rejected-212
 *
 * The emulator (and a stand-in for a vault) listens on a free port of the loopback; the example finds it through the
 * environment, as it would find the real service. Arguments, output, signals and the exit code are passed on.
 */
import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:net"
import { constants } from "node:os"
import * as Server from "@effect-cloudauth/emulator/Server"
import * as VaultStandIn from "./custom-credentials/VaultStandIn.ts"

const freePort = async (): Promise<string> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? String(address.port) : "0"
}

const [program, ...parameters] = process.argv.slice(2)
if (program === undefined) throw new Error("Usage: node withEmulator.ts PROGRAM [ARGUMENT ...]")

// A user finishes half a second after the beginning; then the platform calls.
const emulator = await Server.start({ journeys: { completesAfterMillis: 500 } })
const vault = await VaultStandIn.start(emulator.gateway)

const port = process.env.PORT ?? (await freePort())

const child = spawn(process.execPath, [program, ...parameters], {
  stdio: "inherit",
  env: {
    ...process.env,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    // Real keys never go to an example.
    ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.gateway.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: emulator.gateway.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: undefined,
    CLOUDAUTH_ENDPOINT: emulator.url,
    CLOUDAUTH_CALLBACK_TOKEN: randomBytes(16).toString("hex"),
    USER_ID_KEY: randomBytes(16).toString("hex"),
    VAULT_ADDR: vault.url,
    VAULT_TOKEN: vault.token,
    VAULT_ROLE: vault.role,
    VAULT_REFRESH_AHEAD: "1 second"
  }
})

process.on("SIGTERM", () => child.kill("SIGTERM"))
// A terminal interrupts the example by itself; this process waits for its end.
process.on("SIGINT", () => undefined)

child.on("error", (error) => console.error(error.message))
child.on("close", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128 + constants.signals[signal])
  void Promise.all([emulator.close(), vault.close()]).then(() => process.exit())
})
