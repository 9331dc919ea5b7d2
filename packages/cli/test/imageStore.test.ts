import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { ImageStore } from "../src/ImageStore.ts"
import * as place from "../src/internal/fileName.ts"
import * as S3ImageStore from "../src/S3ImageStore.ts"
import { keys, startS3 } from "./s3.ts"
import { directory } from "./support.ts"

const bytes = new Uint8Array([0xff, 0xd8, 0xff, 1, 2, 3])
const image = { key: `${place.of("it's a ~ key")}-front`, mediaType: "image/jpeg", bytes, sha256: place.sha256(bytes) }

const s3 = Effect.acquireRelease(
  Effect.promise(() => startS3("eu-test-1")),
  (server) => Effect.promise(server.close)
)

const layer = (url: string, more: Partial<S3ImageStore.Options> = {}) =>
  S3ImageStore.layer({
    location: "s3://evidence/kyc/2026",
    endpoint: url,
    region: "eu-test-1",
    accessKeyId: Redacted.make(keys.accessKeyId),
    accessKeySecret: Redacted.make(keys.accessKeySecret),
    sessionToken: Redacted.make(keys.sessionToken),
    ...more
  })

describe("images", () => {
  it.live("in files: for the owner alone, found again, removed", () =>
    Effect.gen(function* () {
      const path = yield* directory
      yield* Effect.gen(function* () {
        const store = yield* ImageStore
        const location = yield* store.put(image)
        assert.deepStrictEqual(new Uint8Array(readFileSync(join(path, location))), bytes)
        assert.strictEqual(statSync(join(path, location)).mode & 0o777, 0o600)
        assert.deepStrictEqual(new Uint8Array((yield* store.get(location)) ?? []), bytes)
        yield* store.remove(location)
        yield* store.remove(location)
        assert.strictEqual(yield* store.get(location), undefined)
      }).pipe(Effect.provide(ImageStore.layerDirectory(path)), Effect.provide(NodeServices.layer))
    }).pipe(Effect.scoped)
  )

  it.live("in object storage: signed, checked, found again, removed; the service's stumbles are survived", () =>
    Effect.gen(function* () {
      const server = yield* s3
      yield* Effect.gen(function* () {
        const store = yield* ImageStore
        server.failures.push(503, 500)
        const location = yield* store.put(image)
        assert.strictEqual(location, `s3://evidence/kyc/2026/${image.key}.jpg`)
        assert.deepStrictEqual([...server.objects.keys()], [`/evidence/kyc/2026/${image.key}.jpg`])
        assert.strictEqual(server.objects.get(`/evidence/kyc/2026/${image.key}.jpg`)?.type, "image/jpeg")
        assert.deepStrictEqual(new Uint8Array((yield* store.get(location)) ?? []), bytes)
        yield* store.remove(location)
        assert.strictEqual(yield* store.get(location), undefined)
        assert.deepStrictEqual(server.refusals, [])
        // An image of another bucket is not silently taken for deleted.
        assert.strictEqual((yield* Effect.flip(store.remove("s3://other/x"))).operation, "remove")
      }).pipe(Effect.provide(layer(server.url)))
    }).pipe(Effect.scoped)
  )

  it.live("survives resets, timeouts and busy services, however the service says so", () =>
    Effect.gen(function* () {
      const server = yield* s3
      const code = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`
      yield* Effect.gen(function* () {
        const store = yield* ImageStore
        for (const failures of [
          ["reset"],
          ["reset", "reset"],
          [408],
          [503, "reset", 502],
          [429],
          [{ status: 400, body: code("RequestTimeout") }],
          [{ status: 503, headers: { "retry-after": "1" }, body: code("SlowDown") }]
        ] as const) {
          server.failures.push(...failures)
          const location = yield* store.put(image)
          server.failures.push(...failures)
          assert.deepStrictEqual(new Uint8Array((yield* store.get(location)) ?? []), bytes)
          assert.deepStrictEqual(server.failures, [])
        }
        // What is not a stumble is not sent again.
        for (const status of [400, 403, 301, 412]) {
          const before = server.requests()
          server.failures.push(status)
          assert.include((yield* Effect.flip(store.put(image))).message, `HTTP ${status}`)
          assert.strictEqual(server.requests(), before + 1)
        }
      }).pipe(Effect.provide(layer(server.url)))
    }).pipe(Effect.scoped)
  )

  it.effect("gives up a request that gets no answer, and sends it again", () =>
    Effect.gen(function* () {
      const server = yield* s3
      server.failures.push("silence")
      // The stand-in looks at the real clock.
      yield* TestClock.setTime(Date.now())
      const put = ImageStore.use((store) => store.put(image)).pipe(Effect.provide(layer(server.url)))
      const fiber = yield* Effect.forkChild(put)
      yield* Effect.promise(async () => {
        while (server.requests() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      })
      yield* TestClock.adjust("31 seconds")
      assert.match(yield* Fiber.join(fiber), /^s3:/)
      assert.strictEqual(server.requests(), 2)
    }).pipe(Effect.scoped)
  )

  it.live("stays in its bucket", () =>
    Effect.gen(function* () {
      const server = yield* s3
      const put = ImageStore.use((store) => store.put(image))
      for (const location of [
        "s3://evidence/../other",
        "s3://evidence/a/../../other",
        "s3://evidence/..",
        "s3://evidence/./x",
        "s3://evidence//other",
        "s3://evidence/a//b",
        "s3://evidence/%2e%2e/other",
        "s3://evidence/a\\..\\b",
        "s3://evidence/x?y"
      ]) {
        const error = yield* Effect.flip(Effect.provide(put, layer(server.url, { location })))
        assert.strictEqual(error._tag, "Failure", location)
        assert.include(error.message, "s3://bucket/prefix")
      }
      assert.strictEqual(server.requests(), 0)
      const location = yield* Effect.provide(put, layer(server.url, { location: "s3://evidence/year=2026/" }))
      assert.strictEqual(location, `s3://evidence/year=2026/${image.key}.jpg`)
      const stolen = ImageStore.use((store) => store.get("s3://evidence/../other/x"))
      assert.isUndefined(yield* Effect.provide(stolen, layer(server.url)))
      assert.strictEqual(server.requests(), 1)
    }).pipe(Effect.scoped)
  )

  it.live("a wrong key is a typed error without the key, and the stand-in does refuse", () =>
    Effect.gen(function* () {
      const server = yield* s3
      const put = ImageStore.use((store) => store.put(image))
      for (const [options, why] of [
        [{ accessKeySecret: Redacted.make("WRONGCANARY") }, "SignatureDoesNotMatch"],
        [{ region: "eu-test-2" }, "AuthorizationRegionMismatch"],
        [{ sessionToken: undefined }, "InvalidToken"]
      ] as const) {
        const error = yield* Effect.flip(Effect.provide(put, layer(server.url, options)))
        assert.strictEqual(error._tag, "ImageStoreError")
        assert.notMatch(`${String(error)}${JSON.stringify(error)}`, /CANARY/)
        assert.strictEqual(server.refusals.at(-1), why)
      }
      const lying = ImageStore.use((store) => store.put({ ...image, sha256: place.sha256("other") }))
      yield* Effect.flip(Effect.provide(lying, layer(server.url)))
      assert.strictEqual(server.refusals.at(-1), "XAmzContentSHA256Mismatch")
      assert.include((yield* Effect.flip(Effect.provide(lying, layer(server.url)))).message, "HTTP 403; the storage's")
      assert.include(
        (yield* Effect.flip(Effect.provide(put, layer("http://127.0.0.1:2")))).message,
        "127.0.0.1:2 does not answer (ECONNREFUSED); look at CLOUDAUTH_S3_ENDPOINT"
      )
      for (const wrong of [
        { location: "s3://" },
        { location: "s3://UPPER/x" },
        { endpoint: "http://example.com" },
        { endpoint: "ftp://x" }
      ]) {
        assert.strictEqual((yield* Effect.flip(Effect.provide(put, layer(server.url, wrong))))._tag, "Failure")
      }
    }).pipe(Effect.scoped)
  )
})
