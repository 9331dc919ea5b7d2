import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as ExitCode from "../src/ExitCode.ts"
import { directory, runOn } from "./support.ts"

const emulated = Emulator.layer()

const Summary = Schema.fromJsonString(
  Schema.Struct({
    stored: Schema.Int,
    badLines: Schema.Int,
    unusedValues: Schema.Array(Schema.Struct({ field: Schema.String, line: Schema.Int, count: Schema.Int }))
  })
)

/** Collects a list, and has what was printed. */
const collect = Effect.fnUntraced(function* (list: string | Uint8Array, ...flags: ReadonlyArray<string>) {
  const path = yield* directory
  const file = join(path, "ids.csv")
  writeFileSync(file, list)
  const store = join(path, "out.db")
  const ran = yield* runOn(["collect", file, "--store", store, "--images", "none", "--json", ...flags])
  return { ...ran, file, store, failedFile: join(path, "out.failed.csv") }
})

const summary = (stdout: string) => Schema.decodeUnknownSync(Summary)(stdout)

describe("a list", () => {
  it.live("is asked to its last id, whatever its other columns say", () =>
    Effect.gen(function* () {
      const list = [
        "transaction_id,created_at,doc_type,order_id",
        "hksb-passed-global-passport-1,NULL,01000000,o1",
        "hksb-passed-global-passport-2,2026-11-20 08:00:00,passport,o-2",
        "hksb-passed-global-passport-3,2026-11-31,00000006,o3",
        "hksb-passed-global-passport-4,20/11/2026,,o4",
        "hksb-passed-global-passport-5,2026-11-20 09:00:00,,o5"
      ].join("\r\n")
      const { code, stderr, stdout } = yield* collect(list)
      assert.strictEqual(code, 0, stderr)
      assert.deepStrictEqual(summary(stdout), {
        stored: 5,
        badLines: 0,
        unusedValues: [
          { field: "merchantBizId", line: 3, count: 1 },
          { field: "document", line: 3, count: 1 },
          { field: "authenticatedAt", line: 3, count: 2 },
          { field: "authenticatedAt", line: 4, count: 1 },
          { field: "authenticatedAt", line: 5, count: 1 }
        ]
      })
      // The value, the line and what to do.
      assert.include(
        stderr,
        'Line 3 and 1 more: authenticatedAt "2026-11-20 08:00:00" is not used: it has no time zone'
      )
      assert.include(stderr, "--time-zone")
      assert.match(stderr, /Line 3: document "passport" is not used: .*--document/)
      assert.notInclude(stderr, "o-2")
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("has a day without a time read as its beginning, and says so", () =>
    Effect.gen(function* () {
      const { code, failedFile, stderr } = yield* collect("transaction_id,created_at\nnobody,2026-11-20\n")
      assert.strictEqual(code, ExitCode.table.Incomplete.code)
      assert.include(readFileSync(failedFile, "utf8"), "2026-11-20T00:00:00.000Z")
      assert.include(stderr, 'Line 2: authenticatedAt "2026-11-20" has no time of day: it is read as 00:00 UTC')
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("has its times read in --time-zone, which must be one", () =>
    Effect.gen(function* () {
      const list = "transaction_id,created_at\nnobody,2026-11-20 08:00:00\n"
      const { code, failedFile } = yield* collect(list, "--time-zone", "Asia/Hong_Kong")
      assert.strictEqual(code, ExitCode.table.Incomplete.code)
      assert.include(readFileSync(failedFile, "utf8"), "2026-11-20T00:00:00.000Z")
      const wrong = yield* collect(list, "--time-zone", "Hongkong Time")
      assert.strictEqual(wrong.code, ExitCode.table.Usage.code)
      assert.match(wrong.stderr + wrong.stdout, /Hongkong Time.*\+08:00/)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("comes as a spreadsheet saves it", () =>
    Effect.gen(function* () {
      const text =
        'sep=;\r\n"Transaction ID";备注\r\nhksb-passed-global-passport-1;"a\r\nb"\r\n"hksb-passed-global-passport-2";二\r\n'
      const { code, stderr, stdout } = yield* collect(Buffer.from(`\uFEFF${text}`, "utf16le"))
      assert.strictEqual(code, 0, stderr)
      assert.deepInclude(summary(stdout), { stored: 2, badLines: 0 })
      const sheet = yield* collect(Buffer.from("504b03041400", "hex"))
      assert.strictEqual(sheet.code, ExitCode.table.Usage.code)
      assert.match(sheet.stderr + sheet.stdout, /save the sheet as CSV/)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("without ids is an error, unless it may be empty", () =>
    Effect.gen(function* () {
      for (const list of ["", "\n\n", "transaction_id,created_at\n"]) {
        const { code, stderr, stdout } = yield* collect(list)
        assert.strictEqual(code, ExitCode.table.Usage.code)
        assert.match(stderr + stdout, /has no transaction id.*--allow-empty/)
        assert.strictEqual((yield* collect(list, "--allow-empty")).code, 0)
      }
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("of failed ids holds no formula, and is the same ids to the next run", () =>
    Effect.gen(function* () {
      const ids = ["=cmd|'/C'!A0", "+852", "-1", "@SUM(1)", "x;=1"]
      const { failedFile, store } = yield* collect(`transaction_id\n${ids.map((id) => `"${id}"`).join("\n")}\n`)
      const cells = readFileSync(failedFile, "utf8").split(/[\n,;]/)
      assert.isAbove(cells.length, ids.length)
      for (const cell of cells) assert.notMatch(cell, /^"?[=+\-@]/)
      yield* runOn(["collect", failedFile, "--store", store, "--images", "none", "--json"])
      const { calls } = yield* Emulator
      const asked = (yield* calls).map(({ transactionId }) => transactionId)
      assert.deepStrictEqual(asked.toSorted(), [...ids, ...ids].toSorted())
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )
})
