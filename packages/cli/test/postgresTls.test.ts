import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import * as ExitCode from "../src/ExitCode.ts"
import * as Postgres from "../src/Postgres.ts"
import { makeCertificates } from "./certificates.ts"
import { startServer } from "./postgres.ts"
import { run } from "./support.ts"

const directory = mkdtempSync(join(tmpdir(), "cloudauth-tls-"))

// 0.0.0.0 leads to this machine, and does not look like it: a remote host.
const { authority, ...certificate } = makeCertificates(directory, "DNS:localhost,IP:0.0.0.0")
const tls = await startServer(certificate)
const plain = await startServer()

if (tls === undefined) {
  // eslint-disable-next-line no-console
  console.warn("SKIPPED: TLS to PostgreSQL. Install PostgreSQL.")
}

afterAll(async () => {
  await Promise.all([tls?.stop(), plain?.stop()])
  rmSync(directory, { recursive: true, force: true })
})

const urlOf = (server: { readonly url: string } | undefined, host: string, parameters: Record<string, string>) => {
  const url = new URL(server?.url ?? "postgres://test@127.0.0.1/none")
  url.hostname = host
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** Whether a connection is encrypted, or why there is none. */
const connect = (url: string, env: Record<string, string> = {}) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const [row] = yield* sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`
    return row?.["ssl"] === true ? "encrypted" : "clear text"
  }).pipe(
    Effect.provide(
      Postgres.layer({ url: Redacted.make(url), applicationName: "test" }).pipe(
        Layer.provide(Layer.succeed(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })))
      )
    ),
    Effect.catchTag("SqlError", (error) => Effect.succeed(Postgres.reasonOf(error))),
    Effect.catchTag("Failure", (error) => Effect.succeed(error.message))
  )

const mine = { sslrootcert: authority }

describe.skipIf(tls === undefined)("PostgreSQL with TLS", () => {
  it.live.each<readonly [host: string, parameters: Record<string, string>, expected: string]>([
    ["localhost", {}, "clear text"],
    ["localhost", { sslmode: "verify-full", ...mine }, "encrypted"],
    ["localhost", { sslmode: "require", ...mine }, "encrypted"],
    ["localhost", { sslmode: "verify-ca", ...mine }, "encrypted"],
    ["localhost", { ...mine }, "encrypted"],
    ["localhost", { sslmode: "no-verify" }, "encrypted"],
    ["0.0.0.0", { ...mine }, "encrypted"],
    ["0.0.0.0", { sslmode: "disable" }, "clear text"],
    ["127.0.0.1", { sslmode: "verify-ca", ...mine }, "encrypted"]
  ])("%s with %j: %s", ([host, parameters, expected]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* connect(urlOf(tls, host, parameters)), expected)
    })
  )

  it.live.each<readonly [host: string, parameters: Record<string, string>, expected: RegExp]>([
    ["0.0.0.0", {}, /sslrootcert=FILE \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/],
    ["localhost", { sslmode: "require" }, /sslrootcert=FILE/],
    ["127.0.0.1", { sslmode: "verify-full", ...mine }, /another host/],
    ["localhost", { sslmode: "verify-full", sslrootcert: "system" }, /sslrootcert=FILE/]
  ])("%s with %j is not trusted: %s", ([host, parameters, expected]) =>
    Effect.gen(function* () {
      assert.match(yield* connect(urlOf(tls, host, parameters)), expected)
    })
  )

  it.live("takes PGSSLMODE and PGSSLROOTCERT if the URL says nothing, and the URL before them", () =>
    Effect.gen(function* () {
      const env = { PGSSLMODE: "verify-full", PGSSLROOTCERT: authority }
      assert.strictEqual(yield* connect(urlOf(tls, "localhost", {}), env), "encrypted")
      assert.strictEqual(yield* connect(urlOf(tls, "localhost", { sslmode: "disable" }), env), "clear text")
      assert.match(yield* connect(urlOf(plain, "localhost", {}), { PGSSLMODE: "require" }), /offers no TLS/)
      assert.match(yield* connect(urlOf(tls, "localhost", {}), { PGSSLMODE: "prefer" }), /PGSSLMODE=prefer is refused/)
    })
  )

  it.live("sends nothing in clear text to another machine unless told to", () =>
    Effect.gen(function* () {
      assert.match(yield* connect(urlOf(plain, "0.0.0.0", {})), /offers no TLS/)
      assert.match(yield* connect(urlOf(plain, "localhost", { host: "0.0.0.0" })), /offers no TLS/)
      assert.strictEqual(yield* connect(urlOf(plain, "0.0.0.0", { sslmode: "disable" })), "clear text")
    })
  )

  it.live("refuses what it can't honour, before it connects", () =>
    Effect.gen(function* () {
      const garbage = join(directory, "garbage.pem")
      writeFileSync(garbage, "no certificate")
      const refused = (parameters: Record<string, string>, env?: Record<string, string>) =>
        connect(urlOf({ url: "postgres://test:PASSWORDCANARY@localhost:1/x" }, "localhost", parameters), env)
      for (const [parameters, words] of [
        [{ sslmode: "prefer" }, /sslmode=prefer is refused/],
        [{ sslmode: "allow" }, /sslmode=allow is refused/],
        [{ sslmode: "verify_full" }, /sslmode must be one of disable, require/],
        [{ sslmode: "" }, /sslmode must be one of/],
        [{ sslmode: "verify-full", sslrootcert: "/nonexistent.pem" }, /sslrootcert cannot be read \(ENOENT\)/],
        [{ sslmode: "verify-full", sslrootcert: garbage }, /sslrootcert has no PEM text/],
        [{ sslmode: "disable", ...mine }, /sslrootcert has no effect/],
        [{ sslcert: authority }, /need each other/],
        [{ sslnegotiation: "direct" }, /sslnegotiation is not honoured/],
        [{ ssl: "true" }, /ssl is not honoured/]
      ] as const) {
        const message = yield* refused(parameters)
        assert.match(message, words)
        assert.notInclude(message, "PASSWORDCANARY")
      }
      const twice = `${urlOf({ url: "postgres://x" }, "localhost", { sslmode: "disable" })}&sslmode=require`
      assert.match(yield* connect(twice), /2 times/)
    })
  )

  it.live("is one rule for the command, which ends with a usage error", () =>
    Effect.gen(function* () {
      const url = urlOf(tls, "0.0.0.0", { sslmode: "prefer" })
      const ran = yield* run(["report", "--store", url])
      assert.strictEqual(ran.code, ExitCode.table.Usage.code)
      assert.include(ran.stderr, "sslmode=prefer is refused")
      const untrusted = yield* run(["report", "--store", urlOf(tls, "0.0.0.0", {})])
      assert.strictEqual(untrusted.code, ExitCode.table.Storage.code)
      assert.include(untrusted.stderr, "sslrootcert=FILE")
    })
  )
})
