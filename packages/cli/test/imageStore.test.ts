import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
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
