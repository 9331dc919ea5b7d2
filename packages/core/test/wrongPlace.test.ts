/** A client in a browser, and secrets of another copy of Effect. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { afterEach, vi } from "vitest"
import * as CallbackHandler from "../src/CallbackHandler.ts"
import { Cloudauth } from "../src/Cloudauth.ts"
import { Credentials } from "../src/Credentials.ts"

const key = { accessKeyId: "id", accessKeySecret: "secret" }

const built = Effect.scoped(
  Layer.build(
    Cloudauth.layer({ region: "cn-hongkong" }).pipe(
      Layer.provide([Credentials.layerStatic(key), FetchHttpClient.layer])
    )
  )
)

/** As another copy of Effect makes it: this copy does not know its value. */
const foreign = (value: string): Redacted.Redacted => {
  const made = Redacted.make(value)
  return Object.create(Object.getPrototypeOf(made), Object.getOwnPropertyDescriptors(made))
}

afterEach(() => vi.unstubAllGlobals())

describe("a client in a browser", () => {
  it.effect("is refused with the reason, and served by what imitates a page", () =>
    Effect.gen(function* () {
      vi.stubGlobal("window", {})
      vi.stubGlobal("document", {})
      yield* built
      vi.stubGlobal("process", undefined)
      const error = yield* Effect.flip(built)
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.include(error.message, "everyone could take the access key")
    })
  )
})

describe("a secret of another copy of Effect", () => {
  it.effect("is refused with the reason", () =>
    Effect.gen(function* () {
      const layer = Credentials.layerStatic({ ...key, accessKeySecret: foreign("secret") })
      const error = yield* Effect.flip(
        Effect.provide(
          Effect.flatMap(Credentials, ({ get }) => get),
          layer
        )
      )
      assert.include(error.message, "two copies of effect")
      const options = { callbackToken: foreign("b7e23ec29af22b0b4e41da31e868d572"), onResult: () => Effect.void }
      assert.include((yield* Effect.flip(CallbackHandler.check(options))).message, "two copies of effect")
    })
  )
})
