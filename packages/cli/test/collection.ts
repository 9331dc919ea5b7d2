import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ExitCode from "../src/ExitCode.ts"
import { directory, runOn } from "./support.ts"

export const emulated = Emulator.layer({ keepCalls: 100_000 })

export const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => `hksb-passed-global-passport-${index}`)

export const summary = (stdout: string) =>
  JSON.parse(stdout) as {
    readonly stored: number
    readonly failed: number
    readonly throttles: number
    readonly inStore: { readonly Stored: number; readonly Failed: number; readonly Pending: number }
    readonly failedFile?: string
    readonly badLinesFile?: string
  } // what `collect --json` prints

/** How often the emulator was asked for each id. */
export const callsPerId = Effect.gen(function* () {
  const emulator = yield* Emulator
  const counts = new Map<string, number>()
  for (const { transactionId = "" } of yield* emulator.calls)
    counts.set(transactionId, (counts.get(transactionId) ?? 0) + 1)
  return counts
})

/** A collection with all verdicts over ten days, and a person who must be found nowhere. */
export const collection = Effect.gen(function* () {
  const emulator = yield* Emulator
  const path = yield* directory
  const lines = ["transaction_id,created_at"]
  const day = 86_400_000
  for (let index = 0; index < 60; index++) {
    const id = `transaction-${index}-CANARYID`
    const scenario =
      index % 4 === 0
        ? Scenario.rejected("211")
        : index % 4 === 1
          ? Scenario.spoofed([index % 8 === 1 ? "PHOTO_COPY" : "<b>SCREEN</b>"], { document: "global-passport" })
          : index % 13 === 2
            ? Scenario.passed({ subCode: "211" })
            : Scenario.passed({
                document: "prc-resident-identity-card",
                fields: { name: "PERSONCANARY", address: "<script>alert(1)</script>" },
                back: true
              })
    yield* emulator.register(id, scenario)
    lines.push(`${id},${new Date(Date.UTC(2026, 9, 1) + (index % 10) * day).toISOString()}`)
  }
  lines.push("nobody-has-this-id,")
  const list = join(path, "ids.csv")
  writeFileSync(list, lines.join("\n"))
  const store = join(path, "results.db")
  assert.strictEqual((yield* runOn(["collect", list, "--store", store])).code, ExitCode.table.Incomplete.code)
  return { path, store }
})
