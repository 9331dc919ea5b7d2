import { defineConfig } from "vitest/config"

/** Packages whose test files share no state need no process each. */
const packages = { core: { isolate: false }, node: {}, otel: {}, emulator: {}, cli: { testTimeout: 240_000 } }

export default defineConfig({
  test: {
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
      { test: { name: "examples", root: "examples", include: ["test/**/*.test.ts"], testTimeout: 60_000 } }
    ]
  }
})
