import { assert, layer } from "@effect/vitest"
import { Canned, Cloudauth, DocType, Document, TransactionStore } from "@effect-cloudauth/core"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { answer, decide } from "./decide.ts"

/** A check of a passport that was begun on 30 November 2026, with this result. */
const begun = (canned: Canned.Canned) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 30))
      yield* TransactionStore.initialize({
        merchantBizId: "order4711",
        merchantUserId: "user",
        docType: DocType.GlobalPassport,
        idSpoof: true
      })
    })
  ).pipe(
    Layer.provideMerge(
      Layer.merge(
        Cloudauth.layerTest(() => canned),
        TransactionStore.layerMemory
      )
    )
  )

layer(begun(Canned.passed(Document.GlobalPassport, { expiryDate: "2001-01-01" })))("decide", (it) => {
  it.effect("reviews an expired passport", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* decide)._tag, "review")
      assert.strictEqual(yield* answer, "case opened: Expired")
    })
  )
})

layer(begun(Canned.passed(Document.GlobalPassport)))("answer", (it) => {
  it.effect("welcomes the holder of a passport with which nothing is wrong", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* answer, "Welcome")
    })
  )
})
