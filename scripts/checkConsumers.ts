/**
 * Installs the tarballs into the empty projects of `consumers` and runs each against the packed emulator: ECMAScript
 * modules, CommonJS, bundlers, TypeScript, the commands, and each package with nothing but its own dependencies. A text after
 * the command runs only the checks whose name has it.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process"
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline/promises"
import { promisify } from "node:util"
import { lowestEffect, laterEffects } from "./effectVersions.ts"
import { pnpm } from "./pnpm.ts"
import { pack, type Tarball } from "./tarballs.ts"

const run = promisify(execFile)
const root = join(import.meta.dirname, "..")

const install = (folder: string, tarballs: ReadonlyArray<Tarball>): void => {
  cpSync(join(import.meta.dirname, "consumers"), folder, { recursive: true })
  for (const { name } of tarballs) {
    const alone = join(folder, `alone-${name.split("/")[1]}`)
    mkdirSync(alone)
    copyFileSync(join(folder, "alone.js"), join(alone, "main.js"))
    const manifest = { private: true, type: "module", dependencies: { [name]: "*", effect: "lowest" } }
    writeFileSync(join(alone, "package.json"), JSON.stringify(manifest))
  }
  for (const { project } of laterEffects) cpSync(join(folder, "typescript"), join(folder, project), { recursive: true })
  for (const manifest of globSync("*/package.json", { cwd: folder })) {
    const project = dirname(manifest)
    const version = laterEffects.find((later) => later.project === project)?.version ?? lowestEffect
    const text = readFileSync(join(folder, manifest), "utf8").replace(/"effect": ?"lowest"/, `"effect":"${version}"`)
    writeFileSync(join(folder, manifest), text.replace(/"name": "typescript"/, `"name": "${project}"`))
  }
  for (const project of ["otel-sdk2", "otel-sdk3"])
    copyFileSync(join(folder, "otel.js"), join(folder, project, "main.js"))
  // Not yet published, they depend on each other: without this the registry would be asked for them.
  const overrides = tarballs.map(({ name, path }) => `  "${name}": "file:${path}"\n`)
  for (const workspace of [folder, join(folder, "otel-api")]) {
    appendFileSync(join(workspace, "pnpm-workspace.yaml"), `\noverrides:\n${overrides.join("")}`)
    const [program, ...args] = pnpm
    execFileSync(program, [...args, "install", "--prefer-offline", "--no-frozen-lockfile"], {
      cwd: workspace,
      stdio: ["ignore", "ignore", "inherit"]
    })
  }
}

const command = (folder: string, name: string): string => join(folder, "commands/node_modules/.bin", name)

/** The packed emulator by its own command, and what its greeting says. */
const startEmulator = async (
  folder: string
): Promise<{ readonly emulator: ChildProcess; readonly environment: Record<string, string> }> => {
  const emulator = spawn(command(folder, "effect-cloudauth-emulator"), ["--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  let greeting = ""
  for await (const line of createInterface(emulator.stdout)) {
    greeting += `${line}\n`
    const environment = Object.fromEntries(
      Array.from(greeting.matchAll(/^export (\w+)=(\S+)$/gm), ([, name, value]) => [name, value])
    )
    if (environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] === undefined) continue
    emulator.stdout.resume()
    return { emulator, environment }
  }
  throw new Error(`the emulator did not start: ${greeting}`)
}

interface Check {
  readonly name: string
  readonly folder: string
  /** One after another. */
  readonly commands: ReadonlyArray<readonly [string, ...ReadonlyArray<string>]>
  /** What the last one prints. */
  readonly prints: RegExp
}

const node = process.execPath

const passed = /^Passed UTO$/

/** The Nodes of the compatibility tests, if they are installed. */
const otherNodes = ["node22", "node26"]
  .map((name) => ({ name, path: join(root, "packages/node/test/runtimes/node_modules", name, "bin/node") }))
  .filter(({ path }) => existsSync(path))

/** esbuild keeps `require` for the modules of Node's that undici asks for; an ECMAScript module has none by itself. */
const withRequire = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)"

const bundlers: ReadonlyArray<Check> = [
  {
    name: "esbuild, for Node",
    folder: "bundled",
    commands: [
      [
        "node_modules/.bin/esbuild",
        "node.js",
        "--bundle",
        "--minify",
        "--platform=node",
        "--format=esm",
        `--banner:js=${withRequire}`,
        "--outfile=esbuild/node.mjs"
      ],
      [node, "run.js", "esbuild/node.mjs"]
    ],
    prints: passed
  },
  {
    name: "esbuild, for the edge",
    folder: "bundled",
    commands: [
      [
        "node_modules/.bin/esbuild",
        "edge.js",
        "--bundle",
        "--minify",
        "--platform=browser",
        "--format=esm",
        "--outfile=esbuild/edge.mjs"
      ],
      [node, "run.js", "esbuild/edge.mjs"]
    ],
    prints: passed
  },
  ...[
    { name: "esbuild, a client in a page", page: "page", program: "refused.js", prints: /^refused$/ },
    { name: "esbuild, a result in a page", page: "view", program: "shown.js", prints: passed }
  ].map(({ name, page, prints, program }): Check => ({
    name,
    folder: "bundled",
    commands: [
      [
        "node_modules/.bin/esbuild",
        `${page}.js`,
        "--bundle",
        "--platform=browser",
        "--format=esm",
        `--outfile=esbuild/${page}.mjs`
      ],
      [node, program]
    ],
    prints
  })),
  {
    name: "Rollup, for Node",
    folder: "bundled",
    commands: [
      ["node_modules/.bin/rollup", "--config"],
      [node, "run.js", "rollup/node.mjs"]
    ],
    prints: passed
  },
  {
    name: "Vite, for Node",
    folder: "bundled",
    commands: [
      ["node_modules/.bin/vite", "build", "--config", "vite.node.js"],
      [node, "run.js", "vite/node.mjs"]
    ],
    prints: passed
  },
  {
    name: "Vite, for the edge",
    folder: "bundled",
    commands: [
      ["node_modules/.bin/vite", "build", "--config", "vite.edge.js"],
      [node, "run.js", "vite/edge.mjs"]
    ],
    prints: passed
  }
]

/** Every package in one program, compiled by one TypeScript and run. */
const compiled = (folder: string, version: string, module: string, resolution: string): Check => {
  const output = `dist/${version}/${resolution}`
  const tsc = [`node_modules/${version}/bin/tsc`, "--module", module, "--moduleResolution", resolution]
  return {
    name: `${folder}: ${version}, ${resolution}`,
    folder,
    commands: [
      [node, ...tsc, "--outDir", output],
      [node, `${output}/main.js`]
    ],
    prints: passed
  }
}

/** The lowest Effect with every resolution, later ones with one. */
const typescript: ReadonlyArray<Check> = ["typescript-5.9", "typescript-7"].flatMap((version) => [
  compiled("typescript", version, "node16", "node16"),
  compiled("typescript", version, "nodenext", "nodenext"),
  compiled("typescript", version, "preserve", "bundler"),
  ...laterEffects.map(({ project }) => compiled(project, version, "nodenext", "nodenext"))
])

/** How much the compiler has to do for a program that makes a call. */
const weight: Check = {
  name: "typescript-7, instantiations",
  folder: "typescript",
  commands: [[node, "weigh.js"]],
  prints: /^Passed \d+$/
}

/**
 * The client that has everything inside, installed by npm beside Effect 3 and beside nothing: npm refuses a peer that does not
 * fit. ECMAScript modules, `require`, a browser, which is refused, and both TypeScripts.
 */
const standalone = (folder: string, tarballs: ReadonlyArray<Tarball>): ReadonlyArray<Check> =>
  [
    { name: "beside Effect 3", beside: ["effect@3"] },
    { name: "beside nothing", beside: [] }
  ].map(({ beside, name }): Check => {
    const project = `standalone-${beside.length}`
    cpSync(join(import.meta.dirname, "standalone"), join(folder, project), { recursive: true })
    writeFileSync(join(folder, project, "package.json"), JSON.stringify({ private: true, type: "module" }))
    const tarball = tarballs.find((tarball) => tarball.name === "@effect-cloudauth/client")
    if (tarball === undefined) throw new Error("@effect-cloudauth/client was not packed")
    const esbuild = join(folder, "bundled/node_modules/.bin/esbuild")
    const compiled = ["typescript-5.9", "typescript-7"].flatMap((version): Check["commands"] => [
      [node, join(folder, `typescript/node_modules/${version}/bin/tsc`), "--outDir", `dist/${version}`],
      [node, `dist/${version}/main.js`]
    ])
    return {
      name: `@effect-cloudauth/client ${name}`,
      folder: project,
      commands: [
        ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", tarball.path, "@types/node@24", ...beside],
        [node, "main.mjs"],
        [node, "main.cjs"],
        [esbuild, "page.mjs", "--bundle", "--platform=browser", "--format=esm", "--outfile=page/page.mjs"],
        [node, "refused.mjs"],
        ...compiled
      ],
      prints: passed
    }
  })

/** The README's command and first program, in an empty folder: npm, and all tarballs at once. */
const readme = (folder: string, packed: string): Check => {
  const text = readFileSync(join(root, "README.md"), "utf8")
  const [command = ""] = /^npm install effect .*\.tgz/m.exec(text) ?? []
  const [, program = ""] = /^```ts run\n([\s\S]*?)^```$/m.exec(text) ?? []
  const install = command.replace("../effect-cloudauth/tarballs", packed)
  if (install === command || program === "") throw new Error("The README lacks its command, or its first program")
  const project = join(folder, "readme")
  mkdirSync(project)
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }))
  writeFileSync(join(project, "main.ts"), program)
  return {
    name: "README",
    folder: "readme",
    commands: [
      ["sh", "-c", `${install} --no-audit --no-fund --prefer-offline`],
      [node, "main.ts"]
    ],
    prints: /^Welcome, \S/
  }
}

const traced = "checkout > Cloudauth.checkResult > Cloudauth.attempt"

/** The ends of the range of OpenTelemetry's versions, and each entry point with the API alone. */
const openTelemetry: ReadonlyArray<Check> = [
  {
    name: "otel, the API alone",
    folder: "otel-api",
    commands: [
      [node, "node_modules/typescript-7/bin/tsc"],
      [node, "dist/main.js"]
    ],
    prints: /(^|\n)TestSdkMissing SdkUnavailable$/
  },
  ...["otel-sdk2", "otel-sdk3"].map((folder) => ({
    name: folder,
    folder,
    commands: [[node, "main.js"]] as const,
    prints: new RegExp(`^${traced}, ${traced} true$`)
  }))
]

/** Commands that say the version of their package. */
const versions = [
  ["effect-cloudauth", "@effect-cloudauth/cli"],
  ["effect-cloudauth-emulator", "@effect-cloudauth/emulator"],
  ["effect-cloudauth-submit", "@effect-cloudauth/cluster"]
] as const

const checks = (folder: string, packed: string, tarballs: ReadonlyArray<Tarball>): ReadonlyArray<Check> => [
  readme(folder, packed),
  ...typescript,
  weight,
  ...bundlers,
  ...standalone(folder, tarballs),
  ...openTelemetry,
  ...[{ name: process.version, path: node }, ...otherNodes].flatMap(({ name, path }): ReadonlyArray<Check> => [
    { name: `ECMAScript modules, ${name}`, folder: "esm", commands: [[path, "main.js"]], prints: passed },
    { name: `CommonJS, ${name}`, folder: "commonjs", commands: [[path, "main.js"]], prints: passed }
  ]),
  {
    name: "two copies of Effect",
    folder: "esm",
    commands: [
      ["cp", "-RL", "node_modules/effect", "effect-copy"],
      [node, "twoCopies.js"]
    ],
    prints: /^accessKeySecret is a Redacted that can't be read\. .*two copies of effect are installed/
  },
  { name: "transports", folder: "esm", commands: [[node, "transports.js"]], prints: /^Passed Passed$/ },
  {
    name: "effect-cloudauth",
    folder: "commands",
    commands: [[command(folder, "effect-cloudauth"), "check", "hksb-passed-hong-kong-identity-card", "--quiet"]],
    prints: /Passed/
  },
  {
    name: "effect-cloudauth-runner",
    folder: "commands",
    // It has no flags: without a database it says what is missing.
    commands: [["sh", "-c", `! '${command(folder, "effect-cloudauth-runner")}' 2>&1`]],
    prints: /^DATABASE_URL is not set/
  },
  ...versions.map(([name, of]): Check => {
    const version = tarballs.find((tarball) => tarball.name === of)?.version
    return {
      name: `${name} --version`,
      folder: "commands",
      commands: [[command(folder, name), "--version"]],
      prints: new RegExp(`^${name} v${version}$`)
    }
  }),
  ...tarballs.map(({ name }): Check => {
    const alone = `alone-${name.split("/")[1]}`
    return { name: `${name} alone`, folder: alone, commands: [[node, "main.js"]], prints: /^Passed \d+ modules$/ }
  })
]

const folder = mkdtempSync(join(tmpdir(), "consumers-"))
let emulator: ChildProcess | undefined

try {
  const began = performance.now()
  const packed = join(folder, "tarballs")
  mkdirSync(packed)
  const tarballs = pack(packed)
  const projects = join(folder, "projects")
  install(projects, tarballs)
  console.log(`${readdirSync(packed).length} tarballs installed (${Math.round(performance.now() - began)} ms)`)
  const started = await startEmulator(projects)
  emulator = started.emulator
  const env = { ...process.env, ...started.environment }

  const queue = checks(projects, packed, tarballs).filter(({ name }) => name.includes(process.argv[2] ?? ""))
  const worker = async (): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const start = performance.now()
      let printed = ""
      try {
        for (const [program, ...args] of check.commands) {
          printed = (await run(program, args, { cwd: join(projects, check.folder), env })).stdout.trim()
        }
        if (!check.prints.test(printed)) throw new Error(`printed ${printed}`)
        console.log(`${check.name}: ${printed.slice(0, 60)} (${Math.round(performance.now() - start)} ms)`)
      } catch (error) {
        const { message, stderr, stdout } = error as { message?: string; stdout?: string; stderr?: string } // of execFile
        console.error([`${check.name}:`, message, stdout, stderr].filter(Boolean).join("\n"))
        process.exitCode = 1
      }
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
} finally {
  emulator?.kill()
  rmSync(folder, { recursive: true, force: true })
}
