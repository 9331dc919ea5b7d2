/** A Prometheus of the machine's, and what its API answers. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { setTimeout as pause } from "node:timers/promises"

export const hasPrometheus = spawnSync("prometheus", ["--version"]).error === undefined
if (!hasPrometheus) {
  process.stderr.write("\n!! prometheus is missing: the metrics are NOT read back. apt-get install prometheus\n\n")
}

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}

/** What Prometheus' API answers, as far as it is looked at. */
export interface Answer {
  readonly status: string
  readonly error?: string
  readonly data: {
    readonly result: ReadonlyArray<{ readonly value: readonly [number, string] }>
    readonly alerts: ReadonlyArray<{ readonly state: string; readonly labels: Readonly<Record<string, string>> }>
    readonly groups: ReadonlyArray<{
      readonly rules: ReadonlyArray<{ readonly name: string; readonly health: string; readonly lastError?: string }>
    }>
  }
}

/** Starts Prometheus on a folder with its `prometheus.yml`. */
export const start = (folder: string, port: number): ChildProcess =>
  spawn(
    "prometheus",
    [
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=data",
      "--storage.tsdb.retention.time=60d",
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error"
    ],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"] }
  )

export const stop = async (child: ChildProcess): Promise<void> => {
  child.kill()
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
}

/** Looks until there is something to see; a real server takes the time that it takes. */
export const seen = async <A>(what: string, look: () => Promise<A | undefined>): Promise<A> => {
  for (const end = Date.now() + 45_000; Date.now() < end; await pause(250)) {
    const found = await look().catch(() => undefined)
    if (found !== undefined) return found
  }
  throw new Error(`not seen in time: ${what}`)
}
