import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import * as CollectResult from "../src/CollectResult.ts"
import * as EngineTables from "../src/EngineTables.ts"
import * as Runner from "../src/Runner.ts"
import * as Submitter from "../src/Submitter.ts"
import * as campaign from "../scripts/support/campaign.ts"
import * as servers from "../scripts/support/servers.ts"

/** The texts of a JSON value that could only be a person's. */
const textsOf = (value: unknown): ReadonlyArray<string> =>
  typeof value === "string"
    ? value.length >= 6 && !/^(Passed|Success|Verified|SCREEN_REMARK)$/.test(value)
      ? [value]
      : []
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(textsOf)
      : []

const isHere = await servers.available()

describe.skipIf(!isHere)("a cluster of two runners", () => {
  it.live(
    "collects 300 results once each while a runner is killed and the limiters' connections are cut",
    () =>
      Effect.gen(function* () {
        const images = yield* Effect.acquireRelease(
          Effect.sync(() => mkdtempSync(join(tmpdir(), "cloudauth-images-"))),
          (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
        )
        const output: Array<string> = []
        const outcome = yield* campaign.run({
          runners: 2,
          transactions: 300,
          quota: 40,
          concurrency: 16,
          delay: 100,
          unfinished: 60,
          images,
          limit: 300_000,
          faults: [
            [0.3, "kill a runner"],
            [0.6, "cut the limiters' connections"]
          ],
          tell: (line) => output.push(line)
        })
        assert.strictEqual(campaign.faultsOf(outcome).join("; "), "", output.slice(-10).join("\n"))
        assert.isAtLeast(
          readdirSync(images, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).length,
          300
        )

        yield* Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const people = yield* sql<{ readonly ocr: unknown }>`
            SELECT person::jsonb -> 'ocr' AS ocr FROM cloudauth_result WHERE person IS NOT NULL`
          const canaries = [...new Set(people.flatMap(({ ocr }) => textsOf(ocr)))]
          assert.isAtLeast(canaries.length, 300)
          const tables = yield* sql<{ readonly name: string }>`
            SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'cluster\\_%'`
          assert.isAtLeast(tables.length, 4)
          let searched = 0
          for (const { name } of tables) {
            const rows = yield* sql.unsafe<{ readonly text: string }>(
              `SELECT row_to_json(t)::text AS text FROM ${name} t`
            )
            const text = rows.map((row) => row.text).join("\n")
            searched += text.length
            for (const canary of canaries) assert.isFalse(text.includes(canary), `${name} holds a person's data`)
          }
          assert.isAbove(searched, 100_000)
          const printed = output.join("\n")
          assert.notInclude(printed, "could not be purged")
          for (const canary of canaries) assert.isFalse(printed.includes(canary), "the log holds a person's data")

          // A process that executes nothing can submit and wait for the result.
          const asked = yield* Effect.gen(function* () {
            yield* Submitter.submit([{ transactionId: "asked", merchantBizId: "order1" }])
            const now = yield* Clock.currentTimeMillis
            const payload = CollectResult.payload({ transactionId: "asked", merchantBizId: "order1" }, now)
            return yield* CollectResult.CollectResult.execute(payload)
          }).pipe(
            Effect.provide(
              Runner.layerClient({
                database: Redacted.make(outcome.database),
                sharding: { runnerAddress: Option.none() }
              })
            )
          )
          assert.strictEqual(asked.transactionId, "asked")
          assert.strictEqual(asked.verdict._tag, "Passed")

          // What is over leaves the engine's tables, and nothing else.
          const before = yield* EngineTables.size
          assert.strictEqual(before.executions, 301)
          assert.strictEqual(yield* EngineTables.purge("1 day"), 0)
          assert.strictEqual(yield* EngineTables.purge(0), 301)
          const after = yield* EngineTables.size
          assert.strictEqual(after.executions, 0)
          assert.isBelow(after.messages, 20)
        }).pipe(Effect.provide(servers.sql(outcome.database)))
      }),
    400_000
  )
})
