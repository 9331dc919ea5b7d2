import { defineConfig } from "vitest/config"

/** What `pnpm mutation` runs: core's tests that need neither a database nor another package. */
export default defineConfig({
  test: {
    include: ["packages/core/test/**/*.test.ts"],
    exclude: ["packages/core/test/TransactionStore.test.ts"],
    testTimeout: 60_000
  }
})
