// How much more the compiler instantiates for a program that makes one call than for the same call by hand with Effect.
import { execFileSync } from "node:child_process"

const most = 20_000

const instantiations = (program) => {
  const args = ["node_modules/typescript-7/bin/tsc", "-p", `weigh/${program}.json`, "--extendedDiagnostics"]
  return Number(/^Instantiations:\s+(\d+)/m.exec(execFileSync(process.execPath, args, { encoding: "utf8" }))?.[1])
}

const more = instantiations("call") - instantiations("byHand")
if (!(more > 0 && more <= most)) throw new Error(`${more} instantiations more than by hand; ${most} are allowed`)
console.log(`Passed ${more}`)
