/** What may import what. `pnpm run layers` checks it, type imports included. */
const { globSync } = require("node:fs")

/** In core, each folder of `internal` knows only the folders before it. */
const folders = [
  "document",
  "decode",
  "verdict",
  "checkResult",
  "assessment",
  "advice",
  "decision",
  "credential",
  "quota",
  "call",
  "operation",
  "journey",
  "queue",
  "telemetry"
]

/** A call's way through core: a step knows only the steps before it. */
const steps = [
  ["request", "(CheckResultRequest|InitializeRequest|Endpoint|Expectation|internal/operation/parameters)"],
  ["signature", "(Credentials|Signature|SignatureCrypto|internal/call/canonicalRequest)"],
  ["transport", "(Transport|HttpTransport)"],
  ["envelope", "(Wire|internal/decode/(body|images|json|classify))"],
  ["decode", "(CheckResult|Initialize|internal/(decode/read.+|verdict/.+|checkResult/.+))"],
  ["assessment", "(Assessment|Decision|DecisionPolicy|Advice|internal/assessment/.+)"]
]

/** The packages that each package builds on. */
const packages = {
  core: [],
  node: ["core"],
  client: ["core", "node"],
  otel: ["core"],
  emulator: ["core"],
  cli: ["core", "node", "emulator"],
  cluster: ["core", "node", "cli"]
}

const core = "^packages/core/src"
const file = (pattern) => `${core}/${pattern}\\.ts$`
const anyOf = (names) => `(${names.join("|")})`
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to })

// A pattern that no file matches any more would check nothing.
const sources = globSync("packages/core/src/**/*.ts", { cwd: __dirname }).map((path) => path.replaceAll("\\", "/"))
const patterns = [...folders.map((folder) => `internal/${folder}/.+`), ...steps.slice(0, -1).map(([, step]) => step)]
for (const pattern of patterns) {
  if (!sources.some((path) => new RegExp(file(pattern)).test(path)))
    throw new Error(`${pattern} matches no file of core`)
}

module.exports = {
  forbidden: [
    rule("no-circle", "No circle of imports, types included.", {}, { circular: true }),
    rule(
      "no-index",
      "A module imports the module it means, not the package's index.",
      { path: "^packages/[^/]+/src/" },
      {
        path: "^packages/[^/]+/src/index\\.ts$"
      }
    ),
    rule(
      "no-internals-of-others",
      "What is in `internal` is for its own package.",
      // The fuzzers reach decoders from inside, the simulation the pool.
      { path: "^(packages/[^/]+|examples|bench|chaos|docs)/", pathNot: "^chaos/(fuzz|simulation)/" },
      { path: "^packages/[^/]+/src/internal/", pathNot: "^$1/" }
    ),
    ...Object.entries(packages).map(([name, below]) =>
      rule(
        `${name}-builds-on`,
        `${name} imports ${below.join(", ") || "no other package"}.`,
        { path: `^packages/${name}/src/` },
        { path: "^packages/", pathNot: `^packages/${anyOf([name, ...below])}/src/` }
      )
    ),
    ...folders
      .slice(0, -1)
      .map((folder, index) =>
        rule(
          `core-${folder}-is-below`,
          `internal/${folder} does not import the folders after it.`,
          { path: `${core}/internal/${folder}/` },
          { path: `${core}/internal/${anyOf(folders.slice(index + 1))}/` }
        )
      ),
    ...steps
      .slice(0, -1)
      .map(([name, pattern], index) =>
        rule(
          `core-${name}-is-before`,
          `A step does not know the steps after it: ${steps.map(([step]) => step).join(", ")}.`,
          { path: file(pattern) },
          { path: file(anyOf(steps.slice(index + 1).map(([, later]) => later))), pathNot: file(pattern) }
        )
      )
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: ["node_modules", "/dist/"] },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] }
  }
}
