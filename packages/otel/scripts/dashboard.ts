/** Writes the dashboard, the alert rules and their tests: `pnpm --filter @effect-cloudauth/otel dashboards`. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { files } from "./files.ts"

for (const [name, text] of Object.entries(files)) {
  writeFileSync(join(import.meta.dirname, "../dashboards", name), text)
  console.log(`dashboards/${name}`)
}
