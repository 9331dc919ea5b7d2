/**
 * Prepares what is measured, so that it runs as in a user's project: plain JavaScript (no type stripping in any measured
 * process), our packages from their built `dist` with the `exports` they are published with, everything else from
 * node_modules. A second copy of each client is bundled and minified with esbuild.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { gzipSync } from "node:zlib"
import * as esbuild from "esbuild"

const bench = import.meta.dirname
/** Inside node_modules: ignored by git and all tools, and packages still resolve from the benchmark's own node_modules. */
const directory = join(bench, "node_modules", ".cache", "bench")
const packages = ["core", "node", "otel", "client"] as const

export const clientNames = [
  "ours",
  "oursLimited",
  "oursTraced",
  "oursSampledOut",
  "oursAlone",
  "effectPlain",
  "vendor",
  "vendorOlder",
  "limit",
  "fetch"
] as const
export type ClientName = (typeof clientNames)[number]
export const signerNames = ["ours", "vendor", "limit"] as const
export type SignerName = (typeof signerNames)[number]

export const isOurs = (client: ClientName): boolean => client.startsWith("ours")

/** When the newest of a package's sources was written. */
const newestSource = (folder: string): number =>
  Math.max(
    ...readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" }).map(
      (file) => statSync(join(folder, "src", file)).mtimeMs
    )
  )

/** Packages whose `dist` is missing or older than a source: old code must not be measured for new. */
const missingBuilds = (): ReadonlyArray<string> =>
  packages.filter((name) => {
    const folder = join(bench, "..", "packages", name)
    const built = join(folder, "dist", "index.js")
    return !existsSync(built) || statSync(built).mtimeMs < newestSource(folder)
  })

export interface Stage {
  readonly directory: string
  readonly entry: (name: "server" | "worker" | "cold" | "signing") => string
  readonly client: (name: ClientName) => string
  readonly bundled: (name: ClientName) => string
  readonly signer: (name: SignerName) => string
  /** The packages of ours without an up-to-date `dist`: then ours can't be measured. */
  readonly missingBuilds: ReadonlyArray<string>
}

/** `fromSources`: ours as it stands in `src`, unbuilt. For work in progress; its cold start is that of the type stripping. */
export const prepare = async ({ fromSources }: { readonly fromSources: boolean }): Promise<Stage> => {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module" }))
  const missing = fromSources ? [] : missingBuilds()
  if (!fromSources && missing.length === 0) packages.forEach(installBuilt)
  await esbuild.build({
    entryPoints: ["server.ts", "worker.ts", "cold.ts", "signing.ts", "clients/*.ts", "signers/*.ts"].map((file) =>
      join(bench, file)
    ),
    outdir: directory,
    outbase: bench,
    bundle: true,
    packages: "external",
    ...forNode
  })
  return {
    directory,
    entry: (name) => join(directory, `${name}.js`),
    client: (name) => join(directory, "clients", `${name}.js`),
    bundled: (name) => join(directory, "bundled", `${name}.js`),
    signer: (name) => join(directory, "signers", `${name}.js`),
    missingBuilds: missing
  }
}

const forNode = { platform: "node", format: "esm", target: "node22", logLevel: "warning" } as const

interface Manifest {
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly publishConfig?: { readonly exports?: unknown }
}

/** What `pnpm pack` and an install would do: `dist`, published exports, dependencies in the places where Node looks. */
const installBuilt = (name: (typeof packages)[number]): void => {
  const source = join(bench, "..", "packages", name)
  const target = join(directory, "node_modules", "@effect-cloudauth", name)
  mkdirSync(target, { recursive: true })
  cpSync(join(source, "dist"), join(target, "dist"), { recursive: true })
  const manifest: Manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"))
  writeFileSync(
    join(target, "package.json"),
    JSON.stringify({ ...manifest, exports: manifest.publishConfig?.exports }, null, 2)
  )
  const wanted = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  for (const dependency of wanted) {
    // The benchmark's own copy is found without a link, and must be the only one.
    if (dependency.startsWith("@effect-cloudauth/") || existsSync(join(bench, "node_modules", dependency))) continue
    const link = join(directory, "node_modules", dependency)
    if (existsSync(link)) continue
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(source, "node_modules", dependency), link)
  }
}

/** CommonJS parts of a bundle call `require` for node's own modules; an ES module has none. */
const withRequire =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);'

export const bundle = async (stage: Stage, clients: ReadonlyArray<ClientName>): Promise<void> => {
  await esbuild.build({
    entryPoints: clients.map(stage.client),
    outdir: join(stage.directory, "bundled"),
    bundle: true,
    minify: true,
    treeShaking: true,
    banner: { js: withRequire },
    ...forNode
  })
}

/** What our modules import from elsewhere: loading it first leaves our own modules' share. */
export const outsideImports = async (stage: Stage, client: ClientName): Promise<ReadonlyArray<string>> => {
  const { metafile } = await esbuild.build({
    entryPoints: [stage.client(client)],
    outdir: stage.directory,
    write: false,
    bundle: true,
    metafile: true,
    plugins: [
      {
        name: "only-ours",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
            kind === "entry-point" || path.startsWith("@effect-cloudauth/") ? undefined : { path, external: true }
          )
      }
    ],
    ...forNode
  })
  return [
    ...new Set(
      Object.values(metafile.outputs).flatMap(({ imports }) =>
        imports.filter(({ external, kind }) => external === true && kind === "import-statement").map(({ path }) => path)
      )
    )
  ]
}

const require = createRequire(import.meta.url)

/** The version of an installed package, read beside its entry point: many don't export their package.json. */
export const versionOf = (name: string): string => {
  const found = (require.resolve.paths(name) ?? [])
    .map((path) => join(path, name, "package.json"))
    .find((path) => existsSync(path))
  if (found === undefined) return "not installed"
  const { version }: { readonly version: string } = JSON.parse(readFileSync(found, "utf8"))
  return version
}

/** Bytes of a bundled client. */
export const bundleBytes = (stage: Stage, client: ClientName): number =>
  readdirSync(join(stage.directory, "bundled")).includes(`${client}.js`)
    ? readFileSync(stage.bundled(client)).length
    : Number.NaN

/** Bytes after gzip of a browser's bundle that makes one call (`size/ours.js`): with Effect left out, and whole. */
export const callBundle = async ({ directory }: Stage): Promise<{ readonly ours: number; readonly whole: number }> => {
  // Where the packages are as they are published.
  const program = readFileSync(join(bench, "size", "ours.js"), "utf8")
  const gzipped = async (external: ReadonlyArray<string>): Promise<number> => {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: program, resolveDir: directory },
      write: false,
      bundle: true,
      minify: true,
      treeShaking: true,
      format: "esm",
      external: [...external],
      logLevel: "warning"
    })
    return gzipSync(outputFiles[0]?.contents ?? "").length
  }
  return { ours: await gzipped(["effect"]), whole: await gzipped([]) }
}
