/** Canaries: secrets and people's data that must be found only in the store. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { directory, environment, start } from "./support.ts"

const secrets = {
  accessKeyId: "emulator-KEYIDCANARY00",
  accessKeySecret: "KEYSECRETCANARY00"
}

const person = {
  name: "NAMECANARY",
  idNumber: "IDNUMBERCANARY",
  address: "ADDRESSCANARY"
}

describe("privacy", () => {
  it.live(
    "no secret anywhere, no person's data outside the store",
    () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        const path = yield* directory
        yield* emulator.register(
          "hksb-TRANSACTION-1",
          Scenario.passed({
            document: "prc-resident-identity-card",
            fields: { ...person, "KEY CANARY\u202e": "x", [`${"k".repeat(5000)}CANARY`]: "x" }
          })
        )
        yield* emulator.register(
          "hksb-TRANSACTION-2",
          Scenario.rejected("212", {
            document: "prc-resident-identity-card",
            fields: person,
            edited: { name: "EDITEDCANARY" }
          })
        )
        yield* emulator.register(
          "hksb-TRANSACTION-3",
          Scenario.errorCode("InternalError", { message: "SERVERWORDSCANARY" })
        )
        yield* emulator.register(
          "hksb-TRANSACTION-4",
          Scenario.raw({ status: 200, body: '{"Code":"Success","Result":"BODYCANARY"}' })
        )
        yield* emulator.register(
          "hksb-TRANSACTION-5",
          Scenario.errorCode("TransactionIdInvalid", { message: "SERVERWORDSCANARY" })
        )
        const list = join(path, "ids.csv")
        writeFileSync(
          list,
          "transaction_id,name\nhksb-TRANSACTION-1,LINECANARY\nhksb-TRANSACTION-2,x\nhksb-TRANSACTION-3,x\nhksb-TRANSACTION-4,x\nhksb-TRANSACTION-5,x\nbad id,LINECANARY\n"
        )
        const store = join(path, "results.db")
        const env = { ...environment(emulator), CLOUDAUTH_STORE: store }
        const printed: Array<string> = []
        for (const args of [
          ["check", "hksb-TRANSACTION-1"],
          ["check", "hksb-TRANSACTION-2", "--json"],
          ["check", "hksb-TRANSACTION-3"],
          ["check", "hksb-TRANSACTION-4"],
          ["collect", list],
          ["collect", "--retry-failed", "--json"],
          ["report", "--out", join(path, "report.html")],
          ["report", "--json"],
          ["doctor"],
          ["retention"],
          ["retention", "purge", "--older-than", "90d", "--dry-run"]
        ]) {
          const ran = yield* Effect.promise(() => start([...args, "--verbose"], env).ended)
          printed.push(ran.stdout, ran.stderr)
        }
        const output = printed.join("\n")
        assert.notMatch(output, /CANARY|[\u202a-\u202e]/)
        assert.isBelow(Math.max(...output.split("\n").map((line) => line.length)), 1000)
        assert.notMatch(readFileSync(join(path, "report.html"), "utf8"), /CANARY|TRANSACTION/)
        assert.notMatch(readFileSync(join(path, "results.failed.csv"), "utf8"), /CANARY/)

        const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
        const all = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n")
        // The store has the person: that is what it is for. Beside it nothing of the key, its signatures and nonces.
        assert.include(all, "IDNUMBERCANARY")
        for (const text of [all, output]) {
          assert.notMatch(text, /KEYIDCANARY|KEYSECRETCANARY|ACS3-HMAC|x-acs-/)
          for (const { nonce } of yield* emulator.calls) if (nonce !== undefined) assert.notInclude(text, nonce)
        }
      }).pipe(Effect.scoped, Effect.provide(Emulator.layer(secrets))),
    120_000
  )
})
