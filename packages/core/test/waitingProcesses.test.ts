/** A process waits, and another notes the callback. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { TransactionStore } from "../src/TransactionStore.ts"
import * as TransactionStoreSql from "../src/TransactionStoreSql.ts"
import { sqlite } from "./fixtures/databases.ts"

const program = fileURLToPath(new URL("./fixtures/waitingProcess.ts", import.meta.url))

/** A process that waits, and its lines. */
const startWaiting = (file: string, transactionId: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [program, file, transactionId], { stdio: ["ignore", "pipe", "inherit"] })
      return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() }
    }),
    ({ child }) =>
      Effect.promise(async () => {
        if (child.exitCode === null && child.kill()) await once(child, "exit")
      })
  )

describe("two processes with one database", () => {
  it.live("the one that waits asks when the other notes the callback, and not before", () =>
    Effect.gen(function* () {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "cloudauth-processes-"))),
        (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
      )
      const file = join(folder, "store.sqlite")
      const stores = yield* Layer.build(TransactionStoreSql.layer.pipe(Layer.provide(sqlite(file))))
      const store = Context.get(stores, TransactionStore)
      yield* store.put({ transactionId: "t1", merchantBizId: "order1", expectsCallback: true })
      const { lines } = yield* startWaiting(file, "t1")
      const next = Effect.promise(() => lines.next())
      assert.strictEqual((yield* next).value, "waiting")
      const result = yield* Effect.forkChild(next)
      yield* Effect.sleep("2 seconds")
      assert.isUndefined(result.pollUnsafe())
      yield* store.notified("t1")
      assert.strictEqual((yield* Fiber.join(result)).value, "Passed 1")
    })
  )
})
