/** Writes `docs/signals.md`. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { page } from "./signals.ts"

writeFileSync(join(import.meta.dirname, "../docs/signals.md"), page)
console.log("docs/signals.md")
