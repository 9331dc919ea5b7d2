import { defineConfig } from "vitest/config"

/** Several machines on one engine: minutes on PostgreSQL and Redis, so on their own (`pnpm test:cluster`). */
const onlyAlone = process.env["TEST_CLUSTER"] === undefined ? ["test/Cluster.test.ts", "test/QuotaRedis.test.ts"] : []

/** Packages whose test files share no state need no process each. */
const packages = {
  core: { isolate: false },
  node: {},
  otel: {},
  emulator: {},
  cli: { testTimeout: 240_000 },
  cluster: { exclude: onlyAlone }
}

export default defineConfig({
  test: {
    // What runs in a process of its own (the programs, their signals and crashes) is not counted.
    coverage: {
      provider: "v8",
      // Relative to the root of each project that runs.
      include: ["**/src/**/*.ts"],
      exclude: ["**/*.d.ts", "**/index.ts"],
      reporter: ["text", "html", "lcovonly", "json-summary"],
      reportOnFailure: true
    },
    projects: [
      ...Object.entries(packages).map(([name, options]) => ({
        test: {
          name,
          root: `packages/${name}`,
          include: ["test/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...options
        }
      })),
      { test: { name: "examples", root: "examples", include: ["test/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "chaos", root: "chaos", include: ["test/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "docs", root: "docs", include: ["test/**/*.test.ts"], testTimeout: 120_000 } }
    ]
  }
})
