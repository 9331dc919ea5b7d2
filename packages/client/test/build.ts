/** Builds the client once, before the tests of what is built. */
import { execFileSync } from "node:child_process"
import { join } from "node:path"

export const setup = (): void => {
  execFileSync(process.execPath, [join(import.meta.dirname, "../scripts/build.ts")], {
    stdio: ["ignore", "ignore", "inherit"]
  })
}
