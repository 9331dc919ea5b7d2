import commonjs from "@rollup/plugin-commonjs"
import json from "@rollup/plugin-json"
import resolve from "@rollup/plugin-node-resolve"

export default {
  input: "node.js",
  plugins: [resolve({ preferBuiltins: true }), commonjs(), json()],
  output: { dir: "rollup", entryFileNames: "[name].mjs" },
  onLog: () => {}
}
