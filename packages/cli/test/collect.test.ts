import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-cloudauth/emulator/Emulator"
import * as Fault from "@effect-cloudauth/emulator/Fault"
import * as Scenario from "@effect-cloudauth/emulator/Scenario"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { TransactionStore } from "@effect-cloudauth/core/TransactionStore"
import * as TransactionStoreSql from "@effect-cloudauth/core/TransactionStoreSql"
import { SqlClient } from "effect/sql/SqlClient"
import * as Collector from "../src/Collector.ts"
import * as NodeSqlite from "../src/NodeSqlite.ts"
import * as ExitCode from "../src/ExitCode.ts"
import * as Progress from "../src/Progress.ts"
import { callsPerId, emulated, ids, summary } from "./collection.ts"
import { directory, runOn } from "./support.ts"

describe("collect", () => {
  it.live("asks once for each id, keeps all of it, and asks for nothing the second time", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const list = join(path, "ids.txt")
      writeFileSync(list, [...ids(40), ...ids(5)].join("\n"))
      const store = join(path, "results.db")
      const first = yield* runOn(["collect", list, "--store", store, "--json"])
      assert.strictEqual(first.code, 0, first.stderr)
      assert.strictEqual(summary(first.stdout).inStore.Stored, 40)
      assert.deepStrictEqual(new Set((yield* callsPerId).values()), new Set([1]))
      const images = readdirSync(join(path, "results-images"), { recursive: true, withFileTypes: true })
      const files = images.filter((entry) => entry.isFile())
      assert.strictEqual(files.length, 80)
      for (const file of files) assert.strictEqual(statSync(join(file.parentPath, file.name)).mode & 0o777, 0o600)
      const second = yield* runOn(["collect", list, "--store", store, "--json"])
      assert.strictEqual(second.code, 0)
      assert.strictEqual(summary(second.stdout).stored, 0)
      assert.deepStrictEqual(new Set((yield* callsPerId).values()), new Set([1]))
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("loses no line: bad ones are in a file with their numbers, failed ids in a list that collect takes", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      yield* emulator.register("later", Scenario.sequence([Scenario.notCompleted, Scenario.passed()]))
      const list = join(path, "ids.csv")
      writeFileSync(
        list,
        'name,transaction_id,document\n"A, B",hksb-rejected-212,\nC,later,\nD,,\nE,two words,\nF,nobody,hong-kong-identity-card\nG,NULL,driving-licence\n'
      )
      const store = join(path, "out.db")
      const first = yield* runOn(["collect", list, "--store", store, "--json", "--images", "none"])
      assert.strictEqual(first.code, ExitCode.table.Incomplete.code)
      const { badLinesFile, failedFile, inStore } = summary(first.stdout)
      assert.deepInclude(inStore, { Stored: 1, Failed: 2, Pending: 0 })
      const bad = readFileSync(badLinesFile ?? "", "utf8").split("\n")
      assert.deepStrictEqual(
        bad.slice(1, -1).map((line) => line.slice(0, 2)),
        ["4,", "5,", "7,"]
      )
      const failed = readFileSync(failedFile ?? "", "utf8")
      assert.include(failed, "ProcessNotCompleted")
      assert.strictEqual(statSync(failedFile ?? "").mode & 0o777, 0o600)
      // The merchant's id is the one of the first time.
      const biz = (yield* emulator.callsOf("later")).map((call) => call.merchantBizId)
      const second = yield* runOn(["collect", failedFile ?? "", "--store", store, "--json", "--images", "none"])
      assert.deepInclude(summary(second.stdout).inStore, { Stored: 2, Failed: 1 })
      assert.deepStrictEqual(
        new Set([...biz, ...(yield* emulator.callsOf("later")).map((call) => call.merchantBizId)]).size,
        1
      )
      // Without a list: what is pending; nothing is.
      const third = yield* runOn(["collect", "--store", store, "--json", "--images", "none"])
      assert.strictEqual(summary(third.stdout).stored + summary(third.stdout).failed, 0)
      const fourth = yield* runOn(["collect", "--retry-failed", "--store", store, "--json", "--images", "none"])
      assert.strictEqual(summary(fourth.stdout).failed, 1)
      yield* emulator.register("nobody", Scenario.passed())
      const fifth = yield* runOn(["collect", "--retry-failed", "--store", store, "--json", "--images", "none"])
      assert.strictEqual(fifth.code, 0)
      assert.isFalse(existsSync(failedFile ?? ""))
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("keeps under a quota by --qps, and outlasts throttling without it", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      const list = join(path, "ids.txt")
      writeFileSync(list, ids(60).join("\n"))
      // Two bursts of 20 fit into one second of the server where the machine lets the first one wait.
      yield* emulator.setQps(45)
      const polite = yield* runOn([
        "collect",
        list,
        "--store",
        join(path, "a.db"),
        "--images",
        "none",
        "--json",
        "--qps",
        "20"
      ])
      assert.strictEqual(polite.code, 0, polite.stderr)
      assert.strictEqual(summary(polite.stdout).throttles, 0)
      yield* emulator.setQps(15)
      const greedy = yield* runOn([
        "collect",
        list,
        "--store",
        join(path, "b.db"),
        "--images",
        "none",
        "--json",
        "--concurrency",
        "30"
      ])
      assert.strictEqual(greedy.code, 0, greedy.stderr)
      assert.isAbove(summary(greedy.stdout).throttles, 0)
      assert.strictEqual(summary(greedy.stdout).inStore.Stored, 60)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("stops at what would fail for all, and the ids stay pending", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      const list = join(path, "ids.txt")
      const all = Array.from({ length: 200 }, (_, index) => `denied-${index}`)
      writeFileSync(list, all.join("\n"))
      yield* emulator.setDefault(Scenario.errorCode("Forbidden.RAMUserAccessDenied"))
      const store = join(path, "a.db")
      const denied = yield* runOn(["collect", list, "--store", store, "--json"])
      assert.strictEqual(denied.code, ExitCode.table.Denied.code)
      assert.include(denied.stdout, "AliyunAntCloudAuthFullAccess")
      assert.isBelow((yield* emulator.calls).length, 40)
      assert.strictEqual(summary(denied.stdout).inStore.Pending, 200)
      yield* emulator.setDefault(Scenario.passed())
      const resumed = yield* runOn(["collect", "--store", store, "--json"])
      assert.strictEqual(resumed.code, 0)
      assert.strictEqual(summary(resumed.stdout).inStore.Stored, 200)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("gives up on an outage, and goes on later", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const list = join(path, "ids.txt")
      writeFileSync(list, ids(300).join("\n"))
      const args = ["collect", list, "--store", join(path, "a.db"), "--json", "--concurrency", "40", "--images", "none"]
      // No server listens there: the connection is refused at once, retries included.
      const away = yield* runOn(args, { CLOUDAUTH_ENDPOINT: "http://127.0.0.1:1" })
      assert.strictEqual(away.code, ExitCode.table.Transport.code)
      assert.deepInclude(summary(away.stdout).inStore, { Failed: 0, Pending: 300 })
      const back = yield* runOn(args)
      assert.strictEqual(back.code, 0)
      assert.strictEqual(summary(back.stdout).inStore.Stored, 300)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("survives a bad network", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const path = yield* directory
      const list = join(path, "ids.txt")
      writeFileSync(list, ids(150).join("\n"))
      yield* emulator.setFaults([
        Fault.rule(Fault.Fault.cases.Reset.make({ at: "within-body" }), { probability: 0.05 }),
        Fault.rule(Fault.Fault.cases.ServerError.make({ status: 503 }), { probability: 0.1 }),
        Fault.rule(Fault.Fault.cases.TruncatedBody.make({ keep: 0.5 }), { probability: 0.05 }),
        Fault.rule(Fault.Fault.cases.Throttle.make({ retryAfterMillis: 20 }), { probability: 0.1 })
      ])
      const store = join(path, "a.db")
      let ran = yield* runOn(["collect", list, "--store", store, "--json", "--images", "none"])
      for (let round = 0; round < 5 && ran.code !== 0; round++) {
        ran = yield* runOn(["collect", "--retry-failed", "--store", store, "--json", "--images", "none"])
      }
      assert.strictEqual(ran.code, 0, ran.stdout)
      assert.strictEqual(summary(ran.stdout).inStore.Stored, 150)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("refuses a name that can't be that of a lasting store, and makes no file of that name", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const before = readdirSync(".")
      const names = {
        ":memory:": "in memory",
        "sqlite::memory:": "in memory",
        "file:results.db": "not file:…",
        "mysql://user:PASSWORDCANARY@127.0.0.1/x": "not mysql://…",
        "s3://bucket/results/": "not s3://…",
        "sqlite:": "no name",
        "results/": "--export DIRECTORY",
        "dir:results": "--export DIRECTORY"
      }
      for (const [name, words] of Object.entries(names)) {
        for (const args of [["collect", "list.txt"], ["report"]]) {
          const ran = yield* runOn([...args, "--store", name, "--images", "none"])
          assert.strictEqual(ran.code, ExitCode.table.Usage.code, ran.stderr)
          assert.include(ran.stderr, words)
          assert.notInclude(ran.stderr, "PASSWORDCANARY")
        }
      }
      assert.deepStrictEqual(readdirSync("."), before)
      assert.lengthOf(yield* emulator.calls, 0)
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("says in words which file it cannot read or write", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const file = join(path, "list.txt")
      writeFileSync(file, "this is no database, and long enough to be looked at as one".repeat(30))
      const collect = (list: string, store: string) =>
        runOn(["collect", list, "--store", store, "--images", "none"]).pipe(
          Effect.map(({ code, stderr }) => {
            assert.strictEqual(code, ExitCode.table.Storage.code, stderr)
            return stderr
          })
        )
      const absent = join(path, "absent.txt")
      assert.include(
        yield* collect(absent, join(path, "a.db")),
        `${absent} cannot be read: there is no such file or directory (ENOENT)`
      )
      assert.include(yield* collect(path, join(path, "a.db")), `${path} cannot be read: it is a directory (EISDIR)`)
      assert.include(yield* collect(file, file), `file is not a database (${file})`)
      assert.include(yield* collect(file, join(file, "a.db")), "a file of that name is in the way (EEXIST)")
      assert.include(
        yield* collect(file, "postgres://user:PASSWORDCANARY@127.0.0.1:1/x"),
        "the database cannot be reached, or ended the connection (ECONNREFUSED)"
      )
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live("keeps verdicts only where told; says what is missing; one at a time", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.register("canary", Scenario.passed({ fields: { name: "PERSONCANARY" } }))
      const path = yield* directory
      const list = join(path, "ids.txt")
      writeFileSync(list, "canary\n")
      const ran = yield* runOn(["collect", list, "--store", join(path, "v.db"), "--verdicts-only"])
      assert.strictEqual(ran.code, 0)
      for (const name of readdirSync(path)) assert.notInclude(readFileSync(join(path, name), "latin1"), "PERSONCANARY")
      assert.isFalse(existsSync(join(path, "v-images")))
      assert.strictEqual(
        (yield* runOn(["collect", join(path, "none.txt"), "--store", join(path, "u.db")])).code,
        ExitCode.table.Storage.code
      )
      writeFileSync(list, "a,b\nc,d\n")
      const unclear = yield* runOn(["collect", list, "--store", join(path, "w.db")])
      assert.strictEqual(unclear.code, ExitCode.table.Usage.code)
      assert.include(unclear.stderr, "--column")
      const noImages = yield* runOn(["collect", list, "--store", "postgres://u:PASSWORDCANARY@127.0.0.1:1/x"])
      assert.include([ExitCode.table.Usage.code, ExitCode.table.Storage.code], noImages.code)
      assert.notInclude(noImages.stderr, "PASSWORDCANARY")
    }).pipe(Effect.scoped, Effect.provide(emulated))
  )

  it.live(
    "collects what a backend has begun in the same database, notified or not, and tells the backend's store",
    () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        const path = yield* directory
        const file = join(path, "backend.db")
        yield* emulator.setDefault(Scenario.passed())
        const backend = <A, E>(use: (store: TransactionStore["Service"], sql: SqlClient) => Effect.Effect<A, E>) =>
          Effect.gen(function* () {
            return yield* use(yield* TransactionStore, yield* SqlClient)
          }).pipe(Effect.provide(TransactionStoreSql.layer.pipe(Layer.provideMerge(NodeSqlite.layer({ file })))))
        yield* backend((store, sql) =>
          Effect.gen(function* () {
            for (const id of ["notified", "never", "young"]) {
              yield* store.put({ transactionId: id, merchantBizId: `order${id}` })
            }
            yield* store.notified("notified")
            yield* sql`UPDATE cloudauth_transactions SET created_at = created_at - 3600000 WHERE transaction_id = 'never'`
          })
        )
        const ran = yield* runOn(["collect", "--transactions", "--store", file, "--images", "none", "--json"])
        assert.strictEqual(ran.code, 0, ran.stderr)
        assert.strictEqual(summary(ran.stdout).inStore.Stored, 2)
        const collected = yield* backend((store) =>
          Effect.forEach(["notified", "never", "young"], (id) =>
            Effect.map(store.get(id), ({ collectedAt }) => collectedAt !== undefined)
          )
        )
        assert.deepStrictEqual(collected, [true, true, false])
        assert.deepStrictEqual((yield* emulator.calls).map(({ merchantBizId }) => merchantBizId).sort(), [
          "ordernever",
          "ordernotified"
        ])
      }).pipe(Effect.scoped, Effect.provide(emulated))
  )
})

describe("collect --export", () => {
  const filesIn = (path: string) =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))

  const collection = Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* emulator.register(
      "t1",
      Scenario.passed({ document: "global-passport", fields: { surname: "PERSONCANARY" } })
    )
    yield* emulator.register("t2", Scenario.rejected("211"))
    const path = yield* directory
    writeFileSync(join(path, "ids.txt"), "t1\nt2\n")
    return { path, args: ["collect", join(path, "ids.txt"), "--store", join(path, "a.db")] }
  })

  it.live("writes facts and images for the owner alone, and people's data only with --reveal", () =>
    Effect.gen(function* () {
      const { args, path } = yield* collection
      const target = join(path, "files")
      assert.strictEqual((yield* runOn([...args, "--export", target])).code, 0)
      const files = filesIn(target)
      const facts = files.filter((file) => file.endsWith(".json")).map((file) => JSON.parse(readFileSync(file, "utf8")))
      assert.sameMembers(
        facts.map(({ transactionId, verdict }) => `${transactionId} ${verdict._tag}`),
        ["t1 Passed", "t2 Rejected"]
      )
      const { images, locations } = facts.find(({ transactionId }) => transactionId === "t1")
      assert.strictEqual(statSync(join(target, locations.front)).size, images.front.size)
      for (const file of files) {
        assert.strictEqual(statSync(file).mode & 0o777, 0o600)
        assert.notInclude(readFileSync(file, "latin1"), "PERSONCANARY")
      }
      // Without a list nothing is asked again, and what is in the store is exported.
      assert.strictEqual(
        (yield* runOn([...args.slice(0, 1), ...args.slice(2), "--export", target, "--reveal"])).code,
        0
      )
      assert.isTrue(filesIn(target).some((file) => readFileSync(file, "latin1").includes("PERSONCANARY")))
      assert.lengthOf(yield* (yield* Emulator).calls, 2)
    }).pipe(Effect.scoped, Effect.provide(Layer.fresh(emulated)))
  )

  it.live("refuses --reveal if it would have no effect, and says which file it can't write", () =>
    Effect.gen(function* () {
      const { args, path } = yield* collection
      for (const more of [["--reveal"], ["--reveal", "--verdicts-only", "--export", join(path, "files")]]) {
        const ran = yield* runOn([...args, ...more])
        assert.strictEqual(ran.code, ExitCode.table.Usage.code)
        assert.include(ran.stderr, "--reveal")
      }
      const ran = yield* runOn([...args, "--export", join(path, "ids.txt")])
      assert.strictEqual(ran.code, ExitCode.table.Storage.code)
      assert.include(ran.stderr, "The export cannot be written")
    }).pipe(Effect.scoped, Effect.provide(Layer.fresh(emulated)))
  )
})

describe("progress", () => {
  it("has counts, rate, time left and throttles in one line", () => {
    const figures: Collector.Progress = { ...Collector.progress(), stored: 1200, failed: 34, throttles: 5 }
    Object.assign(figures.verdicts, { Passed: 1000, Rejected: 200 })
    assert.strictEqual(
      Progress.line(figures, 2468, 10_000, 10, "en"),
      "[#####-----] 1,234/2,468 50% 123/s ETA 0:10 | passed 1,000, rejected 200, failed 34, throttled 5×"
    )
    assert.strictEqual(Progress.clock(3_725_000), "1:02:05")
  })
})
