import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ExitCode from "../src/ExitCode.ts"
import { directory, runOn } from "./support.ts"

const emulated = Emulator.layer()
const ids = ["hksb-passed-global-passport-1", "hksb-rejected-212-2", "hksb-passed-global-passport-3"]

/** A store with three results. */
const collected = Effect.gen(function* () {
  const path = yield* directory
  const list = join(path, "ids.txt")
  writeFileSync(list, ids.join("\n"))
  const store = join(path, "results.db")
  const ran = yield* runOn(["collect", list, "--store", store])
  assert.strictEqual(ran.code, 0, ran.stderr)
  return { path, store }
})

const calls = Effect.gen(function* () {
  const emulator = yield* Emulator
  return (yield* emulator.calls).filter(({ action }) => action === "DeleteVerifyResult").length
})

describe("retention delete", () => {
  it.live("deletes at the vendor what is stored, once, and keeps the proof and the results", () =>
    Effect.gen(function* () {
      const { path, store } = yield* collected
      const dryRun = yield* runOn(["retention", "delete", "--type", "All", "--dry-run", "--store", store, "--json"])
      assert.deepInclude(JSON.parse(dryRun.stdout), { deleted: 3, dryRun: true })
      assert.strictEqual(yield* calls, 0)

      const ran = yield* runOn(["retention", "delete", "--type", "All", "--store", store])
      assert.strictEqual(ran.code, 0, ran.stderr)
      assert.include(ran.stdout, "All at the vendor: 3 deleted, 0 deleted before, 0 no longer known")
      assert.strictEqual((yield* runOn(["check", ids[0] ?? ""])).code, ExitCode.table.UnknownTransaction.code)

      const again = yield* runOn(["retention", "delete", "--type", "Img", "--store", store, "--json"])
      assert.deepInclude(JSON.parse(again.stdout), { deleted: 0, deletedBefore: 3 })
      assert.strictEqual(yield* calls, 3)

      const proof = join(path, "proof.csv")
      const listed = yield* runOn(["retention", "tombstones", "--store", store, "--out", proof])
      assert.include(listed.stdout, "3 deletions confirmed by the vendor, 0 not")
      const lines = readFileSync(proof, "utf8").trim().split("\n")
      assert.strictEqual(lines[0], "transaction_id,type,asked_at,deleted_at,request_id")
      assert.match(lines[1] ?? "", /^hksb-[\w-]+,All,\d{4}-[\d:.TZ-]+,\d{4}-[\d:.TZ-]+,[0-9A-Fa-f-]{36}$/)
      const results = yield* runOn(["collect", "--store", store, "--json"])
      assert.strictEqual(JSON.parse(results.stdout).inStore.Stored, 3)
    }).pipe(Effect.provide(emulated))
  )

  it.live("ends with its own code if the vendor confirms nothing, and notes that it was asked", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const { store } = yield* collected
      // The service forgets that the results were fetched.
      yield* emulator.reset
      const ran = yield* runOn(["retention", "delete", "--type", "All", "--store", store, "--json"])
      assert.strictEqual(ran.code, ExitCode.table.NotDeleted.code)
      assert.deepInclude(JSON.parse(ran.stdout), { deleted: 0, open: { Refused: 3 } })
      const proof = yield* runOn(["retention", "tombstones", "--store", store, "--json"])
      const [first] = JSON.parse(proof.stdout)
      assert.doesNotHaveAnyKeys(first, ["deletedAt", "requestId"])
      assert.notInclude(proof.stdout, "hksb-passed-global-passport-1")
    }).pipe(Effect.provide(emulated))
  )

  it.live("stops at what every further call would meet, too", () =>
    Effect.gen(function* () {
      const { store } = yield* collected
      const wrongKey = { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong" }
      const ran = yield* runOn(["retention", "delete", "--type", "All", "--store", store], wrongKey)
      assert.strictEqual(ran.code, ExitCode.table.Credentials.code)
    }).pipe(Effect.provide(emulated))
  )

  it.live("makes no store that is not there, and needs a type", () =>
    Effect.gen(function* () {
      const store = join(yield* directory, "none.db")
      for (const args of [["delete", "--type", "All"], ["tombstones"]]) {
        const ran = yield* runOn(["retention", ...args, "--store", store])
        assert.strictEqual(ran.code, ExitCode.table.Usage.code, ran.stderr)
      }
      assert.isFalse(existsSync(store))
      assert.strictEqual((yield* runOn(["retention", "delete", "--store", store])).code, ExitCode.table.Usage.code)
    }).pipe(Effect.provide(emulated))
  )
})

describe("collect --delete-after-store", () => {
  it.live("deletes at the vendor once all is stored, and only if it is asked to", () =>
    Effect.gen(function* () {
      const { path, store } = yield* collected
      assert.strictEqual(yield* calls, 0)
      const args = ["collect", join(path, "ids.txt"), "--store", store, "--delete-after-store", "All"]
      const ran = yield* runOn([...args, "--json"])
      assert.strictEqual(ran.code, 0, ran.stderr)
      const summary = JSON.parse(ran.stdout)
      assert.deepInclude(summary.deletion, { deleted: 3, deletedBefore: 0, open: {} })
      assert.strictEqual(summary.inStore.Stored, 3)
      const again = yield* runOn(args)
      assert.match(again.stdout, /at the vendor +0 deleted, 3 deleted before/)
      assert.strictEqual(yield* calls, 3)
    }).pipe(Effect.provide(emulated))
  )

  it.live("deletes nothing if the run stopped early", () =>
    Effect.gen(function* () {
      const { path, store } = yield* collected
      const more = join(path, "more.txt")
      writeFileSync(more, "hksb-passed-global-passport-9")
      const ran = yield* runOn(["collect", more, "--store", store, "--delete-after-store", "All"], {
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong"
      })
      assert.strictEqual(ran.code, ExitCode.table.Credentials.code, ran.stderr)
      assert.strictEqual(yield* calls, 0)
    }).pipe(Effect.provide(emulated))
  )
})

describe("log", () => {
  it.live("says where and why a user stopped", () =>
    Effect.gen(function* () {
      const text = yield* runOn(["log", "hksb-pending"])
      assert.strictEqual(text.code, 0, text.stderr)
      assert.match(text.stdout, /^The user stopped at OCR_SCAN\n +reason +The user left\. \(1006\)/)
      const json = JSON.parse((yield* runOn(["log", "hksb-pending", "--json"])).stdout)
      assert.deepInclude(json, { status: "Interrupted", errorCode: "1006", page: "OCR_SCAN" })
      assert.doesNotHaveAnyKeys(json, ["raw", "log"])
      const unknown = yield* runOn(["log", "nobody-has-this"])
      assert.strictEqual(unknown.code, ExitCode.table.UnknownTransaction.code)
    }).pipe(Effect.provide(emulated))
  )

  it.live("says of a user who finished how it ended", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("emulator-1", Scenario.rejected("212"))
      const ran = yield* runOn(["log", "emulator-1"])
      assert.include(ran.stdout, "The user finished")
      assert.include(ran.stdout, "did not pass. (1001)")
    }).pipe(Effect.provide(emulated))
  )
})
