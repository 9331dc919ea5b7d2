import { defineConfig } from "vitest/config"

const packages = ["core", "node", "otel", "emulator"]

export default defineConfig({
  test: {
    projects: [
      ...packages.map((name) => ({
        test: { name, root: `packages/${name}`, include: ["test/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 30_000 }
      })),
      { test: { name: "examples", root: "examples", include: ["test/**/*.test.ts"], testTimeout: 60_000 } }
    ]
  }
})
