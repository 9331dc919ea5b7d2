/** How a list is collected in a program of your own. */
import * as Canned from "@effect-cloudauth/core/Canned"
import { Cloudauth } from "@effect-cloudauth/core/Cloudauth"
import * as Quota from "@effect-cloudauth/core/Quota"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Collector from "../src/Collector.ts"
import { ImageStore } from "../src/ImageStore.ts"
import { ResultStore } from "../src/ResultStore.ts"
import * as SqliteResultStore from "../src/SqliteResultStore.ts"

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
      const collection = Layer.provide(SqliteResultStore.layer(":memory:"), NodeServices.layer)
      const { stored } = yield* Effect.gen(function* () {
        const store = yield* ResultStore
        yield* store.register([
          { transactionId: "hksb1", merchantBizId: "order1", document: undefined, authenticatedAt: undefined }
        ])
        return yield* Collector.run({ concurrency: 1, verdictsOnly: true })
      }).pipe(Effect.provide(Layer.mergeAll(client, collection, ImageStore.layerNone)))
      assert.deepStrictEqual({ stored, priorities }, { stored: 1, priorities: ["batch"] })
    })
  )
})
