import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import * as IdImage from "../src/IdImage.ts"
import * as IdImageStream from "../src/IdImageStream.ts"

/** A JPEG of so many bytes. */
const jpegOf = (size: number): IdImage.IdImage => {
  const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251)
  bytes.set([0xff, 0xd8, 0xff])
  const image = IdImage.fromBytes(bytes)
  assert.isDefined(image)
  return image
}

const piecesOf = (image: IdImage.IdImage) => Effect.runSync(Stream.runCollect(IdImageStream.make(image)))

describe("IdImageStream", () => {
  it("gives every byte once, in order, in pieces of at most 64 KiB", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 300_000 }), (size) => {
        const image = jpegOf(size)
        const pieces = piecesOf(image)
        assert.deepStrictEqual(new Uint8Array(Buffer.concat(pieces)), Redacted.value(image.bytes))
        assert.isTrue(pieces.every(({ length }) => length > 0 && length <= 65_536))
      }),
      { numRuns: 20 }
    )
  })

  it("copies nothing: each piece is a view of the image's own memory", () => {
    const image = jpegOf(200_000)
    for (const piece of piecesOf(image)) assert.strictEqual(piece.buffer, Redacted.value(image.bytes).buffer)
  })

  it.effect("feeds a hash", () =>
    Effect.gen(function* () {
      const image = jpegOf(200_000)
      const hash = createHash("sha256")
      yield* Stream.runForEach(IdImageStream.make(image), (piece) => Effect.sync(() => hash.update(piece)))
      const expected = createHash("sha256").update(Redacted.value(image.bytes)).digest("hex")
      assert.strictEqual(hash.digest("hex"), expected)
    })
  )

  it("can run again, and from the start", () => {
    const stream = IdImageStream.make(jpegOf(100_000))
    const size = Stream.runFold(
      stream,
      () => 0,
      (bytes, piece) => bytes + piece.length
    )
    assert.deepStrictEqual([Effect.runSync(size), Effect.runSync(size)], [100_000, 100_000])
  })
})
