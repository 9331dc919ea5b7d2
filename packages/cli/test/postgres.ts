/**
 * A PostgreSQL for tests: the server of `CLOUDAUTH_TEST_POSTGRES` (a URL), else, if the programs are installed, a server
 * in a temporary directory, else none.
 */
import { execFileSync, spawn } from "node:child_process"
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

export interface Server {
  readonly url: string
  readonly stop: () => Promise<void>
}

const binaries = (): string | undefined => {
  const root = "/usr/lib/postgresql"
  const found = existsSync(root)
    ? readdirSync(root)
        .map((version) => join(root, version, "bin"))
        .find((directory) => existsSync(join(directory, "initdb")) && existsSync(join(directory, "postgres")))
    : undefined
  return found
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

const idOf = (user: string, flag: "-u" | "-g"): number | undefined => {
  try {
    return Number(execFileSync("id", [flag, user], { stdio: ["ignore", "pipe", "ignore"] }).toString())
  } catch {
    return undefined
  }
}

/** What the server is to do about TLS: its certificate and key, as files' contents. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
}

const tlsFlags = (root: string, { certificate, key }: Certificate, owner: { uid?: number; gid?: number }) => {
  const files = { ssl_cert_file: join(root, "server.pem"), ssl_key_file: join(root, "server.key") }
  for (const [file, text] of [
    [files.ssl_cert_file, certificate],
    [files.ssl_key_file, key]
  ] as const) {
    writeFileSync(file, text, { mode: 0o600 })
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(file, owner.uid, owner.gid)
  }
  return ["-c", "ssl=on", ...Object.entries(files).flatMap(([name, file]) => ["-c", `${name}=${file}`])]
}

/** `undefined` if there is none. With a certificate it is always a server in a temporary directory. */
export const startServer = async (tls?: Certificate): Promise<Server | undefined> => {
  const given = tls === undefined ? process.env["CLOUDAUTH_TEST_POSTGRES"] : undefined
  if (given !== undefined && given !== "") return { url: given, stop: async () => {} }
  const bin = binaries()
  if (bin === undefined) return undefined
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0
  const uid = isRoot ? idOf("postgres", "-u") : undefined
  const gid = isRoot ? idOf("postgres", "-g") : undefined
  if (isRoot && (uid === undefined || gid === undefined)) return undefined
  const identity = uid === undefined || gid === undefined ? {} : { uid, gid }
  const root = mkdtempSync(join(tmpdir(), "cloudauth-pg-"))
  if (uid !== undefined && gid !== undefined) chownSync(root, uid, gid)
  const data = join(root, "data")
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "test", "-A", "trust", "--no-sync"], {
    ...identity,
    stdio: "ignore",
    cwd: root
  })
  const port = await freePort()
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", String(port), "-k", root, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"].concat(
      tls === undefined ? [] : tlsFlags(root, tls, identity)
    ),
    { ...identity, stdio: ["ignore", "ignore", "pipe"], cwd: root }
  )
  await new Promise<void>((resolve, reject) => {
    let log = ""
    server.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString()
      if (log.includes("ready to accept connections")) resolve()
    })
    server.once("exit", () => reject(new Error(`PostgreSQL did not start: ${log.slice(-500)}`)))
  })
  return {
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    stop: () =>
      new Promise((resolve) => {
        server.once("exit", () => {
          rmSync(root, { recursive: true, force: true })
          resolve()
        })
        server.kill("SIGINT")
      })
  }
}
