/** How a list is collected in a program of your own. */
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Quota from "@effect-cloudauth/core/Quota"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Collector from "../src/Collector.ts"
import { ImageStore } from "../src/ImageStore.ts"
import { ResultStore } from "../src/ResultStore.ts"

describe("Collector.run", () => {
  it.effect("lets calls pass for which a person waits: its own have the priority of a batch", () =>
    Effect.gen(function* () {
      const priorities: Array<Quota.Priority> = []
      const client = Cloudauth.layerTest(() =>
        Effect.flatMap(Quota.Priority, (priority) => {
          priorities.push(priority)
          return Canned.passed()
        })
      )
      const item = { transactionId: "hksb1", merchantBizId: "order1", document: undefined, authenticatedAt: undefined }
      const store = Layer.mock(ResultStore)({
        description: "memory",
        pending: (after) => Effect.succeed(after === 0 ? [{ ...item, sequence: 1 }] : []),
        save: () => Effect.void
      })
      const { stored } = yield* Collector.run({ concurrency: 1, verdictsOnly: true }).pipe(
        Effect.provide(Layer.mergeAll(client, store, ImageStore.layerNone))
      )
      assert.deepStrictEqual({ stored, priorities }, { stored: 1, priorities: ["batch"] })
    })
  )
})
