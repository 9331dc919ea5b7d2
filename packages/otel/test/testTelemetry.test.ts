import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestTelemetry } from "../src/TestTelemetry.ts"
import * as support from "./support.ts"

const call = Effect.suspend(() =>
  support.settled(
    Cloudauth.checkResult(support.request).pipe(
      Effect.withSpan("checkout"),
      Effect.provide(support.client(support.inTurn(support.throttled, support.passed)).layer)
    )
  )
)

describe("expectTree", () => {
  it.effect("passes if the spans are the tree, however it is indented", () =>
    Effect.andThen(
      call,
      TestTelemetry.expectTree(
        `
          checkout
            Cloudauth.checkResult cloudauth.verdict=Passed
              Cloudauth.attempt ✗ Throttled
              Cloudauth.attempt
        `,
        { attributes: ["cloudauth.verdict"], events: false }
      )
    ).pipe(Effect.provide(TestTelemetry.layer))
  )

  it.effect("fails with both trees if they differ", () =>
    Effect.gen(function* () {
      yield* call
      const error = yield* Effect.flip(TestTelemetry.expectTree("checkout"))
      assert.strictEqual(error._tag, "UnexpectedTree")
      assert.include(error.message, "  - cloudauth.retry\n    Cloudauth.attempt ✗ Throttled")
      assert.include(error.message, "but the test expects\n\ncheckout")
    }).pipe(Effect.provide(TestTelemetry.layer))
  )

  it.effect("refuses a misspelled option, which would show less than the test expects", () =>
    Effect.gen(function* () {
      const options: object = { atributes: ["cloudauth.verdict"] }
      const exit = yield* Effect.exit(TestTelemetry.expectTree("", options))
      assert.include(String(exit), "Did you mean attributes?")
    }).pipe(Effect.provide(TestTelemetry.layer))
  )

  it.effect("sees nothing after a reset", () =>
    Effect.gen(function* () {
      yield* call
      yield* (yield* TestTelemetry).reset
      yield* TestTelemetry.expectTree("")
      assert.isNotEmpty(yield* TestTelemetry.metrics)
    }).pipe(Effect.provide(TestTelemetry.layer))
  )
})
