import { defineConfig } from "vite"

export default defineConfig({
  build: { lib: { entry: "edge.js", formats: ["es"], fileName: () => "edge.mjs" }, outDir: "vite", emptyOutDir: false },
  logLevel: "warn"
})
