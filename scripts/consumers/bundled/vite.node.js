import { defineConfig } from "vite"

export default defineConfig({
  build: {
    ssr: "node.js",
    outDir: "vite",
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: "[name].mjs" } }
  },
  ssr: { noExternal: true },
  logLevel: "warn"
})
