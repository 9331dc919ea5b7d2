import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as NodeSqlite from "../src/NodeSqlite.ts"
import * as Report from "../src/Report.ts"
import * as Retention from "../src/Retention.ts"
import * as SqlResultStore from "../src/SqlResultStore.ts"

/** What a caller without types can write. */
const untyped = <A>(value: unknown): A => value as A // that is the point

const memory = NodeSqlite.layer({ file: ":memory:" })

describe("a misspelled option", () => {
  it.effect.each<[string, string, Effect.Effect<unknown, unknown, never>]>([
    ["dryrun", "dryRun", untyped(Retention.purge(untyped({ before: 0, dryrun: true, forget: false })))],
    ["lsited", "listed", untyped(Report.make(untyped({ now: 0, reveal: false, lsited: 1, imageBytes: 0 })))],
    ["flie", "file", Effect.scoped(Layer.build(NodeSqlite.layer(untyped({ flie: ":memory:" }))))],
    [
      "descripton",
      "description",
      Effect.scoped(Layer.build(Layer.provide(SqlResultStore.layer(untyped({ descripton: "x" })), memory)))
    ]
  ])("is refused before anything is read or deleted: %s", ([, nearest, run]) =>
    Effect.gen(function* () {
      assert.include(String(yield* Effect.exit(run)), `Did you mean ${nearest}?`)
    })
  )
})
