import { availableParallelism } from "node:os"
import { join } from "node:path"
import { defineConfig } from "vitest/config"

/** Keeps compiled code for the processes that tests start: each needs half the time to load Effect and our sources. */
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/compiled")

interface Suite {
  readonly root: string
  readonly long: ReadonlyArray<string>
  /** What its long tests need once. */
  readonly setup?: string
  readonly alias?: Readonly<Record<string, string>>
}

/** Each suite's folder, and its tests that take minutes: they start many processes, databases or a browser. */
const suites: Readonly<Record<string, Suite>> = {
  core: { root: "packages/core", long: ["test/waitingProcesses.test.ts"] },
  node: { root: "packages/node", long: ["test/drivers.test.ts", "test/longQueue.test.ts", "test/runtimes.test.ts"] },
  client: {
    root: "packages/client",
    // The built client passes the tests of the one that it is built from, too.
    long: ["test/built.test.ts", "../node/test/Client.test.ts", "../node/test/clientJourney.test.ts"],
    setup: join(import.meta.dirname, "packages/client/test/build.ts"),
    alias: { "../src/Client.ts": join(import.meta.dirname, "packages/client/dist/index.js") }
  },
  otel: {
    root: "packages/otel",
    long: [
      "test/alertRules.test.ts",
      "test/incidents.test.ts",
      "test/prometheus.test.ts",
      "test/rejectionShift.test.ts"
    ]
  },
  emulator: { root: "packages/emulator", long: ["test/page.test.ts"] },
  cli: {
    root: "packages/cli",
    long: ["test/crash.test.ts", "test/privacy.test.ts", "test/queueGrowth.test.ts", "test/reportPage.test.ts"]
  },
  cluster: {
    root: "packages/cluster",
    long: ["test/Cluster.test.ts", "test/Kubernetes.test.ts", "test/QuotaRedis.test.ts"]
  },
  examples: { root: "examples", long: ["test/cluster.test.ts", "test/compose.test.ts"] },
  chaos: { root: "chaos", long: ["test/campaign.test.ts", "test/planted.test.ts", "test/regularExpressions.test.ts"] },
  docs: { root: "docs", long: ["test/following.test.ts", "test/site.test.ts"] }
}

// An example may have its test beside it.
const all = ["test/**/*.test.ts", "decision/*.test.ts"]

/** The configuration of `pnpm test`, or of `pnpm test:long` (`vitest.long.ts`). */
export const tests = (which: "quick" | "long") =>
  defineConfig({
    test: {
      // A failure that a test expects is logged, too: only a failing test shows its output.
      silent: "passed-only",
      // One more than processors: tests often wait for a server or a process.
      maxWorkers: availableParallelism() + 1,
      // Programs that run in a process of their own are not counted.
      coverage: {
        provider: "v8",
        // Relative to the root of each project that runs.
        include: ["**/src/**/*.ts"],
        exclude: ["**/*.d.ts", "**/index.ts"],
        reporter: ["text", "html", "lcovonly", "json-summary"],
        reportOnFailure: true
      },
      projects: Object.entries(suites)
        .filter(([, { long }]) => which === "quick" || long.length > 0)
        .map(([name, { alias = {}, long, root, setup }]) => ({
          test: {
            name,
            root,
            ...(which === "quick"
              ? { include: all, exclude: [...long] }
              : { include: [...long], alias, globalSetup: setup ?? [] }),
            // Quick test files leave nothing behind, so they need no process each. But OpenTelemetry is the process's own.
            isolate: name === "otel" || (which === "long" && name !== "core"),
            // Limits against a test that hangs, not for speed: a busy machine must not fail one.
            testTimeout: which === "quick" ? 120_000 : 600_000,
            hookTimeout: which === "quick" ? 120_000 : 600_000
          }
        }))
    }
  })

export default tests("quick")
